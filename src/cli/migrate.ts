import type { Command } from 'commander'
import { openStore } from '../app/store.ts'
import { migrateJobs } from '../jobs/index.ts'
import { createLog } from '../log.ts'
import { loadConfig } from './settings.ts'
import { print } from './terminal.ts'

/** Adds `tongda migrate`. */
export const addMigrate = (program: Command): void => {
  program
    .command('migrate')
    .description('bring the database up to this version; serve does the same at its start')
    .action(async (_options: unknown, command: Command) => {
      const config = loadConfig(command)
      const log = createLog({ level: config.logLevel })
      const database = await openStore(config, log)
      await migrateJobs(database, log).finally(() => database.close())
      print(
        `✓ ${database.kind === 'embedded' ? `内置数据库 embedded database in ${config.dataDir}` : 'PostgreSQL'} 已是最新 is up to date`,
      )
    })
}
