import { randomBytes } from 'node:crypto'
import { TongdaError } from '../core/errors.ts'
import type { Database } from './database.ts'
import type { Sealing } from './sealing.ts'

/**
 * Secrets that the product makes for itself (session and visitor-token keys): 256 random bits at first use, stored
 * encrypted. Every node gets the same value.
 */
export const createSecrets =
  ({ query }: Database, { seal, unseal }: Sealing) =>
  async (name: string): Promise<string> => {
    await query('insert into secrets (name, value) values ($1, $2) on conflict (name) do nothing', [
      name,
      seal(randomBytes(32).toString('base64url')),
    ])
    const [row] = await query<{ value: string }>('select value from secrets where name = $1', [name])
    if (row === undefined) throw new Error('a secret vanished while it was made')
    const secret = unseal(row.value)
    if (secret === undefined)
      throw new TongdaError(
        'bad_config',
        `the stored secret ${name} does not open with this master key; give TONGDA_MASTER_KEY the value it had, or delete the row in table secrets (sessions and chat visitors then start anew)`,
      )
    return secret
  }
