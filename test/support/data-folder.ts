import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'

/** Puts into a data folder what all tests share: a database and what was learned take seconds to make. */
export const fillDataFolder = (folder: string): void => {
  cpSync(inject('databaseTemplate'), join(folder, 'database'), { recursive: true })
  cpSync(inject('modelCache'), join(folder, 'cache'), { recursive: true })
}

/** A new data folder with what all tests share. */
export const newDataFolder = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `tongda-${name}-`))
  fillDataFolder(folder)
  return folder
}
