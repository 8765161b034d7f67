import type { Config } from '../config.ts'
import type { Check } from '../core/check.ts'
import { createNodeBoard, lookAtPostgres } from '../store/index.ts'
import { silentAfterMs } from './node-reports.ts'
import { roleFault } from './role-fault.ts'

const runningNodes = (url: string) =>
  lookAtPostgres(url, (query) => createNodeBoard({ query }).nodes(silentAfterMs))

/** Mailboxes and polled bots, which one node reads, and personal accounts, to which one is signed in. */
const looksAfterAccounts = ({ inboxes }: Config): boolean =>
  inboxes.some(({ channel }) => ['email', 'telegram', 'wechaty'].includes(channel))

/** Whether the nodes that run on this database do all there is to do; nothing where none runs, or only one can. */
export const checkNodes = async (config: Config): Promise<readonly Check[]> => {
  const fault = roleFault(config)
  if (fault !== undefined) return [{ title: `角色 role ${config.server.role}`, passed: false, fix: fault }]
  const { url } = config.database
  if (url === undefined) return []
  try {
    const nodes = await runningNodes(url)
    if (nodes.length === 0) return []
    const title = `节点 nodes: ${nodes.map(({ name, role }) => `${name} ${role}`).join(', ')}`
    const isThere = (role: 'web' | 'worker') =>
      nodes.some((node) => node.role === role || node.role === 'all')
    if (!isThere('worker'))
      return [
        {
          title,
          passed: false,
          fix: '没有节点在回答和发送：启动一个 run one that answers and sends: tongda serve --role worker',
        },
      ]
    if (!isThere('web'))
      return [
        {
          title,
          passed: false,
          fix: '没有节点接收消息、开着工作台：启动一个 run one that takes messages and serves the desk: tongda serve --role web',
        },
      ]
    // Locks hold over all nodes by Redis alone.
    if (
      looksAfterAccounts(config) &&
      config.redis.url === undefined &&
      nodes.filter(({ role }) => role !== 'web').length > 1
    )
      return [
        {
          title,
          passed: false,
          fix: '最近 30 秒内有多个节点看管账号却没有 Redis：各自读同一个邮箱、各自登录同一个个人微信；设置 REDIS_URL several nodes looked after the accounts in the last 30 s without Redis: each reads the same mailbox and signs in to the same personal WeChat; set REDIS_URL',
        },
      ]
    return [{ title, passed: true }]
  } catch {
    // The check of the database says why.
    return []
  }
}
