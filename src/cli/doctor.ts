import type { Command } from 'commander'
import { examineDeeply } from '../app/doctor-deep.ts'
import { examine } from '../app/doctor.ts'
import { print, printChecks } from './terminal.ts'
import { loadConfig } from './settings.ts'

/** Adds `tongda doctor`. */
export const addDoctor = (program: Command): void => {
  program
    .command('doctor')
    .description('look at everything the product needs: ✓ or ✗, and the fix')
    .option('--deep', '也查数据与文件 look through the data and the files too; may take minutes')
    .option('--all-files', '与 --deep 一起：查全部文件 with --deep: every file, not a sample')
    .option('--json', 'as JSON')
    .action(
      async (
        options: { deep?: boolean; allFiles?: boolean; json?: boolean },
        command: Command,
      ): Promise<void> => {
        const config = loadConfig(command)
        const checks = [
          ...(await examine(config)),
          ...(options.deep === true
            ? await examineDeeply(config, { allFiles: options.allFiles === true })
            : []),
        ]
        if (options.json === true) print(JSON.stringify(checks))
        else printChecks(checks)
        if (checks.some(({ passed }) => !passed)) process.exitCode = 1
      },
    )
}
