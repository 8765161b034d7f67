// Echo turns a second of Koishi, in memory. Runs where the package is installed, in the folder it is started in.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import process from 'node:process'

const require = createRequire(join(process.cwd(), 'package.json'))
const { App } = require('koishi')
const mock = require('@koishijs/plugin-mock')

const text = '大会员怎么退款'
const app = new App({ prefix: [] })
app.plugin(mock.default ?? mock)
app.middleware((session) => session.content)
await app.start()
// One after the other: the mock looks through the waiting of all its clients at each message.
const client = app.mock.client('bench')

const measure = async (forMs) => {
  const startedAt = performance.now()
  let turns = 0
  for (; performance.now() - startedAt < forMs; turns += 1) {
    const [reply] = await client.receive(text)
    if (reply !== text) throw new Error(`Koishi answered ${String(reply)}`)
  }
  return turns / ((performance.now() - startedAt) / 1_000)
}

await measure(2_000)
process.stdout.write(String(await measure(8_000)))
process.exit(0)
