import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { checkDatabase } from '../../src/app/doctor-database.ts'
import { parseConfig } from '../../src/config.ts'
import { silentLog } from '../../src/core/log.ts'
import { inspectSchema, lookAtEmbedded, lookAtPostgres, openEmbedded } from '../../src/store/index.ts'
import { newDataFolder } from '../support/data-folder.ts'
import { openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

/** Takes the last migration back, as far as the database knows. */
const makeOlder =
  'delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)'

const check = (settings: object) => {
  const parsed = parseConfig(settings)
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return checkDatabase(parsed.config)
}

describe('the look at the embedded database', () => {
  it('takes one whose making was broken off for an empty one', async () => {
    const state = await lookAtEmbedded(newDataFolder('begun'), async (query) => {
      await query('delete from drizzle.__drizzle_migrations')
      return inspectSchema(query)
    })
    expect(state).toBe('empty')
  })

  const folders: string[] = []
  const empty = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'tongda-doctor-'))
    folders.push(folder)
    return folder
  }
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })

  it('makes none where there is none', async () => {
    const dataDir = empty()
    expect(await check({ dataDir })).toMatchObject({
      passed: true,
      remark: expect.stringContaining('the first start makes them'),
    })
    expect(existsSync(join(dataDir, 'database'))).toBe(false)
  })

  it('has nothing to say of one of this version', async () => {
    const dataDir = newDataFolder('doctor')
    folders.push(dataDir)
    expect(await check({ dataDir })).toEqual({ title: '内置数据库 embedded database', passed: true })
  })

  it('leaves an older schema as it is, and says what the next start does', async () => {
    const dataDir = newDataFolder('doctor')
    folders.push(dataDir)
    const database = await openEmbedded({ folder: dataDir, log: silentLog })
    await database.query(makeOlder).finally(() => database.close())
    expect(await check({ dataDir })).toMatchObject({
      passed: true,
      remark: expect.stringContaining('the next start brings it up to date'),
    })
    expect(await lookAtEmbedded(dataDir, inspectSchema)).toBe('behind')
  })
})

describeWith('postgres', 'the look at PostgreSQL', (url) => {
  const withDatabase = async (statement: string, work: (url: string) => Promise<void>): Promise<void> => {
    const place = await openTestPostgres(url)
    const client = new pg.Client({ connectionString: place.url })
    await client.connect()
    try {
      await client.query(statement)
      await work(place.url)
    } finally {
      await client.end()
      await place.dispose()
    }
  }
  const emptied = 'drop schema public cascade; drop schema drizzle cascade; create schema public;'

  it('makes no tables, and says that the first start does', async () => {
    await withDatabase(emptied, async (own) => {
      expect(await check({ database: { url: own } })).toMatchObject({
        passed: true,
        remark: expect.stringContaining('the first start makes them'),
      })
      expect(await lookAtPostgres(own, inspectSchema)).toBe('empty')
    })
  })

  it('leaves an older schema as it is', async () => {
    await withDatabase(makeOlder, async (own) => {
      expect((await check({ database: { url: own } })).remark).toContain(
        'the next start brings it up to date',
      )
      expect(await lookAtPostgres(own, inspectSchema)).toBe('behind')
    })
  })

  it('names a role that may not make them', async () => {
    const role = `reader_${String(process.pid)}`
    await withDatabase(`${emptied} create role ${role} login`, async (own) => {
      const other = new URL(own)
      other.username = role
      expect(await check({ database: { url: other.href } })).toMatchObject({
        passed: false,
        fix: expect.stringContaining('grant'),
      })
    })
    const admin = new pg.Client({ connectionString: url })
    await admin.connect()
    await admin.query(`drop role ${role}`).finally(() => admin.end())
  })

  it('says that a newer version wrote it', async () => {
    await withDatabase(
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 9000000000000)`,
      async (own) => {
        expect(await check({ database: { url: own } })).toMatchObject({
          passed: false,
          fix: expect.stringContaining('newer version'),
        })
      },
    )
  })

  it('has nothing to say of one of this version but of the server', async () => {
    await withDatabase('select 1', async (own) => {
      const found = await check({ database: { url: own } })
      expect(found).toMatchObject({ title: 'PostgreSQL', passed: true })
      expect(found.remark ?? '').not.toContain('start')
    })
  })
})
