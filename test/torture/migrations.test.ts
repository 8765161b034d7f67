import { expect, it } from 'vitest'
import { migrationNames } from '../../bench/torture/old-migrations.ts'
import { migrationsRun } from '../../bench/torture/migrations.ts'
import { describeWith } from '../support/services.ts'

/** Several starts of the product, one after the other. */
const limitMs = 300_000
/** Of a fresh database, of one of an older version, and the tables of background jobs. */
const places = [0, 15, migrationNames.length]

describeWith('postgres', 'a migration on PostgreSQL that is killed in its middle', (databaseUrl) => {
  it(
    'ends in the same schema when it is started again',
    async () => {
      expect(await migrationsRun({ seed: 7, places, databaseUrl })).toMatchObject({ kills: 3, failed: [] })
    },
    limitMs,
  )
})
