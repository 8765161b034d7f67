import { describe, expect, it } from 'vitest'
import { errcodes, httpError } from '../../../channels/wecom/errors.ts'

/** The numbers of the customer-service pages and the general table that an operator may meet. */
const documented = [
  -1, 40001, 40007, 40008, 40013, 40014, 40058, 40096, 41001, 42001, 44001, 44004, 45001, 45002, 45009, 47001,
  48002, 60020, 95000, 95001, 95002, 95003, 95004, 95007, 95011, 95012, 95013, 95014, 95016, 95017, 95018,
]

describe('WeCom’s error numbers', () => {
  it('are all known', () => {
    expect(documented.filter((errcode) => !errcodes.known.includes(errcode))).toEqual([])
  })

  it.each(errcodes.known)('%i says what happened', (errcode) => {
    const { message, facts } = errcodes.errorOf('send message', errcode, 'secret words of the provider')
    expect(message).toMatch(new RegExp(`^wecom: send message: .+ \\(errcode ${errcode}\\)$`))
    expect(message).not.toContain('do not know')
    expect(facts.providerCode).toBe(errcode)
    expect(JSON.stringify(facts)).not.toContain('secret words')
  })

  it('tell the operator what to do when only an operator can', () => {
    for (const errcode of errcodes.known) {
      const { code, facts } = errcodes.errorOf('x', errcode)
      if (code === 'needs_operator' || code === 'no_permission')
        expect(facts.hint, String(errcode)).toBeDefined()
    }
  })

  it('that nobody knows are final and shown', () => {
    expect(errcodes.errorOf('send message', 123_456)).toMatchObject({
      code: 'permanent',
      facts: { providerCode: 123_456 },
    })
  })

  it.each([
    [500, null, { code: 'temporary' }],
    [429, '7', { code: 'rate_limited', facts: { retryAfterMs: 7_000 } }],
    [429, 'soon', { code: 'rate_limited' }],
    [404, null, { code: 'needs_operator' }],
  ])('HTTP %i', (status, retryAfter, expected) => {
    expect(httpError('send message', status, retryAfter)).toMatchObject(expected)
  })
})
