import type { Command } from 'commander'
import { stringify } from 'yaml'
import { maskConfig } from '../config.ts'
import { print } from './terminal.ts'
import { loadConfig } from './settings.ts'

/** Adds `tongda config`. */
export const addConfig = (program: Command): void => {
  program
    .command('config')
    .description('print the configuration in force, defaults included, secrets masked')
    .option('--json', 'as JSON')
    .action((options: { json?: boolean }, command: Command) => {
      const masked = maskConfig(loadConfig(command))
      print(options.json === true ? JSON.stringify(masked) : stringify(masked).trimEnd())
    })
}
