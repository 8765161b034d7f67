import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { TongdaError } from '../core/errors.ts'
import type { Database } from './database.ts'

const seal = (key: Buffer, secret: string): string => {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64')
}

const unseal = (key: Buffer, sealed: string, name: string): string => {
  const bytes = Buffer.from(sealed, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  } catch {
    throw new TongdaError(
      'bad_config',
      `the stored secret ${name} does not open with this master key; give TONGDA_MASTER_KEY the value it had, or delete the row in table secrets (sessions and chat visitors then start anew)`,
    )
  }
}

/**
 * Secrets that the product makes for itself (session and visitor-token keys): 256 random bits at first use, stored
 * under AES-256-GCM. Every node gets the same value.
 */
export const createSecrets =
  ({ query }: Database, masterKey: Buffer) =>
  async (name: string): Promise<string> => {
    await query('insert into secrets (name, value) values ($1, $2) on conflict (name) do nothing', [
      name,
      seal(masterKey, randomBytes(32).toString('base64url')),
    ])
    const [row] = await query<{ value: string }>('select value from secrets where name = $1', [name])
    if (row === undefined) throw new Error('a secret vanished while it was made')
    return unseal(masterKey, row.value, name)
  }
