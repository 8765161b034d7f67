import { parseArgs } from 'node:util'
import { killRun } from './kill-run.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    contacts: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const seed = Number(values.seed)
const databaseUrl = process.env.DATABASE_URL
process.stderr.write(`seed ${String(seed)}\n`)

const result = await killRun({
  kills: Number(values.kills),
  contacts: Number(values.contacts),
  seed,
  ...(databaseUrl === undefined ? {} : { databaseUrl }),
  onKill: (kill) => process.stderr.write(`kill ${String(kill)}\n`),
})
process.stdout.write(`${JSON.stringify({ measure: 'kill -9', seed, ...result })}\n`)
const passed = result.lost === 0 && result.inversions === 0 && result.repeats <= result.marked
process.exit(passed ? 0 : 1)
