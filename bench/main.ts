import { parseArgs } from 'node:util'
import { channelLatency } from './channels.ts'
import { channelMemory } from './memory.ts'
import { conversationMemory, firstAnswer, latency, rate, rateOfTwo } from './official-account.ts'
import { deskSpeed } from './desk.ts'
import { echoTurns } from './echo-turns.ts'
import { withOwnDatabase } from './own-database.ts'
import { channelParsers } from './parsers.ts'
import { quality, qualityParts } from './quality/run.ts'
import { races } from './races.ts'
import { report } from './report.ts'
import { scale } from './scale.ts'
import { spikes } from './spikes.ts'
import { themes } from './themes.ts'
import { timersRun } from './timers-run.ts'
import { wholeTurn } from './turn.ts'
import { volume } from './volume.ts'

const onPostgres = (measure: (database: string, url: string) => Promise<void>) => async (): Promise<void> => {
  const url = process.env.TONGDA_TEST_POSTGRES
  if (url === undefined) {
    process.stderr.write('bench: no PostgreSQL, left out; run it as scripts/with-services.sh npm run bench\n')
    return
  }
  await withOwnDatabase(url, (own) => measure('postgresql', own))
}

const { values: options, positionals: wanted } = parseArgs({
  options: {
    data: { type: 'string' },
    teacher: { type: 'string' },
    url: { type: 'string' },
    only: { type: 'string' },
  },
  allowPositionals: true,
})

/** Needs data that is not in the repository: docs/quality.md. */
const onData = (parts: typeof qualityParts) => async (): Promise<void> => {
  if (options.data === undefined)
    process.stderr.write('bench: no data, quality left out; run it as npm run bench -- quality --data DIR\n')
  else await quality(options.data, { wanted: parts, teacher: options.teacher })
}

/** A thousand timers in a minute, with the processes killed five times. */
const timers = async (database: string, url?: string): Promise<void> => {
  const seed = Date.now() % 1_000_000
  const hard = { timers: 1_000, withinMs: 60_000, kills: 5, seed }
  const result = await timersRun(url === undefined ? hard : { ...hard, url })
  report('timers', { database, seed, ...result })
}

const measures: Readonly<Record<string, () => Promise<void>>> = {
  start: firstAnswer,
  latency: () => latency('embedded'),
  rate: () => rate('embedded'),
  'latency-postgresql': onPostgres(latency),
  'rate-postgresql': onPostgres(rate),
  channels: channelLatency,
  parsers: channelParsers,
  memory: async () => {
    await channelMemory()
    await conversationMemory('embedded')
  },
  'memory-postgresql': onPostgres(conversationMemory),
  timers: () => timers('embedded'),
  'timers-postgresql': onPostgres(timers),
  turn: () => wholeTurn({ articles: 1_000 }),
  quality: onData(qualityParts),
}

/** Parts of a measure above, and what takes long: only by their names. */
const partial: Readonly<Record<string, () => Promise<void>>> = {
  ...Object.fromEntries(qualityParts.map((part) => [`quality-${part}`, onData([part])])),
  // Fetches Koishi from the registry.
  echo: echoTurns,
  // The database should have cores of its own.
  'rate-two-nodes': onPostgres(async (_, url) => {
    const redisUrl = process.env.TONGDA_TEST_REDIS
    if (redisUrl === undefined)
      process.stderr.write(
        'bench: no Redis, left out; run it as scripts/with-services.sh npm run bench -- rate-two-nodes\n',
      )
    else await rateOfTwo(url, redisUrl)
  }),
  // In Chromium, on 10 000 tickets.
  desk: deskSpeed,
  // Minutes each.
  themes,
  spikes,
  // Fifty people try a thousand tickets each.
  races: onPostgres(async (database, url) => {
    const seed = Date.now() % 1_000_000
    report('races', { database, seed, ...(await races({ url, agents: 50, tickets: 1_000, seed })) })
  }),
  // A past of a million messages, and what it costs: docs/capacity.md.
  volume: onPostgres((_, url) => volume(url, [1_000_000])),
  // On a database that tongda seed filled: docs/performance.md.
  scale: async () => {
    if (options.url === undefined)
      process.stderr.write(
        'bench: no database, scale left out; run it as npm run bench -- scale --url postgres://…\n',
      )
    else await scale(options.url, options.only)
  },
  // About 100 000 questions; learning them takes minutes.
  'turn-large': () => wholeTurn({ articles: 1_000, similar: 100 }),
}

// npm run bench -- channels parsers: only these.
const unknown = wanted.filter((name) => (measures[name] ?? partial[name]) === undefined)
if (unknown.length > 0) {
  process.stderr.write(
    `bench: no measure ${unknown.join(', ')}; there are ${[...Object.keys(measures), ...Object.keys(partial)].join(', ')}\n`,
  )
  process.exitCode = 2
} else {
  for (const [name, measure] of Object.entries(measures))
    if (wanted.length === 0 || wanted.includes(name)) await measure()
  for (const name of wanted) await partial[name]?.()
}
