import { publicUrlOf, type Config, type InboxConfig } from '../config.ts'
import { TongdaError } from '../core/errors.ts'
import type { InboxTraffic } from '../core/inbox.ts'
import { reasonOf, type Check } from '../core/check.ts'
import { openIdleChannel } from './idle-channel.ts'
import { checkInboxCredentials, outgoingAddresses } from './inbox-credentials.ts'
import { openOutlook, type Outlook, type RunningInbox } from './product-outlook.ts'

/** An inbox as `tongda inbox list` tells it; `state` is `unknown` where no product could be asked. */
export interface ListedInbox {
  readonly inboxId: string
  readonly channel: string
  readonly state: RunningInbox['state'] | 'unknown'
  /** Where several nodes may run: which one says so. */
  readonly node?: string
  readonly detail?: string
}

const detailOf = ({ state, lastError, pause }: RunningInbox): string | undefined => {
  if (pause !== undefined) return `暂停发送至 halted until ${pause.until.toISOString()} (${pause.reason})`
  return state === 'failing' ? lastError?.message : undefined
}

const nodeOf = ({ node }: RunningInbox): { readonly node?: string } => (node === undefined ? {} : { node })

/** The configured inboxes and, where the product runs, how each fares on each of its nodes. */
export const listInboxes = async (config: Config): Promise<readonly ListedInbox[]> => {
  const outlook = await openOutlook(config)
  const running = (await outlook.inboxes()).map((status): ListedInbox => {
    const detail = detailOf(status)
    const { inboxId, channel, state } = status
    return { inboxId, channel, state, ...nodeOf(status), ...(detail === undefined ? {} : { detail }) }
  })
  const names = new Set(running.map(({ inboxId }) => inboxId))
  const detail = running.length === 0 ? {} : { detail: '重启产品后生效 restart the product to open it' }
  const others = config.inboxes
    .filter(({ inboxId }) => !names.has(inboxId))
    .map(({ inboxId, channel }): ListedInbox => ({ inboxId, channel, state: 'unknown', ...detail }))
  return [...running, ...others]
}

const stateTitle = '产品里的收件箱 the inbox in the running product'

const checkNode = (status: RunningInbox): Check => ({
  title: `${stateTitle}${status.node === undefined ? '' : ` on ${status.node}`}: ${status.state}`,
  passed: status.state === 'running' && status.pause === undefined,
  fix: detailOf(status) ?? '稍候再查 wait a moment and check again',
})

const checkStates = async (inboxId: string, outlook: Outlook): Promise<readonly Check[]> => {
  const running = await outlook.inboxes()
  const states = running.filter((inbox) => inbox.inboxId === inboxId)
  if (states.length > 0) return states.map(checkNode)
  const fix =
    running.length === 0
      ? '产品没有在运行 the product does not run: npm start'
      : '重启产品以载入新配置 restart the product, it has not read this section'
  return [{ title: stateTitle, passed: false, fix }]
}

const answers = async (url: string, method: string): Promise<number | string> => {
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(8_000),
      ...(method === 'POST' ? { body: '' } : {}),
    })
    await response.body?.cancel()
    return response.status
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : reasonOf(error)
  }
}

const checkPublicUrl = async (publicUrl: string): Promise<Check> => {
  const answer = await answers(`${publicUrl}/readyz`, 'GET')
  return {
    title: `公网地址可从本机访问 ${publicUrl} is reached from this machine`,
    passed: answer === 200,
    fix: `得到 got ${String(answer)}; 检查 server.publicUrl、反向代理和产品是否运行 check server.publicUrl, the proxy, and that the product runs`,
    remark:
      '服务商从公网来，本机能到不代表它能到 a provider comes from outside: this is necessary, not sufficient',
  }
}

const checkRoute = async (inbox: InboxConfig, publicUrl: string): Promise<readonly Check[]> => {
  const { routes } = openIdleChannel(inbox)
  const route = routes.find(({ method }) => method === 'GET') ?? routes[0]
  if (route === undefined) return []
  const url = `${publicUrl}/channels/${inbox.inboxId}${route.path}`
  const answer = await answers(url, route.method)
  // A refusal is an answer: what we send carries no signature.
  const passed = typeof answer === 'number' && answer < 500 && answer !== 404
  return [
    {
      title: `回调地址有应答 ${url} answers (${String(answer)})`,
      passed,
      fix: '重启产品；检查代理是否转发 /channels restart the product; check that the proxy forwards /channels',
    },
  ]
}

const checkCredentials = async (inbox: InboxConfig): Promise<readonly Check[]> => {
  const [first, ...others] = await checkInboxCredentials(inbox)
  if (first === undefined) return []
  const remark = [...(first.remark === undefined ? [] : [first.remark]), outgoingAddresses()].join('\n    · ')
  return [{ ...first, remark }, ...others]
}

const trafficChecks = ({ firstMessageAt, firstReplyAt }: InboxTraffic): readonly Check[] => [
  {
    title: `收到第一条消息 first message seen${firstMessageAt === undefined ? '' : ` (${firstMessageAt.toISOString()})`}`,
    passed: firstMessageAt !== undefined,
    fix: '用另一个账号给它发一条消息 write to the account from another one',
  },
  {
    title: `第一条回复已送达 first reply delivered${firstReplyAt === undefined ? '' : ` (${firstReplyAt.toISOString()})`}`,
    passed: firstReplyAt !== undefined,
    fix: '发一条消息，再看工作台里的投递状态 write a message, then look at its delivery in the desk',
  },
]

/** A live checklist of one inbox. Throws `not_found` for an inbox that is not configured. */
export const checkInbox = async (config: Config, inboxId: string): Promise<readonly Check[]> => {
  const inbox = config.inboxes.find((each) => each.inboxId === inboxId)
  if (inbox === undefined) {
    const names = config.inboxes.map((each) => each.inboxId).join(', ')
    throw new TongdaError(
      'not_found',
      `没有收件箱 ${inboxId} there is no inbox ${inboxId}; 已配置 configured: ${names === '' ? '–' : names}`,
    )
  }
  const publicUrl = publicUrlOf(config.server)
  const outlook = await openOutlook(config)
  return [
    ...(await checkStates(inboxId, outlook)),
    await checkPublicUrl(publicUrl),
    ...(await checkRoute(inbox, publicUrl)),
    ...(await checkCredentials(inbox)),
    ...trafficChecks(await outlook.traffic(inboxId)),
  ]
}
