import { expect, vi } from 'vitest'
import type { Channel } from '../../../src/core/channel.ts'
import { itIsAChannel } from '../../contract/channel.ts'
import type { Answer, ContractHost } from '../../contract/channel.ts'
import { describeWith } from '../../support/services.ts'
import { contactId, logs, openStage } from './stage.ts'

/** What a provider over HTTP would have been told for each refusal in the log. */
const statusOf: Readonly<Record<string, number>> = {
  unauthorized: 401,
  malformed: 400,
  too_large: 413,
  not_accepted: 503,
}

const redEnvelope = 12

/** Counts what is stored, repetitions included, and what is refused since the last look. */
const watch = (base: ContractHost) => {
  let stored = 0
  const host: ContractHost = {
    ...base,
    accept: async (message) => {
      const accepted = await base.accept(message)
      stored += 1
      return accepted
    },
  }
  let expected = 0
  const refusalSince = (line: number): number | undefined =>
    base.logged
      .slice(line)
      .map(({ facts }) => statusOf[/"code":"(\w+)"/.exec(facts)?.[1] ?? ''])
      .find((status) => status !== undefined)
  /** The answer to what `act` makes the bridge hand over. */
  const answerTo = async (act: () => Promise<void>): Promise<Answer> => {
    const line = base.logged.length
    const mine = (expected += 1)
    await act()
    await expect.poll(() => stored >= mine || refusalSince(line) !== undefined, { interval: 10 }).toBe(true)
    const refusal = stored >= mine ? undefined : refusalSince(line)
    if (refusal !== undefined) expected = stored
    return { status: refusal ?? 200, body: '' }
  }
  return { host, answerTo }
}

// Each test starts a process, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 90_000 })

describeWith('wechaty-bridge', 'the real bridge', () => {
  itIsAChannel({
    name: 'personal WeChat',
    contactKey: contactId,
    refusals: ['temporary', 'needs_operator'],
    answersWithinRequest: false,
    open: async (base) => {
      const { host, answerTo } = watch(base)
      const { channel, steering, says, close } = await openStage({}, host)
      let ready = Promise.resolve()
      const raw = (line: string): Promise<Answer> => answerTo(() => steering.act({ do: 'raw', line }))
      const steered: Channel = {
        ...channel,
        deliver: async (message) => {
          await ready
          const before = steering.said.length
          const receipt = await channel.deliver(message)
          // The contact's own line is another connection: it may be a moment later.
          await expect.poll(() => steering.said.length).toBeGreaterThan(before)
          return receipt
        },
      }
      const signOut = async (): Promise<void> => {
        await steering.act({ do: 'logout' })
        await expect.poll(() => logs(base, 'wechat account signed out')).toBe(1)
      }
      return {
        channel: steered,
        says: (text, id) => answerTo(() => says(id, text)),
        saysUnknown: (id) => answerTo(() => says(id, '', { payload: { type: redEnvelope } })),
        forges: (text) => raw(JSON.stringify({ t: 'message', key: 'guessed', message: { id: '1', text } })),
        saysBroken: () => raw('{"t":"message","key":'),
        saysTooMuch: () => raw('x'.repeat(400_000)),
        refuses: (code) => {
          ready =
            code === 'needs_operator' ? signOut() : steering.act({ do: 'refuse', on: code !== undefined })
        },
        delivered: () => steering.said.map(({ text = '' }) => text),
        readAnswer: () => undefined,
        close,
      }
    },
  })
})
