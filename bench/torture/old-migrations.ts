import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { migrationsUpTo } from '../../src/store/index.ts'

const Journal = z.looseObject({ entries: z.array(z.looseObject({ when: z.number(), tag: z.string() })) })
const source = new URL('../../src/store/migrations/', import.meta.url)
const { entries } = Journal.parse(JSON.parse(readFileSync(new URL('meta/_journal.json', source), 'utf8')))

/** The names of all migrations, in order. */
export const migrationNames = entries.map(({ tag }) => tag)

/** How many statements the migration at a place has; of none: those that make the tables of background jobs. */
export const countStatements = (place: number): number => {
  const tag = entries[place]?.tag
  const jobTables = 8
  return tag === undefined
    ? jobTables
    : readFileSync(new URL(`${tag}.sql`, source), 'utf8').split('--> statement-breakpoint').length
}

/** Makes a folder of the migrations before the one at a place. The caller removes it. */
export const migrationsBefore = (place: number): string => {
  const last = entries[place - 1]
  const folder = last === undefined ? undefined : migrationsUpTo(last.when)
  if (folder !== undefined) return folder
  const empty = mkdtempSync(join(tmpdir(), 'tongda-migrations-'))
  mkdirSync(join(empty, 'meta'))
  writeFileSync(
    join(empty, 'meta/_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries: [] }),
  )
  return empty
}
