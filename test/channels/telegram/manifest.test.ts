import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { telegram } from '../../../channels/telegram/index.ts'

const token = '123456789:AAabcdefghijklmnopqrstuvwxyz0123456'
const minimal = { token, publicUrl: 'https://support.example.com' }

const faultsOf = (section: unknown): readonly string[] => {
  const { error } = telegram.config.safeParse(section)
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('configuration', () => {
  it('needs a token, and an address or polling', () => {
    expect(faultsOf(minimal)).toEqual([])
    expect(faultsOf({ token, receive: 'polling' })).toEqual([])
    expect(faultsOf({ receive: 'polling' })).toEqual([expect.stringMatching(/^token: .*|^token/)])
    expect(faultsOf({ token })).toEqual([expect.stringContaining('receive: polling')])
  })

  it.each([
    ['token', { token: 'no token' }, '@BotFather'],
    ['publicUrl', { publicUrl: 'http://support.example.com' }, 'https'],
    ['publicUrl', { publicUrl: 'https://support.example.com:9443' }, '8443'],
    ['publicUrl', { publicUrl: 'https://support.example.com/path' }, 'without a path'],
    ['webhookSecret', { webhookSecret: 'short' }, '16–256'],
    ['webhookSecret', { webhookSecret: 'with spaces in the secret' }, '16–256'],
    ['apiRoot', { apiRoot: 'http://api.telegram.org' }, 'https'],
    ['apiRoot', { apiRoot: 'https://api.telegram.org/' }, 'slash'],
    ['maxTextCharacters', { maxTextCharacters: 5_000 }, '4096'],
    ['', { tokn: token }, 'tokn'],
  ])('says at %s what is wrong and what to do', (key, section, word) => {
    const faults = faultsOf({ ...minimal, ...section })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(`${key}: `)
    expect(faults[0]).toContain(word)
    expect(faults[0]).not.toContain(token.slice(12))
  })

  it('describes every field and marks the secrets', () => {
    const schema = z.object({
      properties: z.record(
        z.string(),
        z.object({ description: z.string().min(20), writeOnly: z.boolean().optional() }),
      ),
    })
    const { properties } = schema.parse(z.toJSONSchema(telegram.config, { io: 'input' }))
    const secrets = Object.keys(properties).filter((name) => properties[name]?.writeOnly === true)
    expect(secrets.sort()).toEqual(['token', 'webhookSecret'])
  })
})
