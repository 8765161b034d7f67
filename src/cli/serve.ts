import type { Command } from 'commander'
import pc from 'picocolors'
import { startApp, type App } from '../app.ts'
import { loadConfig } from './settings.ts'
import { fail, remark } from './terminal.ts'

/** A signal ends it gracefully, one that comes during the start as soon as there is something to end. */
const stopOnSignal = (starting: Promise<App>): void => {
  let stopping = false
  const stop = async (): Promise<void> => {
    await (await starting).stop()
    process.exit(0)
  }
  const end = (): void => {
    // A second signal means now.
    if (stopping) process.exit(1)
    stopping = true
    remark('正在停止… stopping')
    stop().catch(fail)
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}

/** Adds `tongda serve`. */
export const addServe = (program: Command): void => {
  program
    .command('serve')
    .description('run the product: web server, channels, bot, desk')
    .addHelpText(
      'after',
      '\nExamples:\n  npm start\n  TONGDA_PORT=9000 npm start\n  npm run -s tongda -- serve -c /etc/tongda.yaml',
    )
    .action(async (_options: unknown, command: Command) => {
      const config = loadConfig(command)
      const startedAt = performance.now()
      remark(
        '通答 Tongda 正在启动… starting; 第一次启动要建库、学习知识，需要十几秒 (the first start takes some seconds)',
      )
      const starting = startApp({ config })
      stopOnSignal(starting)
      const app = await starting.catch((error: unknown) => {
        fail(error)
        // Parts that had started would keep the process, and its data folder, alive.
        process.exit()
      })
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
      remark(`${pc.green('✓')} 已就绪 ready in ${seconds} s`)
      if (config.inboxes.length === 0 && !config.production)
        remark(`  沙盒 sandbox    ${pc.cyan(`${app.url}/sandbox`)}`)
      remark(`  工作台 desk     ${pc.cyan(`${app.url}/desk`)}`)
      if (config.help.enabled) remark(`  帮助中心 help   ${pc.cyan(`${app.url}/help`)}`)
      if (app.signInUrl !== undefined)
        remark(`  一次性登录链接 one-time sign-in link\n    ${pc.cyan(app.signInUrl)}`)
    })
}
