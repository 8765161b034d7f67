import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { encryptWx, openWxEnvelope, parseEncodingAesKey, wxSignature } from '../../../channels/kit/index.ts'
import vectors from '../../fixtures/wechat/wechat-crypto-vectors.json' with { type: 'json' }

const Sealed = z.object({
  name: z.string(),
  token: z.string(),
  encodingAESKey: z.string(),
  receiveId: z.string(),
  timestamp: z.string(),
  nonce: z.string(),
  encrypt: z.string(),
  msgSignature: z.string(),
})
type Sealed = z.infer<typeof Sealed>
const Decrypt = Sealed.extend({ plaintext: z.string(), random16Hex: z.string() })
const Encrypt = Sealed.partial({ token: true, timestamp: true, nonce: true, msgSignature: true }).extend({
  random16: z.string(),
  plaintext: z.string(),
})
const Negative = Sealed.extend({
  expect: z.object({ errorCode: z.number(), anyOf: z.array(z.number()).optional() }),
  decryptsWithKey: z.string().optional(),
})

const keysOf = (...keys: readonly string[]): readonly Buffer[] =>
  keys.flatMap((key) => parseEncodingAesKey(key) ?? [])

const open = (sealed: Sealed, aesKeys = keysOf(sealed.encodingAESKey)) =>
  openWxEnvelope({ token: sealed.token, receiveId: sealed.receiveId, aesKeys }, sealed)

describe('WXBizMsgCrypt', () => {
  it.each(vectors.urlSignature)(
    'signs like the platform: $name',
    ({ token, timestamp, nonce, signature }) => {
      expect(wxSignature([token, timestamp, nonce])).toBe(signature)
    },
  )

  it.each(z.array(Decrypt).parse(vectors.decrypt))('opens $name', (vector) => {
    const opened = open(vector)
    expect(opened).toMatchObject({ ok: true })
    expect(opened.ok ? opened.plaintext.toString('utf8') : '').toBe(vector.plaintext)
  })

  it.each(z.array(Encrypt).parse(vectors.encrypt))('seals $name to the same bytes', (vector) => {
    const [aesKey = Buffer.alloc(32)] = keysOf(vector.encodingAESKey)
    const random = Buffer.from(vector.random16, 'utf8')
    const encrypt = encryptWx({ aesKey, receiveId: vector.receiveId }, random, vector.plaintext)
    expect(encrypt).toBe(vector.encrypt)
    const { token, timestamp, nonce, msgSignature } = vector
    if (token === undefined || timestamp === undefined || nonce === undefined || msgSignature === undefined)
      return
    expect(wxSignature([token, timestamp, nonce, encrypt])).toBe(msgSignature)
    const opened = open({ ...vector, token, timestamp, nonce, msgSignature })
    expect(opened.ok ? opened.plaintext.toString('utf8') : opened).toBe(vector.plaintext)
  })

  it.each(z.array(Negative).parse(vectors.negative))('keeps $name shut', (vector) => {
    const opened = open(vector)
    expect(opened.ok).toBe(false)
    expect(opened).not.toHaveProperty('plaintext')
    expect(vector.expect.anyOf ?? [vector.expect.errorCode]).toContain(opened.ok ? 0 : opened.code)
  })

  it('covers every vector of the file', () => {
    expect(
      [vectors.urlSignature, vectors.decrypt, vectors.encrypt, vectors.negative].map((list) => list.length),
    ).toEqual([5, 5, 15, 17])
  })

  it('opens with the previous key while keys rotate, and says which one it was', () => {
    const vector = z
      .array(Negative)
      .parse(vectors.negative)
      .find(({ name }) => name === 'wrong-key')
    if (vector?.decryptsWithKey === undefined) throw new Error('the vector is missing')
    const [current, previous] = keysOf(vector.encodingAESKey, vector.decryptsWithKey)
    const opened = open(vector, keysOf(vector.encodingAESKey, vector.decryptsWithKey))
    expect(opened.ok && opened.aesKey.equals(previous ?? Buffer.alloc(0))).toBe(true)
    expect(opened.ok && opened.aesKey.equals(current ?? Buffer.alloc(0))).toBe(false)
  })

  it.each(['', 'short', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}-`])('takes no key %j', (key) => {
    expect(parseEncodingAesKey(key)).toBeUndefined()
  })
})
