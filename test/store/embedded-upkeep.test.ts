import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { shortenLog } from '../../src/store/embedded-upkeep.ts'
import { openEmbedded } from '../../src/store/index.ts'

const megabyte = 1_048_576

/** Of what the database keeps beside its pages, in bytes. */
const logBytes = (folder: string): number => {
  const log = join(folder, 'database', 'pg_wal')
  return readdirSync(log).reduce((sum, name) => {
    const facts = statSync(join(log, name))
    return sum + (facts.isFile() ? facts.size : 0)
  }, 0)
}

it('keeps the log of changes short while much is written, and loses nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tongda-upkeep-'))
  const database = await openEmbedded({ folder, log: silentLog })
  onTestFinished(async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await database.script('create table much (n int, words text)')
  const rounds = 5
  for (let round = 1; round <= rounds; round += 1) {
    await database.script(
      `insert into much select n, repeat(md5(n::text), 62) from generate_series(1, 35000) n`,
    )
    await shortenLog(database.query)
  }
  // Each round writes some 70 MB.
  expect(logBytes(folder)).toBeLessThan(200 * megabyte)
  const [kept] = await database.query<{ rows: number }>('select count(*)::int as rows from much')
  expect(kept?.rows).toBe(rounds * 35_000)
})
