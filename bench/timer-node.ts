// A process that fires timers and writes down when: what `timers-run.ts` starts and kills.
import { setTimeout as delay } from 'node:timers/promises'
import { createBell } from '../src/core/bell.ts'
import { silentLog } from '../src/core/log.ts'
import { onTimer } from '../src/core/timers.ts'
import { startTimers } from '../src/jobs/index.ts'
import { createTimerStore } from '../src/store/index.ts'
import { benchTimer, openBenchDatabase } from './timer-bench-database.ts'

/** Between the two things that a moment does, so that some kills fall there. */
const halfWayMs = 2

const [folder = '', url] = process.argv.slice(2)
const database = await openBenchDatabase({ folder, ...(url === undefined ? {} : { url }) })
const bell = createBell()
const store = createTimerStore(database)
startTimers({
  store,
  handlers: [
    onTimer(benchTimer, async (transaction, { key }) => {
      await transaction(`insert into fired (key, half, at) values ($1, 1, clock_timestamp())`, [key])
      await delay(halfWayMs)
      await transaction(`insert into fired (key, half, at) values ($1, 2, clock_timestamp())`, [key])
      return undefined
    }),
  ],
  bell,
  aheadMs: () => 0,
  atOnce: database.kind === 'embedded' ? 1 : 4,
  log: silentLog,
})
process.send?.('ready')
// The embedded database can be asked by this process alone.
while ((await store.depth(0)).length > 0) await delay(200)
// Again and again: whoever waits for it may still be starting another.
setInterval(() => process.send?.('empty'), 200)
