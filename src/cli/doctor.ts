import type { Command } from 'commander'
import { examine } from '../app/doctor.ts'
import { print, printChecks } from './terminal.ts'
import { loadConfig } from './settings.ts'

/** Adds `tongda doctor`. */
export const addDoctor = (program: Command): void => {
  program
    .command('doctor')
    .description('look at everything the product needs: ✓ or ✗, and the fix')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const checks = await examine(loadConfig(command))
      if (options.json === true) print(JSON.stringify(checks))
      else printChecks(checks)
      if (checks.some(({ passed }) => !passed)) process.exitCode = 1
    })
}
