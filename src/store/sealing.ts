import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Encrypts what is stored, under the master key: AES-256-GCM with a nonce of its own each time. */
export interface Sealing {
  readonly seal: (secret: string) => string
  /** Undefined when it was sealed with another key, or changed since. */
  readonly unseal: (sealed: string) => string | undefined
}

/** Sealing under one 256-bit key. */
export const createSealing = (key: Buffer): Sealing => ({
  seal: (secret) => {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, iv)
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64')
  },
  unseal: (sealed) => {
    const bytes = Buffer.from(sealed, 'base64')
    if (bytes.length < 28) return undefined
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
    decipher.setAuthTag(bytes.subarray(12, 28))
    try {
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    } catch {
      return undefined
    }
  },
})
