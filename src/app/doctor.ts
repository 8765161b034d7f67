import { accessSync, constants, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { publicUrlOf, type Config } from '../config.ts'
import { silentLog } from '../core/log.ts'
import { openBackbone } from './backbone.ts'
import { reasonOf, type Check } from '../core/check.ts'
import { buildCalendars, warnBefore } from '../calendar/index.ts'
import { readHolidays } from './holidays.ts'
import { checkContent } from './content-files.ts'
import { roomOn } from './disk-room.ts'
import { checkEncoder } from './encoder.ts'
import { checkAnswerTime, checkLanguageModels, checkToolsForModel } from './language-model.ts'
import { checkMcpServers } from './mcp-check.ts'
import { isDemo } from './open-demo.ts'
import { checkDatabase } from './doctor-database.ts'
import { checkNodes } from './doctor-nodes.ts'
import { checkInboxCredentials } from './inbox-credentials.ts'
import { checkProviders } from './provider-check.ts'

const checkNode = (): Check => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const passed = major > 20 || (major === 20 && minor >= 19)
  return {
    title: `Node.js ${process.versions.node}`,
    passed,
    fix: '请安装 install Node.js 20.19 或更新 or newer',
  }
}

const checkFolder = async ({ dataDir }: Config): Promise<Check> => {
  try {
    mkdirSync(dataDir, { recursive: true })
    accessSync(dataDir, constants.W_OK)
    const { freeBytes, isLow } = await roomOn(dataDir)
    return {
      title: `数据目录 data folder ${dataDir}, 可用空间 free space ${String(Math.round(freeBytes / 1_048_576))} MB`,
      passed: !isLow,
      fix: '腾出磁盘空间，或用 dataDir 换一个目录 free some disk space, or choose another folder with dataDir',
    }
  } catch (error) {
    return {
      title: `数据目录 data folder ${dataDir}`,
      passed: false,
      fix: `${reasonOf(error)}; 改成可写，或用 dataDir 换一个目录 make it writable, or choose another with dataDir`,
    }
  }
}

const checkRedis = async (config: Config): Promise<readonly Check[]> => {
  if (config.redis.url === undefined) return []
  try {
    const { bus } = await openBackbone(config, silentLog)
    await bus.close()
    return [{ title: 'Redis', passed: true }]
  } catch (error) {
    return [{ title: 'Redis', passed: false, fix: reasonOf(error) }]
  }
}

const checkArticles = async (config: Config): Promise<Check> => {
  const { faults, articles, intents } = await checkContent(config)
  const [first] = faults
  return {
    title: `${String(articles)} 篇文章 articles, ${String(intents)} 个意图 intents`,
    passed: faults.length === 0,
    ...(first === undefined
      ? {}
      : {
          fix: `${String(faults.length)} 处错误 faults, 第一处在 the first in ${first.file}:${String(first.line)}; 请运行 run tongda kb check`,
        }),
  }
}

/** A calendar that runs out is no fault yet: its days count as ordinary ones. */
const checkCalendars = async (config: Config): Promise<readonly Check[]> => {
  try {
    const imported = await readHolidays(config)
    return buildCalendars(config.calendars, imported).map((calendar) => {
      const remark = warnBefore(calendar, new Date())?.message
      const known = calendar.holidays?.knownUntil
      const title = `日历 calendar ${calendar.name}${known === undefined ? '' : `, 节假日知道到 holidays known until ${known}`}`
      return { title, passed: true, ...(remark === undefined ? {} : { remark }) }
    })
  } catch {
    // The check of the database says why.
    return []
  }
}

const isFree = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, host, () => probe.close(() => resolve(true)))
  })

const answersReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) })).ok
  } catch {
    return false
  }
}

const localUrl = ({ server }: Config): string => `http://127.0.0.1:${String(server.port)}`

const checkPort = async (config: Config): Promise<Check> => {
  const { host, port } = config.server
  if (port === 0 || (await isFree(port, host)))
    return { title: `端口 port ${String(port)} (${host}) 可用 is free`, passed: true }
  if (await answersReady(localUrl(config)))
    return { title: `端口 port ${String(port)}: 产品正在运行 the product is running and ready`, passed: true }
  return {
    title: `端口 port ${String(port)} (${host})`,
    passed: false,
    fix: '被别的程序占用；请停掉它，或设置 TONGDA_PORT another program listens there; stop it, or set TONGDA_PORT',
  }
}

const checkExposure = (config: Config): readonly Check[] => {
  if (!config.production)
    return [
      {
        title: isDemo(config)
          ? '沙盒已开，仅供试用 sandbox on: for trying only'
          : '没有沙盒：已配置收件箱 no sandbox: inboxes are configured',
        passed: true,
        remark: '真实用户到来之前请设 production: true set it before real users come',
      },
    ]
  const url = publicUrlOf(config.server)
  return [
    {
      title: `公开网址 public address ${url}`,
      passed: url.startsWith('https://'),
      fix: '把 server.publicUrl 设为 https 网址，http 下客服无法登录 set server.publicUrl to the https address; agents cannot sign in over plain http',
    },
    {
      title: `${String(config.inboxes.length)} 个收件箱 inboxes`,
      passed: config.inboxes.length > 0,
      fix: '在 inboxes 下加一节，见渠道的 README add a section under inboxes; see the README of the channel',
    },
  ]
}

/** Looks at everything the product needs; opens and closes what it finds, changes nothing. */
export const examine = async (config: Config): Promise<readonly Check[]> => {
  const credentials = config.inboxes.map(checkInboxCredentials)
  return [
    checkNode(),
    await checkFolder(config),
    await checkDatabase(config),
    ...(await checkRedis(config)),
    ...(await checkNodes(config)),
    await checkArticles(config),
    ...(await checkCalendars(config)),
    await checkEncoder(config),
    ...(await checkLanguageModels(config)),
    ...checkAnswerTime(config),
    ...checkToolsForModel(config),
    ...(await checkMcpServers(config)),
    await checkPort(config),
    ...checkExposure(config),
    ...(await checkProviders(config)),
    ...(await Promise.all(credentials)).flat(),
  ]
}
