import { describe, expect, it } from 'vitest'
import { api } from '../../../channels/api/index.ts'
import { otherSecret, secret } from './stage.ts'

const faultsOf = (section: Readonly<Record<string, unknown>>): string => {
  const parsed = api.config.safeParse({ secret, webhookUrl: 'https://forum.example.com/hook', ...section })
  return parsed.success
    ? ''
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n')
}

describe('the section of an api inbox', () => {
  it('needs a secret and an address', () => {
    expect(faultsOf({})).toBe('')
    expect(faultsOf({ secret: undefined, webhookUrl: undefined })).toMatch(/secret[^]*webhookUrl/)
  })

  it.each([
    ['secret', 'planted'],
    ['secret', 'whsec_c2hvcnQ='],
    ['secret', `whsec_${Buffer.alloc(65).toString('base64')}`],
    ['secret', secret.replace('whsec_', '')],
    ['previousSecret', secret],
    ['webhookUrl', 'http://forum.example.com/hook'],
    ['webhookUrl', 'https://user:pass@forum.example.com/'],
    ['webhookUrl', 'https://forum.example.com/#x'],
    ['webhookUrl', 'forum'],
    ['allowAddresses', ['https://forum']],
    ['timeoutMs', 60_000],
    ['unknown', true],
  ])('refuses %s: %j, without repeating it', (key, value) => {
    const faults = faultsOf({ [key]: value })
    expect(faults).toMatch(new RegExp(key))
    expect(faults).not.toContain('planted')
  })

  it('takes two secrets, private addresses and http to this machine', () => {
    expect(
      faultsOf({
        previousSecret: otherSecret,
        allowAddresses: ['forum.internal', '10.0.0.0/8'],
        allowLoopbackHttp: true,
        webhookUrl: 'http://localhost:3000/hook',
      }),
    ).toBe('')
  })
})
