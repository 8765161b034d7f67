import type { PushGround } from '../../src/app/push.ts'
import { createInProcessCache } from '../../src/bus/index.ts'
import { parseConfig, type Config } from '../../src/config.ts'
import type { Clock } from '../../src/core/clock.ts'
import { createSealing, createSecrets, type Database } from '../../src/store/index.ts'

const masterKey = '5a'.repeat(32)

const configOf = (raw: object): Config => {
  const parsed = parseConfig(raw)
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.config
}

/** What asking for notices stands on; push services on this machine may be called. */
export const openTestPushGround = (database: Database, clock: Clock): PushGround => ({
  config: configOf({ masterKey, webhooks: { loopbackHttp: true } }),
  clock,
  origin: 'https://desk.example.com',
  stores: { database, secrets: createSecrets(database, createSealing(Buffer.from(masterKey, 'hex'))) },
  backbone: { cache: createInProcessCache() },
})
