import { describe, expect, it } from 'vitest'
import { httpError, knownErrorCodes, weiboError } from '../../../channels/weibo/errors.ts'

const now = new Date('2026-11-26T14:20:00Z')
const errorOf = (errorCode: number, text = '') => weiboError('send message', errorCode, text, now)

/** Every number the protocol notes name, with what it must mean to the outbox when its text says nothing. */
const documented = {
  temporary: [10001, 10002, 10003, 10009, 10010, 10011],
  rate_limited: [10022, 10023, 10024, 20016],
  unreachable: [20003, 20301],
  too_long: [10018, 20012, 20013],
  no_permission: [10005, 10014],
  rejected_content: [20017, 20018, 20019, 20020, 20021, 20306],
  needs_operator: [10004, 10006, 10020, 21314, 21315, 21316, 21317, 21321, 21327, 21332],
  permanent: [
    10007, 10008, 10012, 10013, 10016, 10017, 10021, 20005, 20006, 20007, 20008, 20302, 20303, 20305, 20307,
    20354,
  ],
} as const

const rows = Object.entries(documented).flatMap(([code, numbers]) =>
  numbers.map((errorCode) => [errorCode, code] as const),
)

describe('Weibo’s error numbers', () => {
  it.each(rows)('%i means %s', (errorCode, code) => {
    const error = errorOf(errorCode)
    expect(error.code).toBe(code)
    expect(error.facts.providerCode).toBe(errorCode)
    expect(error.message).toContain(`error_code ${errorCode}`)
  })

  it('are all in this table', () => {
    expect([...knownErrorCodes].sort()).toEqual(rows.map(([errorCode]) => errorCode).sort())
  })

  it.each([26401, 26499])('%i is about the menu', (errorCode) => {
    expect(errorOf(errorCode)).toMatchObject({
      code: 'permanent',
      facts: { hint: expect.stringContaining('menu') },
    })
  })

  it('that nobody knows are permanent and shown', () => {
    expect(errorOf(99_999)).toMatchObject({ code: 'permanent', facts: { providerCode: 99_999 } })
    expect(errorOf(Number.NaN).code).toBe('permanent')
  })
})

describe('Weibo’s texts', () => {
  // One number, two published meanings: the text tells which.
  it.each([
    [10023, 'User requests out of rate limit!', 'rate_limited'],
    [10023, 'Too many pending tasks,system is busy', 'temporary'],
    [10024, 'User requests for (/2/messages/reply) out of rate limit!', 'rate_limited'],
    [10024, 'Job expired', 'temporary'],
    [10022, 'IP requests out of rate limit!', 'rate_limited'],
    [10022, 'Password error', 'needs_operator'],
    [10004, 'IP limit', 'needs_operator'],
    [10004, 'Rate limit', 'rate_limited'],
    [10005, 'Permission denied, need a high level appkey', 'no_permission'],
    [10005, 'Http method not permitted', 'permanent'],
    [10009, 'Too many pending tasks, system is busy', 'temporary'],
    [10009, 'Invalid signature', 'permanent'],
    [10010, 'Invalid timestamp', 'permanent'],
    [10011, 'RPC error', 'temporary'],
    [10011, 'Missing timestamp', 'permanent'],
    [10013, 'Invalid weibo user', 'permanent'],
    [10013, 'Authentication failed', 'needs_operator'],
    [10018, 'Request body length over limit', 'too_long'],
    [20019, 'Repeat content!', 'rejected_content'],
    [20021, 'Contain illegal website!', 'rejected_content'],
    [21315, 'Token expired', 'needs_operator'],
    [21327, 'expired_token', 'needs_operator'],
    [21332, 'invalid_access_token', 'needs_operator'],
    [40_000, 'User requests out of rate limit!', 'rate_limited'],
  ])('%i %s means %s', (errorCode, text, code) => {
    expect(errorOf(errorCode, text).code).toBe(code)
  })

  it('are never repeated', () => {
    expect(errorOf(10017, 'receiver 9007199254740993 is odd').message).not.toContain('9007199254740993')
  })

  it('never take long to read', () => {
    for (const text of ['token '.repeat(10_000), 'requests '.repeat(10_000), 'a'.repeat(50_000)])
      expect(errorOf(1, text).code).toBe('permanent')
  })
})

describe('what follows from a refusal', () => {
  it.each([10022, 10023, 10024])('%i stops everything until the full hour', (errorCode) => {
    const error = errorOf(errorCode)
    expect(error.consequence).toBe('stop-until-hour')
    const goesOnAt = now.getTime() + (error.facts.retryAfterMs ?? 0)
    expect(goesOnAt).toBeGreaterThan(Date.parse('2026-11-26T15:00:00Z'))
    expect(goesOnAt).toBeLessThan(Date.parse('2026-11-26T15:01:00Z'))
  })

  it('sending too fast waits a minute only', () => {
    expect(errorOf(20016)).toMatchObject({ consequence: undefined, facts: { retryAfterMs: 60_000 } })
  })

  it.each([21314, 21315, 21316, 21317, 21327, 21332])(
    '%i needs a new token, and says where it is',
    (errorCode) => {
      const error = errorOf(errorCode)
      expect(error.consequence).toBe('renew-token')
      expect(error.facts.hint).toContain('set accessToken')
      expect(error.facts.hint).toContain('开发模式')
    },
  )

  it('tells the operator what to do where only a person can help', () => {
    for (const errorCode of [...documented.needs_operator, ...documented.no_permission])
      expect(errorOf(errorCode).facts.hint).toMatch(/\S/)
  })
})

describe('answers that are not Weibo’s', () => {
  it.each([
    [500, 'temporary'],
    [502, 'temporary'],
    [403, 'temporary'],
    [429, 'rate_limited'],
    [404, 'needs_operator'],
  ])('HTTP %i is %s', (status, code) => {
    expect(httpError('send message', status, null).code).toBe(code)
  })

  it('are waited for as long as they ask', () => {
    expect(httpError('send message', 429, '7').facts.retryAfterMs).toBe(7_000)
    expect(httpError('send message', 503, '99999').facts.retryAfterMs).toBe(3_600_000)
    expect(httpError('send message', 429, 'soon').facts.retryAfterMs).toBeUndefined()
  })
})
