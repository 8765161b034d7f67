import type { Command } from 'commander'
import { z } from 'zod'
import { fillDatabase, openSeeder, patientConfig } from '../app/seed/fill.ts'
import { openToWrite } from '../app/with-store.ts'
import { TongdaError } from '../core/errors.ts'
import { createLog } from '../log.ts'
import type { Database } from '../store/index.ts'
import { loadConfig } from './settings.ts'
import { print, remark } from './terminal.ts'

const Options = z.object({
  scale: z.coerce.number().positive().max(10).default(1),
  tickets: z.coerce.number().int().min(0).max(10_000_000).default(200_000),
  messages: z.coerce.number().int().min(0).max(100_000_000).default(5_000_000),
  days: z.coerce.number().int().min(1).max(3_650).default(180),
  seed: z.coerce.number().int().min(0).max(1_000_000).default(1),
  yesMix: z.boolean().default(false),
  remove: z.boolean().default(false),
})

const readOptions = (given: unknown): z.output<typeof Options> => {
  const { success, data, error } = Options.safeParse(given)
  if (success) return data
  const faults = error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`)
  throw new TongdaError('bad_input', faults.join('\n'))
}

/** Redraws one line in a terminal; elsewhere a line for each kind of step. */
const createProgress = () => {
  let last = ''
  return (step: string, done: number, of: number): void => {
    const filled = Math.round((done / of) * 24)
    const bar = `${'█'.repeat(filled)}${'░'.repeat(24 - filled)}`
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${bar} ${step}${done === of ? '\n' : ''}`)
    else if (step !== last) remark(`${String(Math.round((done / of) * 100))} %  ${step}`)
    last = step
  }
}

const withDatabase = async (
  command: Command,
  work: (database: Database, config: ReturnType<typeof loadConfig>) => Promise<void>,
): Promise<void> => {
  const config = patientConfig(loadConfig(command))
  const database = await openToWrite(config, createLog({ level: config.logLevel }))
  await work(database, config).finally(() => database.close())
}

const fill = async (command: Command, options: z.output<typeof Options>): Promise<void> => {
  const { scale, days, seed, yesMix: mix } = options
  const [tickets, messages] = [options.tickets, options.messages].map((count) => Math.round(count * scale))
  if (tickets === undefined || messages === undefined || messages < tickets * 4)
    throw new TongdaError('bad_input', '每张工单至少四条消息 give at least four messages for each ticket')
  await withDatabase(command, (database, config) =>
    fillDatabase({
      ...{ config, database, mix, onStep: createProgress() },
      size: { tickets, messages, days, seed, now: new Date() },
    }),
  )
  print(`✓ 工单 tickets ${String(tickets)}，消息约 messages about ${String(messages)}`)
}

/** Adds `tongda seed`. */
export const addSeed = (program: Command): void => {
  program
    .command('seed')
    .description(
      '灌入大量演示数据，试规模用 fill an empty database with much made-up data, to try the product at scale',
    )
    .option('--scale <factor>', '规模，1 为全量 1: all of it, 0.01: a hundredth', '1')
    .option('--tickets <count>', '工单数 tickets at scale 1', '200000')
    .option('--messages <count>', '消息数 messages at scale 1', '5000000')
    .option('--days <count>', '分布在多少天里 spread over so many days', '180')
    .option('--seed <number>', '随机种子 the same number gives the same data', '1')
    .option('--yes-mix', '库里有真实数据也照做 beside real data too')
    .option('--remove', '清掉演示数据 take the made-up data away')
    .addHelpText(
      'after',
      '\nExample:\n  DATABASE_URL=postgres://localhost/tongda_scale npm run -s tongda -- seed --scale 0.1',
    )
    .action(async (given: unknown, command: Command) => {
      const options = readOptions(given)
      if (!options.remove) await fill(command, options)
      else
        await withDatabase(command, async (database) => {
          print(`✓ 已清掉会话 conversations taken away: ${String(await openSeeder(database).remove())}`)
        })
    })
}
