import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startSteering, type Steering } from '../channels/wechaty/stage.ts'
import { startProduct, type Product } from '../support/product.ts'
import { describeWith } from '../support/services.ts'

describeWith('wechaty-bridge', 'a friend of the account on personal WeChat', (bridgeDir) => {
  let product: Product
  let steering: Steering
  let stateDir: string
  let messages = 0
  beforeAll(async () => {
    steering = await startSteering()
    stateDir = mkdtempSync(join(tmpdir(), 'tongda-wechaty-'))
    product = await startProduct({
      inboxes: {
        personal: {
          channel: 'wechaty',
          puppet: 'wechaty-puppet-mock',
          puppetOptions: { controlPort: steering.port },
          bridgeDir,
          stateDir,
          sendsPerSecond: 1_000,
        },
      },
    })
  })
  afterAll(async () => {
    await product.dispose()
    steering.close()
    rmSync(stateDir, { recursive: true, force: true })
  })

  const says = (text: string): Promise<void> =>
    steering.act({ do: 'message', id: `m-${(messages += 1)}`, from: 'friend-1', payload: { type: 7, text } })
  const hears = (expected: RegExp): Promise<void> =>
    expect.poll(() => steering.said.map(({ text }) => text).join('\n')).toMatch(expected)

  it('is answered, asks for a person, and hears the agent', async () => {
    await expect.poll(() => steering.ups()).toBe(1)
    await steering.act({ do: 'login' })
    await says('投稿一直在审核中要等多久')
    await hears(/审核/)
    await says('转人工')
    await hears(/T-\d+/)
    const agent = await product.agent()
    const ticket = await agent.finds(/审核/)
    expect(ticket).toMatchObject({ state: 'new', conversationMode: 'human' })
    await agent.replies(ticket.id, '您的稿件今晚会审完')
    await hears(/今晚会审完/)
    // What the account says comes back as its own message; nobody answers it.
    expect(steering.said.every(({ conversationId }) => conversationId === 'friend-1')).toBe(true)
  })
})
