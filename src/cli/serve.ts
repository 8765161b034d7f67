import pc from 'picocolors'
import { Option, type Command } from 'commander'
import { startApp, type App } from '../app.ts'
import type { Config } from '../config.ts'
import { nodeRoles, type NodeRole } from '../core/node-role.ts'
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

/** What the command line says wins. */
const withRole = (config: Config, role: NodeRole = config.server.role): Config => ({
  ...config,
  server: { ...config.server, role },
})

/** Says where everything is. */
const announce = ({ server, inboxes, production, help }: Config, { url, signInUrl }: App): void => {
  if (server.role === 'worker') {
    remark(`  后台节点 worker  ${pc.cyan(`${url}/readyz`)}`)
    return
  }
  if (server.role === 'web')
    remark(
      '  这个节点不回答也不发送，旁边要有一个 worker this node neither answers nor sends; a worker must run beside it',
    )
  if (inboxes.length === 0 && !production) remark(`  沙盒 sandbox    ${pc.cyan(`${url}/sandbox`)}`)
  remark(`  工作台 desk     ${pc.cyan(`${url}/desk`)}`)
  if (help.enabled) remark(`  帮助中心 help   ${pc.cyan(`${url}/help`)}`)
  if (signInUrl !== undefined) remark(`  一次性登录链接 one-time sign-in link\n    ${pc.cyan(signInUrl)}`)
}

/** Adds `tongda serve`. */
export const addServe = (program: Command): void => {
  program
    .command('serve')
    .description('run the product: web server, channels, bot, desk')
    .addOption(
      new Option(
        '--role <role>',
        'what this node does where several run; wins over server.role and TONGDA_ROLE',
      ).choices(nodeRoles),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  npm start\n  TONGDA_PORT=9000 npm start\n  npm run -s tongda -- serve -c /etc/tongda.yaml\n  npm run -s tongda -- serve --role worker',
    )
    .action(async ({ role }: { role?: NodeRole }, command: Command) => {
      const config = withRole(loadConfig(command), role)
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
      announce(config, app)
    })
}
