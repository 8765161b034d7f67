import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { silentLog } from '../../src/core/log.ts'
import { openEmbedded } from '../../src/store/index.ts'
import { missingServices } from './services.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A migrated, empty embedded database that each test file copies: making one takes seconds. */
    readonly databaseTemplate: string
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const missing = missingServices()
  if (process.env.TONGDA_TEST_REQUIRE_SERVICES === '1' && missing.length > 0) {
    throw new Error(`services are required but missing: ${missing.join(', ')}`)
  }
  const folder = mkdtempSync(join(tmpdir(), 'tongda-template-'))
  const database = await openEmbedded({ folder, log: silentLog })
  await database.close()
  project.provide('databaseTemplate', join(folder, 'database'))
  return () => rmSync(folder, { recursive: true, force: true })
}
