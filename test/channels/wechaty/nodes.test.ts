import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { wechaty } from '../../../channels/wechaty/index.ts'
import { createInProcessLocks } from '../../../src/bus/index.ts'
import type { Locks } from '../../../src/core/bus.ts'
import { createContractHost, outbound } from '../../contract/channel.ts'
import { describeWith } from '../../support/services.ts'
import { startSteering } from './stage.ts'

// Each test starts processes, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 90_000 })

/** Locks of one process, whose holds can be ended as a Redis that is gone ends them. */
const createLosableLocks = () => {
  const locks = createInProcessLocks()
  let losing = new AbortController()
  return {
    lose: (): void => {
      losing.abort()
      losing = new AbortController()
    },
    locks: {
      ...locks,
      holdAlone: (key, stopped, work) =>
        locks.holdAlone(key, stopped, (over) => work(AbortSignal.any([over, losing.signal]))),
    } satisfies Locks,
  }
}

describeWith('wechaty-bridge', 'two nodes with one personal account', (bridgeDir) => {
  const open = async ({ locks }: { readonly locks: Locks }) => {
    const steering = await startSteering()
    const stateDir = mkdtempSync(join(tmpdir(), 'tongda-wechaty-'))
    const host = createContractHost()
    const config = wechaty.config.parse({
      puppet: 'wechaty-puppet-mock',
      puppetOptions: { controlPort: steering.port },
      ...{ bridgeDir, stateDir },
    })
    const channel = wechaty.create(config, { ...host, locks })
    await channel.start()
    onTestFinished(async () => {
      await channel.stop()
      steering.close()
      rmSync(stateDir, { recursive: true, force: true })
    })
    return { steering, host, channel }
  }
  const hello = outbound({ kind: 'text', text: '在吗' }, { contactKey: 'friend-1', threadKey: 'friend-1' })

  it('run the bridge on one of them, and on the other when that one stops', async () => {
    const shared = createLosableLocks()
    const [first, second] = [await open(shared), await open(shared)]
    await expect.poll(first.steering.ups).toBe(1)
    expect([first.channel.sendsHere?.(), second.channel.sendsHere?.()]).toEqual([true, false])
    // Nothing is wrong with the node that has nothing to do with it.
    await expect.poll(() => second.host.reported.at(-1)).toEqual({ state: 'running' })
    await expect(second.channel.deliver(hello)).rejects.toMatchObject({ code: 'provider_down' })
    await first.channel.stop()
    await expect.poll(second.steering.ups).toBe(1)
    expect([first.channel.sendsHere?.(), second.channel.sendsHere?.()]).toEqual([false, true])
    expect([first.steering.connections(), second.steering.connections()]).toEqual([1, 1])
  })

  it('are signed in nowhere while nobody knows whose the account is', async () => {
    const { steering, host, channel } = await open({
      locks: { ...createInProcessLocks(), holdAlone: () => Promise.resolve('unknown') },
    })
    await expect
      .poll(() => host.reported.at(-1))
      .toEqual({ state: 'failing', reason: expect.stringContaining('Redis') as unknown })
    expect([steering.connections(), channel.sendsHere?.()]).toEqual([0, false])
  })

  it('end the bridge of the one that loses the account, signed in or not', async () => {
    const shared = createLosableLocks()
    const [first, second] = [await open(shared), await open(shared)]
    await expect.poll(first.steering.ups).toBe(1)
    await first.steering.act({ do: 'login' })
    await expect.poll(() => first.host.reported.at(-1)).toEqual({ state: 'running' })
    shared.lose()
    await expect.poll(second.steering.ups).toBe(1)
    expect([first.steering.open(), second.steering.open()]).toEqual([0, 1])
    expect(first.channel.sendsHere?.()).toBe(false)
    await expect.poll(() => first.host.reported.at(-1)).toEqual({ state: 'running' })
    // It has its turn again, with a new bridge.
    await second.channel.stop()
    await expect.poll(first.steering.ups).toBe(2)
    await first.steering.act({ do: 'contact', id: 'friend-1' })
    await first.steering.act({ do: 'login' })
    await expect.poll(() => first.channel.deliver(hello).then(() => 'sent', String)).toBe('sent')
  })
})
