import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { learnContent } from '../../bench/learned.ts'
import { buildDeskApp } from '../../src/app/desk-app.ts'
import { silentLog } from '../../src/core/log.ts'
import { openEmbedded } from '../../src/store/index.ts'
import { createPostgresTemplate } from './postgres-template.ts'
import { missingServices, serviceUrl } from './services.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A migrated, empty embedded database that each test file copies: making one takes seconds. */
    readonly databaseTemplate: string
    /** The same on the PostgreSQL server: the name of the database; empty where there is no server. */
    readonly postgresTemplate: string
    /** What was learned from the content that ships: learning it takes seconds. */
    readonly modelCache: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing = missingServices()
  if (process.env.TONGDA_TEST_REQUIRE_SERVICES === '1' && missing.length > 0) {
    throw new Error(`services are required but missing: ${missing.join(', ')}`)
  }
  const folder = mkdtempSync(join(tmpdir(), 'tongda-template-'))
  const database = await openEmbedded({ folder, log: silentLog })
  await database.close()
  project.provide('databaseTemplate', join(folder, 'database'))
  const server = serviceUrl('postgres')
  const template = server === undefined ? undefined : await createPostgresTemplate(server)
  project.provide('postgresTemplate', template?.name ?? '')
  // Both by words and by meaning: some tests go by words alone, which does not depend on the encoder.
  project.provide('modelCache', await learnContent(folder))
  // Kept beside the packages: the first browser that asks for the agents' app must not wait for it.
  await buildDeskApp()
  return async () => {
    await template?.dispose()
    rmSync(folder, { recursive: true, force: true })
  }
}
