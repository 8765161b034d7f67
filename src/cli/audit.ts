import type { Command } from 'commander'
import { withStore } from '../app/with-store.ts'
import type { AuditVerdict } from '../core/audit.ts'
import { TongdaError } from '../core/errors.ts'
import { createAuditLog } from '../store/index.ts'
import { loadConfig } from './settings.ts'
import { print } from './terminal.ts'

const faults = {
  changed: '内容被改过 is not as it was written',
  'missing-before': '前面缺少记录 does not follow the line before it: lines are missing or were replaced',
} as const

const report = ({ lines, head, fault }: AuditVerdict): void => {
  if (fault !== undefined)
    throw new TongdaError(
      'conflict',
      `✗ 第 ${String(fault.number)} 条 line ${String(fault.number)}: ${faults[fault.what]}; 请保留数据库备份并查明是谁改的 keep a backup of the database and find out who changed it`,
    )
  print(`✓ ${String(lines)} 条记录前后相连、未被改动 lines follow each other and are as they were written`)
  if (head !== undefined) print(`  ${String(head.number)} ${head.hash}`)
}

/** Adds `tongda audit`. */
export const addAudit = (program: Command): void => {
  const audit = program.command('audit').description('操作记录 who did what')
  audit
    .command('verify')
    .description(
      '核对记录是否被改动 check that no line was changed or removed; 产品运行时也可用 works while the product runs',
    )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\n最后一行的编号和校验值请另存一处，日后可证明之前的记录没有被整体替换。\nKeep the number and hash of the last line somewhere else: they prove later that nothing before was replaced.',
    )
    .action(async (options: { json?: boolean }, command: Command) => {
      await withStore(loadConfig(command), {
        here: (database) => createAuditLog(database),
        there: ({ audit: log }) => log,
        work: async (log) => {
          const verdict = await log.verify()
          if (options.json === true) print(JSON.stringify(verdict))
          report(verdict)
        },
      })
    })
}
