import type { Command } from 'commander'
import { withStore } from '../app/with-store.ts'
import type { AuditLink, AuditVerdict } from '../core/audit.ts'
import { TongdaError } from '../core/errors.ts'
import { createAuditLog } from '../store/index.ts'
import { loadConfig } from './settings.ts'
import { print } from './terminal.ts'

const faults = {
  changed: '内容被改过 is not as it was written',
  'missing-before': '前面缺少记录 does not follow the line before it: lines are missing or were replaced',
  replaced: '与记下的不同 is not the one that was noted: the log was replaced up to it',
  'missing-end': '记下的这条已经不在 was noted and is gone: the end of the log was cut off',
} as const

const report = ({ lines, head, fault, noted }: AuditVerdict): void => {
  if (fault !== undefined)
    throw new TongdaError(
      'conflict',
      `✗ 第 ${String(fault.number)} 条 line ${String(fault.number)}: ${faults[fault.what]}; 请保留数据库备份并查明是谁改的 keep a backup of the database and find out who changed it`,
    )
  print(`✓ ${String(lines)} 条记录前后相连、未被改动 lines follow each other and are as they were written`)
  if (noted === 'same') print('✓ 与记下的一致 the line that was noted is the same')
  if (noted === 'retired')
    print(
      '· 记下的那条已过保存期，无法比对 the line that was noted is past its retention: nothing to compare',
    )
  if (head !== undefined) print(`  ${String(head.number)}:${head.hash}`)
}

/** "number:hash" as `verify` prints it. Throws `bad_input` for anything else. */
const readLink = (text: string): AuditLink => {
  const [, number, hash] = /^\s*([1-9]\d{0,14})\s*[:\s]\s*([0-9a-f]{64})\s*$/.exec(text) ?? []
  if (number === undefined || hash === undefined)
    throw new TongdaError(
      'bad_input',
      `--noted 要写成 编号:校验值，即 audit verify 上次打印的最后一行 takes number:hash, the last line that audit verify printed then; not ${text}`,
    )
  return { number: Number(number), hash }
}

/** Adds `tongda audit`. */
export const addAudit = (program: Command): void => {
  const audit = program.command('audit').description('操作记录 who did what')
  audit
    .command('verify')
    .description(
      '核对记录是否被改动 check that no line was changed or removed; 产品运行时也可用 works while the product runs',
    )
    .option('--noted <number:hash>', '与以前记下的一条比对 compare with a line that was noted before')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\n最后一行的“编号:校验值”请另存一处；日后用 --noted 核对，可证明之前的记录没有被整体替换或截断。\nKeep the last line, number:hash, somewhere else: with --noted it proves later that nothing before was replaced, nor the end cut off.',
    )
    .action(async (options: { noted?: string; json?: boolean }, command: Command) => {
      const noted = options.noted === undefined ? undefined : readLink(options.noted)
      await withStore(loadConfig(command), {
        reads: true,
        here: (database) => createAuditLog(database),
        there: ({ audit: log }) => log,
        work: async (log) => {
          const verdict = await log.verify(noted)
          if (options.json === true) print(JSON.stringify(verdict))
          report(verdict)
        },
      })
    })
}
