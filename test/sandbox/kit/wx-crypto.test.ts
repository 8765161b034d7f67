import { describe, expect, it } from 'vitest'
import { decrypt, encrypt, open, sign } from '../../../sandbox/kit/wx-crypto.ts'
import vectors from '../../fixtures/wechat/wechat-crypto-vectors.json' with { type: 'json' }

const keyOf = (vector: { encodingAESKey: string; receiveId: string }) => ({
  encodingAesKey: vector.encodingAESKey,
  receiveId: vector.receiveId,
})

describe('simulator crypto: signatures', () => {
  it.each(vectors.urlSignature)('$name', (vector) => {
    expect(sign(vector.token, vector.timestamp, vector.nonce)).toBe(vector.signature)
  })
})

describe('simulator crypto: decryption', () => {
  it.each(vectors.decrypt)('$name', (vector) => {
    const { timestamp, nonce, encrypt: encrypted, msgSignature } = vector
    const opened = open({ timestamp, nonce, encrypted, msgSignature }, vector.token, keyOf(vector))
    expect(opened.ok && opened.message.toString('utf8')).toBe(vector.plaintext)
  })

  it.each(vectors.negative)('refuses $name', (vector) => {
    const { timestamp, nonce, encrypt: encrypted, msgSignature } = vector
    const opened = open({ timestamp, nonce, encrypted, msgSignature }, vector.token, keyOf(vector))
    expect(opened.ok).toBe(false)
    const allowed = vector.expect.anyOf ?? [vector.expect.errorCode]
    expect(allowed).toContain(opened.ok ? 0 : opened.fault)
  })
})

describe('simulator crypto: encryption', () => {
  it.each(vectors.encrypt)('$name', (vector) => {
    const encrypted = encrypt(vector.plaintext, keyOf(vector), Buffer.from(vector.random16, 'utf8'))
    expect(encrypted).toBe(vector.encrypt)
    if (vector.timestamp !== undefined) {
      expect(sign(vector.token, vector.timestamp, vector.nonce, encrypted)).toBe(vector.msgSignature)
    }
  })

  it('draws new random bytes each time', () => {
    const key = { encodingAesKey: 'A'.repeat(43), receiveId: 'wx1' }
    const [one, other] = [encrypt('same', key), encrypt('same', key)]
    expect(one).not.toBe(other)
    expect(decrypt(one, key)).toEqual(decrypt(other, key))
  })
})
