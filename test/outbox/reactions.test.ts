import { describe, expect, it } from 'vitest'
import { ChannelError, type ChannelErrorCode, type ChannelErrorFacts } from '../../src/core/errors.ts'
import { isAlarming, maxTries, reactTo } from '../../src/outbox/index.ts'

const refusal = (code: ChannelErrorCode, facts: ChannelErrorFacts = {}) =>
  new ChannelError('wechat', code, 'no', facts)
const history = { attempt: 1, tries: 1, tooOld: false }
const react = (code: ChannelErrorCode, facts: ChannelErrorFacts = {}, tries = 1, random = 0) =>
  reactTo(refusal(code, facts), { ...history, attempt: tries, tries }, () => random)

describe('the reaction to a refusal', () => {
  it('waits longer after each attempt, with jitter, and never longer than five minutes', () => {
    const waits = [1, 2, 3, 4, 8].map((attempt) =>
      [0, 0.999].map((random) => {
        const result = react('temporary', {}, attempt, random)
        return result.status === 'queued' ? result.retryInMs : undefined
      }),
    )
    expect(waits).toEqual([
      [500, 1_000],
      [1_000, 1_999],
      [2_000, 3_998],
      [4_000, 7_996],
      [64_000, 127_936],
    ])
  })

  it('keeps the wait the provider asks for', () => {
    expect(react('rate_limited', { retryAfterMs: 7_000 })).toMatchObject({
      retryInMs: 7_000,
      pauseInboxMs: 7_000,
    })
  })

  it('gives up after its last try, visibly', () => {
    expect(react('temporary', {}, maxTries)).toMatchObject({
      status: 'failed',
      error: { code: 'temporary' },
    })
  })

  it.each(['unreachable', 'permanent', 'no_permission', 'rejected_content', 'too_long'] as const)(
    'does not repeat what is %s',
    (code) => {
      expect(react(code)).toMatchObject({ status: 'failed' })
    },
  )

  it.each(['window_closed', 'quota_exhausted'] as const)(
    'lets a message wait for the contact when the %s',
    (code) => {
      expect(react(code).status).toBe('waiting')
    },
  )

  it('stops the inbox for a daily quota and for what an operator must mend', () => {
    expect(react('daily_quota')).toMatchObject({ status: 'queued', pauseInboxMs: 3_600_000 })
    expect(react('needs_operator')).toMatchObject({ status: 'queued', pauseInboxMs: 300_000 })
    expect([refusal('needs_operator'), refusal('temporary'), new Error('x')].map(isAlarming)).toEqual([
      true,
      false,
      false,
    ])
  })

  it('gives the slot back only when the provider has said no in numbers', () => {
    expect(react('temporary', { providerCode: -1 })).toMatchObject({ refundAllowance: true })
    expect(react('temporary')).toMatchObject({ refundAllowance: false })
  })

  it('takes a failure of our own for a temporary one', () => {
    expect(reactTo(new TypeError('a bug'), history, () => 0)).toMatchObject({
      status: 'queued',
      uncertain: true,
      error: { code: 'temporary' },
    })
  })

  it('waits out a pause however often it is tried, until it is too old', () => {
    const paused = (tooOld: boolean) =>
      reactTo(refusal('needs_operator'), { attempt: 500, tries: 1, tooOld }, () => 0)
    expect(paused(false)).toMatchObject({ status: 'queued', pauseInboxMs: 300_000 })
    expect(paused(true)).toMatchObject({
      status: 'expired',
      error: { code: 'needs_operator' },
      pauseInboxMs: 300_000,
    })
  })

  it('pauses for a provider that is down, longer each time, up to a minute', () => {
    const pauses = [1, 2, 3, 100].map((attempt) => {
      const result = reactTo(refusal('provider_down'), { attempt, tries: 1, tooOld: false }, () => 0)
      return result.status === 'queued' ? result.pauseInboxMs : undefined
    })
    expect(pauses).toEqual([2_000, 4_000, 8_000, 60_000])
  })

  it('keeps in mind that silence may mean yes, and pays for it', () => {
    expect(react('temporary', { outcomeUnknown: true, providerCode: 'http 504' })).toMatchObject({
      status: 'queued',
      uncertain: true,
      refundAllowance: false,
    })
    expect(react('temporary')).toMatchObject({ uncertain: false })
  })

  it('shows what to do rather than what happened', () => {
    const error = react('needs_operator', { hint: 'add 1.2.3.4 to the IP allow-list', providerCode: 40164 })
    expect(error).toMatchObject({
      error: { message: 'add 1.2.3.4 to the IP allow-list', providerCode: '40164' },
    })
  })
})
