import type { Command } from 'commander'
import type { VersionLine } from '../app/knowledge-lines.ts'
import { TongdaError } from '../core/errors.ts'
import { readReason } from './reason.ts'
import { print } from './terminal.ts'
import { withKnowledge } from './with-knowledge.ts'

const who = (by: VersionLine['by']): string => (by.kind === 'system' ? '命令行 command line' : by.name)

const line = ({ number, kind, at, by, reason, restored }: VersionLine): string =>
  [
    `v${String(number)}`,
    at.toISOString(),
    kind === 'publish' ? '发布 published' : `回退到 back to v${String(restored ?? 0)}`,
    who(by),
    reason.split('\n')[0],
  ].join('  ')

const wholeNumber = (text: string, from: number, to: number): number => {
  const number = Number(text)
  if (!/^\d{1,9}$/.test(text) || number < from || number > to)
    throw new TongdaError(
      'bad_input',
      `应为 ${String(from)}–${String(to)} 的整数 a whole number between ${String(from)} and ${String(to)} is needed, not ${text}`,
    )
  return number
}

const addVersions = (kb: Command): void => {
  kb.command('versions')
    .description(
      '已发布的版本，最近的在前 what was published, the latest first; 产品运行时也可用 works while the product runs',
    )
    .option('-n, --limit <count>', '最多几个 at most so many', '20')
    .option('--json', 'as JSON')
    .action(async (options: { limit: string; json?: boolean }, command: Command) => {
      const limit = wholeNumber(options.limit, 1, 100)
      const versions = await withKnowledge(command, (knowledge) => knowledge.versions(limit), { reads: true })
      if (options.json === true) print(JSON.stringify(versions))
      else if (versions.length === 0)
        print('还没有发布过，文章以文件为准 nothing was published yet: the files speak')
      else for (const version of versions) print(line(version))
    })
}

const addRollback = (kb: Command): void => {
  kb.command('rollback <number>')
    .description(
      '回到这个版本，立即生效；0 为只用文件 go back to this version at once; 0 is the files alone; 产品运行时也可用 works while the product runs',
    )
    .requiredOption('-r, --reason <why>', '原因，会留在版本记录里 why; it is kept with the version')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s tongda -- kb rollback 12 --reason "新文章把退款说错了 the new article is wrong on refunds"',
    )
    .action(async (number: string, options: { reason: string; json?: boolean }, command: Command) => {
      const target = wholeNumber(number, 0, 999_999_999)
      const reason = readReason(options.reason, '为什么回退 why it is taken back')
      await withKnowledge(command, async (knowledge) => {
        const version = await knowledge.rollBack(target, reason)
        print(options.json === true ? JSON.stringify(version) : `✓ ${line(version)}`)
      })
    })
}

/** Adds `tongda kb versions` and `tongda kb rollback`. */
export const addKnowledgeVersions = (kb: Command): void => {
  addVersions(kb)
  addRollback(kb)
}
