import { mkdtempSync, readdirSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabaseFiles } from '../../src/store/fresh-database.ts'

const startParams = [...PGlite.defaultStartParams]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-fresh-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
/** Makes a database and says which it is: copies of one have the same identity. */
const create = async (cache: string): Promise<unknown> => {
  const target = join(folder, `database-${String(++count)}`)
  await createDatabaseFiles(target, { startParams, cache })
  const client = await PGlite.create({ dataDir: target, startParams })
  const { rows } = await client.query<{ id: unknown }>(
    'select system_identifier::text as id from pg_control_system()',
  )
  await client.close()
  return rows[0]?.id
}

// Making a database takes seconds, on a busy machine tens of them.
describe('a fresh embedded database', { timeout: 120_000 }, () => {
  it('is made once and copied from then on, unless what is kept is not whole', async () => {
    const cache = join(folder, 'cache')
    const first = await create(cache)
    expect(first).toMatch(/^\d+$/)
    expect(await create(cache)).toBe(first)
    const keptDatabase = (): string => join(cache, readdirSync(cache)[0] ?? '', 'database')
    // As long as before, and other bytes.
    const control = join(keptDatabase(), 'global/pg_control')
    writeFileSync(control, Buffer.alloc(statSync(control).size))
    const second = await create(cache)
    expect(second).not.toBe(first)
    expect(await create(cache)).toBe(second)
    rmdirSync(join(keptDatabase(), 'pg_notify'))
    const third = await create(cache)
    expect(third).not.toBe(second)
    expect(await create(cache)).toBe(third)
    expect(readdirSync(cache)).toHaveLength(1)
  })

  it("is its owner's alone, and what is kept can be read by others and changed by none", async () => {
    const cache = join(folder, 'modes')
    const modesIn = (path: string): readonly string[] => {
      const names = ['.', ...readdirSync(path, { recursive: true, encoding: 'utf8' })]
      const modes = names.map((name) => (statSync(join(path, name)).mode & 0o777).toString(8))
      return [...new Set(modes)].sort()
    }
    const targets = ['made', 'copied'].map((name) => join(folder, name))
    for (const target of targets) {
      await createDatabaseFiles(target, { startParams, cache })
      expect(modesIn(target)).toEqual(['600', '700'])
    }
    expect(modesIn(join(cache, readdirSync(cache)[0] ?? ''))).toEqual(['644', '755'])
  })

  it('is made where none can be kept', async () => {
    const cache = join(folder, 'a-file')
    writeFileSync(cache, 'where the folder should be')
    expect(await create(cache)).toMatch(/^\d+$/)
  })

  it('is made by several at once', async () => {
    const cache = join(folder, 'shared')
    const made = await Promise.all([create(cache), create(cache)])
    expect(made).toContain(await create(cache))
  })
})
