import { describe, expect, it } from 'vitest'
import { errcodes } from '../../../channels/wechat/errors.ts'

/** Every errcode the protocol notes name for calls we could make, with what it must mean to the outbox. */
const documented = {
  temporary: [-1, 61450],
  token_expired: [40001, 40014, 42001],
  rate_limited: [45011],
  daily_quota: [45009],
  quota_exhausted: [45047],
  window_closed: [45015],
  unreachable: [43004, 43019, 43101, 48002, 50005],
  media_expired: [40007],
  too_long: [45002, 45008],
  no_permission: [40200, 48001, 65400],
  rejected_content: [87009, 87014],
  needs_operator: [40013, 40125, 40164, 40243, 48004, 61004, 89501, 89503, 89506, 89507],
  permanent: [
    40003, 40004, 40005, 40006, 40008, 40009, 40010, 40011, 40012, 40015, 40016, 40017, 40018, 40019, 40020,
    40021, 40022, 40023, 40024, 40025, 40026, 40027, 40033, 40035, 40037, 40053, 40054, 40055, 40101, 41005,
    44001, 46003, 45001, 45007, 45059, 45064, 45072, 45080, 45081, 47001, 47003, 61451, 61452, 61453, 61454,
    61455, 61456, 61457, 61458, 61459, 65401, 65402, 65403, 65404, 65405, 65406, 65413, 65414, 65415, 65416,
    65417,
  ],
} as const

const rows = Object.entries(documented).flatMap(([code, errcodes]) =>
  errcodes.map((errcode) => [errcode, code] as const),
)

describe('WeChat’s error numbers', () => {
  it.each(rows)('%i means %s', (errcode, code) => {
    const error = errcodes.errorOf('send message', errcode, 'errmsg rid: 1')
    expect(error.code).toBe(code)
    expect(error.facts.providerCode).toBe(errcode)
    expect(error.message).toContain(`errcode ${errcode}`)
    expect(error.message).not.toContain('rid')
  })

  it('are all in this table', () => {
    expect([...errcodes.known].sort((a, b) => a - b)).toEqual(
      rows.map(([errcode]) => errcode).sort((a, b) => a - b),
    )
  })

  it('that nobody knows are permanent and shown', () => {
    expect(errcodes.errorOf('send message', 99999)).toMatchObject({
      code: 'permanent',
      facts: { providerCode: 99999 },
    })
    expect(errcodes.errorOf('send message', Number.NaN).code).toBe('permanent')
  })

  it('tell the operator what to do where only a person can help', () => {
    for (const errcode of [
      ...documented.needs_operator,
      ...documented.no_permission,
      ...documented.token_expired,
    ])
      expect(errcodes.errorOf('send message', errcode).facts.hint).toMatch(/\S/)
  })

  it('name the caller’s address in the hint alone, and only when WeChat gave one', () => {
    const hintOf = (errmsg: string) => errcodes.errorOf('send message', 40164, errmsg).facts.hint
    expect(hintOf('invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist')).toContain(
      '203.0.113.9',
    )
    expect(hintOf('invalid ip 2001:db8::7, not in whitelist')).toContain('2001:db8::7')
    expect(hintOf('not in whitelist rid: 65-1')).toContain('IP白名单')
  })

  it('carry a wait where WeChat wants one', () => {
    expect(errcodes.errorOf('send message', 45011).facts.retryAfterMs).toBeGreaterThan(0)
  })
})
