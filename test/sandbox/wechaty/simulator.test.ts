import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { wechaty } from '../../../channels/wechaty/index.ts'
import { createWechatySimulator, type WechatySimulator } from '../../../sandbox/index.ts'
import { freePort } from '../../../src/app/free-port.ts'
import type { Channel } from '../../../src/core/channel.ts'
import { createMovableClock } from '../../../src/core/clock.ts'
import { createContractHost, outbound, type ContractHost } from '../../contract/channel.ts'
import { describeWith } from '../../support/services.ts'

// The bridge takes seconds to start on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

const abai = { key: 'wxid_demo1', name: '阿白' }
const lumu = { key: 'wxid_demo2', name: '鹿目' }
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describeWith('wechaty-bridge', 'the simulated personal WeChat', (bridgeDir) => {
  let simulator: WechatySimulator
  let host: ContractHost
  let channel: Channel
  let stateDir: string
  beforeEach(async () => {
    const port = await freePort()
    simulator = createWechatySimulator({ port, clock: createMovableClock(), users: [abai, lumu] })
    await simulator.ready
    stateDir = mkdtempSync(join(tmpdir(), 'tongda-wechaty-'))
    host = createContractHost()
    const config = wechaty.config.parse({
      ...{ puppet: 'wechaty-puppet-mock', puppetOptions: simulator.puppetOptions },
      ...{ bridgeDir, stateDir, sendsPerSecond: 1_000 },
    })
    channel = wechaty.create(config, host)
    await channel.start()
    await signedIn(1)
  })
  afterEach(async () => {
    await channel.stop()
    await simulator.close()
    rmSync(stateDir, { recursive: true, force: true })
  })

  const signedIn = (times: number) =>
    expect
      .poll(() => host.logged.filter(({ event }) => event === 'wechat account signed in').length, {
        timeout: 60_000,
      })
      .toBe(times)
  const accepted = () => host.accepted.map(({ contactKey, parts }) => [contactKey, parts[0]?.kind])
  const shown = ({ key }: { readonly key: string }) =>
    simulator.client.lines(key).map(({ from, text, note, state }) => [from, text, note, state])

  it('has friends who write, alone and in the group, and reads the account', async () => {
    simulator.client.act(abai.key, { kind: 'text', text: '在吗' })
    simulator.client.act(abai.key, { kind: 'image', bytes: png })
    simulator.client.act(lumu.key, { kind: 'mention', text: '怎么退款' })
    await expect.poll(() => accepted().length).toBe(3)
    // Conversations do not wait for one another's files.
    const of = ({ key }: { readonly key: string }) =>
      host.accepted.filter(({ contactKey }) => contactKey === key)
    expect([abai, lumu].map((friend) => of(friend).map(({ parts }) => parts[0]?.kind))).toEqual([
      ['text', 'image'],
      ['text'],
    ])
    const [[direct], [group]] = [of(abai), of(lumu)]
    for (const [id, to] of [
      ['out-1', direct],
      ['out-2', group],
    ] as const)
      await channel.deliver(
        outbound(
          { kind: 'text', text: '您好' },
          { id, contactKey: to?.contactKey ?? '', threadKey: to?.threadKey ?? '' },
        ),
      )
    await expect.poll(() => shown(abai).at(-1)).toEqual(['account', '您好', undefined, undefined])
    await expect.poll(() => shown(lumu).at(-1)?.[2]).toBe('群聊 group')
    expect(shown(lumu)[0]).toEqual(['user', '怎么退款', '群聊 group', 'delivered'])
    const [picture] = simulator.client.lines(abai.key).filter(({ picturePath }) => picturePath !== undefined)
    expect((await simulator.api.request(picture?.picturePath ?? '')).headers.get('content-type')).toBe(
      'image/png',
    )
  })

  it('loses no message while the bridge is down, and begins anew', async () => {
    simulator.client.setFault('lost-connection', true)
    simulator.client.act(abai.key, { kind: 'text', text: '还在吗' })
    await expect.poll(accepted, { timeout: 60_000 }).toEqual([[abai.key, 'text']])
    await signedIn(2)
    expect(simulator.client.faults().some(({ on }) => on)).toBe(false)
    simulator.reset()
    expect(shown(abai)).toEqual([])
    simulator.client.setFault('out-of-order', true)
    simulator.client.act(abai.key, { kind: 'text', text: '一' })
    expect(shown(abai)).toEqual([['user', '一', undefined, 'held']])
    simulator.reset()
    simulator.client.act(abai.key, { kind: 'text', text: '二' })
    await expect.poll(() => shown(abai)).toEqual([['user', '二', undefined, 'delivered']])
  })

  it('lives through strangers at its port, and tells them nothing', async () => {
    const { controlPort } = simulator.puppetOptions
    const says = (words: string) =>
      new Promise<string>((resolve) => {
        let told = ''
        const socket = connect(controlPort, '127.0.0.1', () => socket.write(words))
        socket.setEncoding('utf8').on('data', (text: string) => (told += text))
        socket.on('error', () => undefined).once('close', () => resolve(told))
      })
    const forged = JSON.stringify({ conversationId: abai.key, text: '我是别人' })
    const strange = [
      'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
      ...['{"ready":true}\n', '{"ready":true,"secret":"guessed"}\n', '{"acted":\n', `${forged}\n`],
      'x'.repeat(100_000),
    ]
    expect(await Promise.all(strange.map(says))).toEqual(strange.map(() => ''))
    connect(controlPort, '127.0.0.1').end('{"rea')
    // The bridge is still the one that is spoken to.
    simulator.client.act(abai.key, { kind: 'text', text: '在吗' })
    await expect.poll(() => shown(abai)).toEqual([['user', '在吗', undefined, 'delivered']])
    expect(simulator.client.lines(abai.key).map(({ text }) => text)).not.toContain('我是别人')
  })

  it('refuses what it has no form for, and strangers', () => {
    expect(() => simulator.client.act(abai.key, { kind: 'follow' })).toThrow(/no form/)
    expect(() => simulator.client.act('nobody', { kind: 'text', text: 'x' })).toThrow(/no such friend/)
    expect(() => simulator.client.setFault('no-such', true)).toThrow(/no fault/)
  })
})
