import type { Command } from 'commander'
import { withStore } from '../app/with-store.ts'
import type { Config } from '../config.ts'
import type { DeadLetter, DeadLetterCount, DeadLetterFilter, DeadLetters } from '../core/dead-letters.ts'
import { TongdaError } from '../core/errors.ts'
import { createDeadLetters } from '../store/index.ts'
import { loadConfig } from './settings.ts'
import { print, remark } from './terminal.ts'

interface ReplayFlags {
  readonly channel?: string
  readonly since?: string
  readonly reason?: string
  readonly all?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
  readonly limit: string
}

const unit: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A span before now, or a moment. */
const readSince = (text: string): Date => {
  const [, number, letter = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  const since =
    number === undefined ? new Date(text) : new Date(Date.now() - Number(number) * (unit[letter] ?? 0))
  if (!Number.isNaN(since.getTime())) return since
  throw new TongdaError(
    'bad_input',
    `--since 写成 30m、12h、7d 或日期 write a span or a date: 30m, 12h, 7d, 2026-11-28T08:00+08:00; not ${text}`,
  )
}

const readLimit = (text: string): number => {
  const limit = Number(text)
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= 1_000) return limit
  throw new TongdaError('bad_input', `--limit 是 1–1000 is a number from 1 to 1000; not ${text}`)
}

const filterOf = (
  { inboxes }: Pick<Config, 'inboxes'>,
  { channel, since, reason }: ReplayFlags,
  ids: readonly string[],
): DeadLetterFilter => ({
  ...(channel === undefined
    ? {}
    : {
        inboxIds: [
          channel,
          ...inboxes.filter((inbox) => inbox.channel === channel).map(({ inboxId }) => inboxId),
        ],
      }),
  ...(since === undefined ? {} : { since: readSince(since) }),
  ...(reason === undefined ? {} : { reason }),
  ...(ids.length === 0 ? {} : { ids }),
})

const line = ({ id, writtenAt, inboxId, reason, tries, error }: DeadLetter): string =>
  `${id}  ${writtenAt.toISOString()}  ${inboxId}  ${reason}  ${String(tries)} 次 tries  ${error.split('\n')[0] ?? ''}`

const total = (counts: readonly DeadLetterCount[]): number =>
  counts.reduce((sum, { count }) => sum + count, 0)

const tellCounts = (counts: readonly DeadLetterCount[]): void => {
  for (const { inboxId, reason, count } of counts) print(`${String(count)}  ${inboxId}  ${reason}`)
}

const show = async (letters: DeadLetters, filter: DeadLetterFilter, options: ReplayFlags): Promise<void> => {
  const counts = await letters.count(filter)
  const found = await letters.list(filter, readLimit(options.limit))
  if (options.json === true) {
    print(JSON.stringify({ counts, letters: found }))
    return
  }
  for (const letter of found) print(line(letter))
  remark(
    `· ${String(total(counts))} 条没有发出；重发请给 id，或加 --all did not go; give ids, or --all, to send them again`,
  )
}

const send = async (letters: DeadLetters, filter: DeadLetterFilter, options: ReplayFlags): Promise<void> => {
  if (options.dryRun === true) {
    const counts = await letters.count(filter)
    if (options.json === true) print(JSON.stringify({ counts, replayed: 0 }))
    else {
      tellCounts(counts)
      print(`试运行，没有重发 dry run, nothing is sent: ${String(total(counts))}`)
    }
    return
  }
  const replayed = await letters.replay(filter)
  if (replayed === 0 && filter.ids !== undefined)
    throw new TongdaError(
      'not_found',
      '没有这样的未发消息 there is no such message that did not go; tongda replay 列出它们 lists them',
    )
  if (options.json === true) print(JSON.stringify({ replayed }))
  else print(`✓ 重新排队 queued again: ${String(replayed)}`)
}

/** Adds `tongda replay`. */
export const addReplay = (program: Command): void => {
  program
    .command('replay [ids...]')
    .description(
      '没有发出的消息：列出；给 id 或 --all 则重发 messages that did not go: lists them; with ids or --all sends them again. 产品运行时也可用 Works while the product runs',
    )
    .option('--all', '符合条件的全部重发 send all that match')
    .option('--channel <name>', '渠道或收件箱 a channel or an inbox')
    .option('--since <time>', '之后写的 written since: 30m, 12h, 7d, or a date')
    .option('--reason <code>', '原因 what the refusal means, e.g. needs_operator')
    .option('--dry-run', '只数不发 count only')
    .option('--limit <number>', '最多列出几条 how many are listed', '50')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run -s tongda -- replay --since 7d\n  npm run -s tongda -- replay --all --channel wechat --reason needs_operator --dry-run',
    )
    .action(async (ids: string[], options: ReplayFlags, command: Command) => {
      if (options.all === true && ids.length > 0)
        throw new TongdaError('bad_input', '给 id 或 --all，只能选一样 give ids or --all, one of them')
      const config = loadConfig(command)
      const filter = filterOf(config, options, ids)
      const sends = options.all === true || ids.length > 0
      await withStore(config, {
        reads: !sends || options.dryRun === true,
        here: createDeadLetters,
        there: ({ letters }) => letters,
        work: (letters) => (sends ? send : show)(letters, filter, options),
      })
    })
}
