import { describe, expect, it } from 'vitest'
import { ChannelError, type ChannelErrorCode, type ChannelErrorFacts } from '../../src/core/errors.ts'
import { isAlarming, maxAttempts, reactTo } from '../../src/outbox/index.ts'

const refusal = (code: ChannelErrorCode, facts: ChannelErrorFacts = {}) =>
  new ChannelError('wechat', code, 'no', facts)
const react = (code: ChannelErrorCode, facts: ChannelErrorFacts = {}, attempt = 1, random = 0) =>
  reactTo(refusal(code, facts), attempt, () => random)

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

  it('gives up after its last attempt, visibly', () => {
    expect(react('temporary', {}, maxAttempts)).toMatchObject({
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
    expect(reactTo(new TypeError('a bug'), 1, () => 0)).toMatchObject({
      status: 'queued',
      error: { code: 'temporary' },
    })
  })

  it('shows what to do rather than what happened', () => {
    const error = react('needs_operator', { hint: 'add 1.2.3.4 to the IP allow-list', providerCode: 40164 })
    expect(error).toMatchObject({
      error: { message: 'add 1.2.3.4 to the IP allow-list', providerCode: '40164' },
    })
  })
})
