import { open } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { basename } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import pc from 'picocolors'
import { findCalendar } from '../app/calendars.ts'
import { readHolidays, withHolidays } from '../app/holidays.ts'
import {
  buildCalendars,
  calendarName,
  changeOf,
  changesNothing,
  chinaSet,
  daysOfMonth,
  isCivilDate,
  isOpen,
  maxImportBytes,
  nextOpening,
  previewImport,
  readImport,
  warnBefore,
  weekdayName,
  writeRule,
  type ImportPreview,
} from '../calendar/index.ts'
import type { Calendar } from '../core/calendar.ts'
import { TongdaError } from '../core/errors.ts'
import { loadConfig } from './settings.ts'
import { checkLine, print, remark } from './terminal.ts'

interface JsonOption {
  readonly json?: boolean
}

const calendarsOf = async (command: Command): Promise<readonly Calendar[]> => {
  const config = loadConfig(command)
  return buildCalendars(config.calendars, await readHolidays(config))
}

const factsOf = (calendar: Calendar, now: Date) => {
  const { name, timeZone, holidays } = calendar
  const next = nextOpening(calendar, now)
  return {
    name,
    timeZone,
    ...(holidays === undefined ? {} : { holidays: holidays.set }),
    ...(holidays?.knownUntil === undefined ? {} : { knownUntil: holidays.knownUntil }),
    open: isOpen(calendar, now),
    ...(next === undefined ? {} : { nextOpening: next.toISOString() }),
  }
}

/** A moment as the calendar's own clock shows it. */
const local = (iso: string, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(new Date(iso))

const list = async (options: JsonOption, command: Command): Promise<void> => {
  const facts = (await calendarsOf(command)).map((calendar) => factsOf(calendar, new Date()))
  if (options.json === true) {
    print(JSON.stringify(facts))
    return
  }
  for (const { name, timeZone, holidays, knownUntil, open: isNow, nextOpening: next } of facts) {
    const opens =
      next === undefined ? '两年内不营业 closed for two years' : `${local(next, timeZone)} 开始 opens`
    const known = holidays === undefined ? '' : `  节假日 holidays ${holidays} 至 until ${knownUntil ?? '?'}`
    print(`${name.padEnd(16)}${timeZone.padEnd(20)}${isNow ? '营业中 open' : opens}${known}`)
  }
}

const thisMonth = (): string => new Date().toISOString().slice(0, 7)

const parseMonth = (text: string): string => {
  if (!isCivilDate(`${text}-01`)) throw new InvalidArgumentError('写成 write e.g. 2026-10')
  return text
}

/** Says that a day is unknown only where it is. */
const daysOf = (calendar: Calendar, month: string) =>
  daysOfMonth(calendar, month).map(({ isUnknown, ...day }) => ({
    ...day,
    ...(isUnknown ? { unknown: true } : {}),
  }))

const marks: Readonly<Record<string, string>> = { closed: '休', workday: '班', ordinary: '平' }

const show = async (
  name: string,
  { month, json }: JsonOption & { readonly month: string },
  command: Command,
): Promise<void> => {
  const days = daysOf(findCalendar(await calendarsOf(command), name), month)
  if (json === true) {
    print(JSON.stringify(days))
    return
  }
  for (const { date, weekday, hours, rule, name: called = '', unknown } of days) {
    const mark = rule === undefined ? '' : (marks[rule] ?? rule)
    const remarks = [mark, called, ...(unknown === true ? ['节假日未知 holidays unknown'] : [])]
    const words = remarks.filter((word) => word !== '').join(' ')
    print(`${date} ${weekdayName(weekday)} ${weekday}  ${hours.padEnd(26)}${words}`.trimEnd())
  }
}

const tooLarge = (): TongdaError =>
  new TongdaError(
    'bad_input',
    '导入内容超过 1 MB，请按年份拆开 the import is larger than 1 MB; split it by year',
  )

/** Reads to the end, but no more than an import may hold. */
const readAll = async (stream: AsyncIterable<unknown>): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    const piece = Buffer.from(chunk as Uint8Array)
    bytes += piece.length
    if (bytes > maxImportBytes) throw tooLarge()
    chunks.push(piece)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const readFile = async (path: string): Promise<string> => {
  const file = await open(path).catch((error: unknown) => {
    throw new TongdaError('bad_input', `读不到 cannot read ${path}: ${String(error)}`)
  })
  try {
    return await readAll(file.createReadStream({ autoClose: false }))
  } finally {
    await file.close()
  }
}

interface ImportCommand extends JsonOption {
  readonly paste?: boolean
  readonly dryRun?: boolean
  readonly set: string
  readonly year?: number
  readonly knownUntil?: string
  readonly unmarked: 'skip' | 'closed'
}

const printPreview = ({
  added,
  changed,
  unchanged,
  faults,
  skipped,
  knownUntil,
  gap,
}: ImportPreview): void => {
  for (const { date, rule, name = '' } of added)
    print(pc.green(`+ ${date} ${writeRule(rule)} ${name}`.trimEnd()))
  for (const { date, rule, before, name = '' } of changed)
    print(pc.yellow(`~ ${date} ${writeRule(before)} → ${writeRule(rule)} ${name}`.trimEnd()))
  for (const { line, text } of skipped)
    remark(pc.dim(`第 ${String(line)} 行略过 line ${String(line)} left out: ${text.slice(0, 60)}`))
  for (const { line, problem, fix } of faults)
    print(checkLine(false, `第 ${String(line)} 行 line ${String(line)}: ${problem}`, fix))
  print(
    `新增 added ${String(added.length)}, 改变 changed ${String(changed.length)}, 不变 unchanged ${String(unchanged.length)}, 有误 wrong ${String(faults.length)}`,
  )
  const { before = '?', after = '?' } = knownUntil
  print(
    before === after
      ? `节假日仍知道到 still known until ${after}`
      : `节假日知道到 known until ${before} → ${after}`,
  )
  if (gap !== undefined)
    remark(
      `${gap.from} – ${gap.to} 还没有安排，先导入那一段 is still unknown; import that time first, then this again`,
    )
}

const sourceOf = (file: string | undefined, { paste }: ImportCommand): string => {
  if (paste === true && file === undefined) return 'paste'
  if (paste !== true && file !== undefined) return basename(file)
  throw new TongdaError(
    'bad_input',
    '给一个文件，或用 --paste 从标准输入读 give a file, or --paste to read standard input',
  )
}

const importInto = async (
  file: string | undefined,
  options: ImportCommand,
  command: Command,
): Promise<void> => {
  const config = loadConfig(command)
  const source = sourceOf(file, options)
  const text = file === undefined ? await readAll(process.stdin) : await readFile(file)
  const read = readImport(text, options)
  const shown = (known: Awaited<ReturnType<typeof readHolidays>>): ImportPreview => {
    const preview = previewImport(options.set, read, known)
    if (options.json === true) print(JSON.stringify(preview))
    else printPreview(preview)
    return preview
  }
  const origin = { source, importedAt: new Date(), importedBy: userInfo().username }
  if (options.dryRun === true) {
    // Says what is wrong with it, too.
    changeOf(shown(await readHolidays(config)), origin)
    return
  }
  await withHolidays(config, async (holidays) => {
    const preview = shown(await holidays.list())
    const change = changeOf(preview, origin)
    if (changesNothing(preview)) return
    await holidays.apply(change)
    if (options.json !== true) print(checkLine(true, `已导入 imported into ${options.set}`))
  })
}

const check = async (options: JsonOption, command: Command): Promise<void> => {
  const calendars = await calendarsOf(command)
  const warnings = calendars.flatMap((calendar) => warnBefore(calendar, new Date()) ?? [])
  if (options.json === true) print(JSON.stringify(warnings))
  else {
    for (const { message } of warnings) print(checkLine(false, message))
    if (warnings.length === 0)
      print(checkLine(true, `${String(calendars.length)} 个日历都够用 calendars, none runs out`))
  }
  if (warnings.length > 0) process.exitCode = 1
}

const parseYear = (text: string): number => {
  const year = Number(text)
  if (!Number.isInteger(year) || year < 1949 || year > 2200)
    throw new InvalidArgumentError('写成 write e.g. 2027')
  return year
}

const parseDate = (text: string): string => {
  if (!isCivilDate(text)) throw new InvalidArgumentError('写成 write e.g. 2027-12-31')
  return text
}

const parseSet = (text: string): string => {
  if (!calendarName.test(text))
    throw new InvalidArgumentError('小写字母、数字、连字符 lower-case letters, digits, hyphens')
  return text
}

const parseUnmarked = (text: string): string => {
  if (text !== 'skip' && text !== 'closed') throw new InvalidArgumentError('skip 或 or closed')
  return text
}

const addImport = (calendar: Command): void => {
  calendar
    .command('import [file]')
    .description(
      '导入放假和调休安排：.ics、JSON 或粘贴的通知 import holidays and make-up workdays: .ics, JSON or pasted lines; shows what changes, all or nothing',
    )
    .option('--paste', '从标准输入读 read standard input')
    .option('--dry-run', '只看不改 show what would change, change nothing')
    .option(
      '--set <name>',
      '哪一组节假日，或一个日历的名字 which set, or the name of one calendar',
      parseSet,
      chinaSet,
    )
    .option('--year <year>', '没写年份的日期属于哪年 the year of dates without one', parseYear)
    .option('--known-until <date>', '到哪天为止的安排已知 the last date for which they are known', parseDate)
    .option(
      '--unmarked <what>',
      '.ics 中没标休班的全天日程 all-day events without 休 or 班: skip, closed',
      parseUnmarked,
      'skip',
    )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run -s tongda -- calendar import 2027.json --dry-run\n  echo "2027-10-01~2027-10-07 休 国庆节" | npm run -s tongda -- calendar import --paste',
    )
    .action(importInto)
}

/** Adds `tongda calendar`. */
export const addCalendar = (program: Command): void => {
  const calendar = program
    .command('calendar')
    .description('日历：营业时间、节假日、调休 calendars: opening hours, holidays, make-up workdays')
  calendar
    .command('list')
    .description('列出日历 list the calendars, whether they are open, and how long their holidays are known')
    .option('--json', 'as JSON')
    .action(list)
  calendar
    .command('show <name>')
    .description('一个月里每天的营业时间 the hours of each day of a month')
    .option('--month <month>', '月份 month, e.g. 2026-10', parseMonth, thisMonth())
    .option('--json', 'as JSON')
    .action(show)
  addImport(calendar)
  calendar
    .command('check')
    .description('哪些日历快要用完 which calendars run out; exit status 1 when one does')
    .option('--json', 'as JSON')
    .action(check)
}
