import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { startDemo, type Demo } from '../support/demo.ts'

// Seven providers and a bridge take their time on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const State = z.looseObject({
  user: z.looseObject({ key: z.string() }),
  lines: z.array(z.looseObject({ from: z.string(), text: z.string().optional() })),
})
const Clients = z.looseObject({ clients: z.array(z.looseObject({ channel: z.string() })) })
const Steps = z.array(z.looseObject({ said: z.string(), ticketId: z.string().optional() }))

let demo: Demo
beforeAll(async () => {
  demo = await startDemo()
})
afterAll(() => demo.dispose())

const channels = async (): Promise<readonly string[]> =>
  Clients.parse(await demo.get('state')).clients.flatMap(({ channel }) => (channel === 'web' ? [] : channel))
const stateOf = async (channel: string) => State.parse(await demo.get(`clients/${channel}/state`))
const answersOn = async (channel: string): Promise<number> =>
  (await stateOf(channel)).lines.filter(({ from }) => from === 'account').length
const says = async (channel: string, text: string): Promise<void> => {
  const { user } = await stateOf(channel)
  await demo.post(`clients/${channel}/acts`, { user: user.key, act: { kind: 'text', text } })
}
/** Everybody says it, and everybody is answered. */
const sayEverywhere = async (text: string): Promise<void> => {
  for (const channel of await channels()) {
    const before = await answersOn(channel)
    await says(channel, text)
    await expect.poll(() => answersOn(channel), { timeout: 60_000, message: channel }).toBeGreaterThan(before)
  }
}

describe('the further clients of the demo', () => {
  it('are answered, their messages explained, and a person’s case opens at its ticket', async () => {
    expect(await channels()).toEqual(
      expect.arrayContaining(['weibo', 'email', 'wecom', 'telegram', 'botframework', 'api']),
    )
    await sayEverywhere('转人工')
    for (const channel of await channels()) {
      const { user } = await stateOf(channel)
      const query = new URLSearchParams({ channel, contact: user.key }).toString()
      await expect
        .poll(async () => Steps.parse(await demo.get(`steps?${query}`))[0]?.ticketId, { message: channel })
        .toBeTypeOf('string')
    }
  })

  it('show after a restart what they showed, and are answered again', async () => {
    const texts = async (channel: string): Promise<readonly (string | undefined)[]> =>
      (await stateOf(channel)).lines.map(({ text }) => text)
    const before = new Map<string, readonly (string | undefined)[]>()
    for (const channel of await channels()) before.set(channel, await texts(channel))
    await demo.restart()
    for (const [channel, lines] of before) expect([channel, await texts(channel)]).toEqual([channel, lines])
    for (const channel of await channels()) await says(channel, '还在吗')
    for (const channel of await channels()) {
      const { user } = await stateOf(channel)
      const query = new URLSearchParams({ channel, contact: user.key }).toString()
      const said = async () =>
        Steps.parse(await demo.get(`steps?${query}`))
          .map((step) => step.said)
          .join()
      await expect.poll(said, { timeout: 60_000, message: channel }).toContain('还在吗')
    }
  })

  it('are cleared with the reset', async () => {
    await demo.post('reset', {})
    for (const channel of await channels()) {
      const { lines } = await stateOf(channel)
      expect([channel, lines.filter(({ from }) => from !== 'platform')]).toEqual([channel, []])
    }
  })
})
