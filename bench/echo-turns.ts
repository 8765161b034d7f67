import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { round } from './load.ts'
import { report } from './report.ts'

const run = promisify(execFile)
const text = '大会员怎么退款'

/** Echo turns a second of botbuilder: a bot that says what it hears, on the package's own adapter for tests. */
const botbuilderRate = async (): Promise<number> => {
  const { ActivityHandler, TestAdapter } = await import('botbuilder')
  const bot = new ActivityHandler()
  bot.onMessage(async (context, next) => {
    await context.sendActivity(context.activity.text)
    await next()
  })
  const measure = async (forMs: number): Promise<number> => {
    const adapter = new TestAdapter((context) => bot.run(context))
    const startedAt = performance.now()
    let turns = 0
    for (; performance.now() - startedAt < forMs; turns += 1) {
      await adapter.receiveActivity(text)
      if (adapter.getNextReply().text !== text) throw new Error('botbuilder did not answer')
    }
    return turns / ((performance.now() - startedAt) / 1_000)
  }
  await measure(2_000)
  return measure(8_000)
}

const koishi = ['koishi@4.18.11', '@koishijs/plugin-mock@2.6.6']

/** The same of Koishi, which is no dependency of the product: it is fetched from the registry for the run. */
const koishiRate = async (): Promise<number> => {
  const cwd = mkdtempSync(join(tmpdir(), 'tongda-koishi-'))
  try {
    writeFileSync(join(cwd, 'package.json'), '{"private":true}')
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...koishi], { cwd })
    const script = fileURLToPath(new URL('./koishi-echo.mjs', import.meta.url))
    return Number((await run(process.execPath, [script], { cwd })).stdout)
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

/** What frameworks do that keep nothing: echo turns in memory, to stand beside the durable rate. */
export const echoTurns = async (): Promise<void> => {
  report('echo-turns-in-memory', {
    botbuilderPerSecond: round(await botbuilderRate()),
    koishiPerSecond: round(await koishiRate()),
  })
}
