import { parseArgs } from 'node:util'
import { withOwnDatabase } from '../own-database.ts'
import type { Experiment, Ground, Outcome } from './experiment.ts'
import { experiments } from './experiments.ts'
import { learnOnce } from '../learned.ts'
import { startPostgres, startRedis } from './services.ts'

const { values, positionals } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    on: { type: 'string' },
    minutes: { type: 'string' },
    times: { type: 'string' },
    from: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
  allowPositionals: true,
})

const usage = `npm run torture -- [--short] [--on embedded|postgresql] [--seed N] [--minutes N] [--times N] [--from VERSION] [NAME…]; names: ${Object.keys(experiments).join(', ')}`

type Databases = Pick<Ground, 'databaseUrl' | 'redisUrl'>

const withPostgres = async (work: (ground: Databases) => Promise<void>): Promise<void> => {
  const [postgres, redis] = [await startPostgres(), await startRedis()]
  try {
    await withOwnDatabase(postgres.url, (databaseUrl) => work({ databaseUrl, redisUrl: redis.url }))
  } finally {
    await redis.dispose()
    await postgres.dispose()
  }
}

const run = async (
  name: string,
  experiment: Experiment,
  common: Pick<Ground, 'seed' | 'learned'>,
): Promise<boolean> => {
  let passed = true
  const { seed } = common
  const attempt = async (database: string, ground: Databases): Promise<void> => {
    process.stderr.write(`${name} on ${database}, seed ${String(seed)}\n`)
    const outcome: Outcome = await experiment[values.short ? 'short' : 'long']({
      ...{ ...ground, ...common },
      ...(values.minutes === undefined ? {} : { minutes: Number(values.minutes) }),
      ...(values.times === undefined ? {} : { times: Number(values.times) }),
      ...(values.from === undefined ? {} : { from: values.from }),
    })
    process.stdout.write(
      `${JSON.stringify({ experiment: name, database, seed, passed: outcome.passed, ...outcome.figures })}\n`,
    )
    passed &&= outcome.passed
  }
  const isWanted = (database: string): boolean => values.on === undefined || values.on === database
  for (const database of experiment.on.filter(isWanted)) {
    if (database === 'embedded') await attempt(database, { databaseUrl: undefined, redisUrl: undefined })
    else await withPostgres((ground) => attempt(database, ground))
  }
  return passed
}

/** Without a version to begin with there is nothing to replace. */
const canRun = (name: string): boolean => name !== 'upgrade' || values.from !== undefined
const names = positionals.length === 0 ? Object.keys(experiments).filter(canRun) : positionals
const isCount = (text = '1'): boolean => Number.isInteger(Number(text)) && Number(text) > 0
const faults = [
  ...names.filter((name) => experiments[name] === undefined).map((name) => `no experiment ${name}`),
  ...[values.on ?? 'embedded']
    .filter((on) => !['embedded', 'postgresql'].includes(on))
    .map((on) => `no database ${on}`),
  ...(['seed', 'minutes', 'times'] as const)
    .filter((option) => !isCount(values[option]))
    .map((option) => `--${option} is a whole number above 0`),
]
if (faults.length > 0) {
  process.stderr.write(`torture: ${faults.join('; ')}\n${usage}\n`)
  process.exitCode = 2
} else {
  const failed: string[] = []
  const common = { seed: Number(values.seed), learned: await learnOnce() }
  for (const name of names) {
    const experiment = experiments[name]
    if (experiment !== undefined && !(await run(name, experiment, common))) failed.push(name)
  }
  if (failed.length > 0) process.stderr.write(`torture: not as promised: ${failed.join(', ')}\n`)
  process.exit(failed.length > 0 ? 1 : 0)
}
