/**
 * Who a contact is, `POST /cgi-bin/kf/customer/batchget`: nickname, picture, and the UnionID when the company has bound a
 * developer account. Source: developer.work.weixin.qq.com 获取客户基础信息 (95159).
 */
import { z } from 'zod'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { InboundMessage } from '../../src/core/message.ts'
import { cleanText } from '../kit/index.ts'
import type { CallApi } from './client.ts'
import type { WecomConfig } from './manifest.ts'

/** What a message tells of its contact. */
export type Customer = Pick<InboundMessage, 'displayName' | 'unionKey'>

/** Looks contacts up; never fails, a message must not wait for a name. */
export type FindCustomers = (contactKeys: readonly string[]) => Promise<ReadonlyMap<string, Customer>>

const batchSize = 100

const Listed = z.object({
  customer_list: z
    .array(
      z.object({
        external_userid: z.string(),
        nickname: z.string().optional(),
        avatar: z.string().optional(),
        unionid: z.string().optional(),
      }),
    )
    .default([]),
})
const Cached = z.object({
  displayName: z.string().optional(),
  unionKey: z.string().optional(),
  until: z.number(),
})

const customerOf = ({
  nickname,
  unionid,
}: {
  nickname?: string | undefined
  unionid?: string | undefined
}) => ({
  ...(nickname ? { displayName: cleanText(nickname).slice(0, 64) } : {}),
  ...(unionid && unionid.length <= 128 ? { unionKey: cleanText(unionid) } : {}),
})

const parseCached = (value: string | undefined, now: number): Customer | undefined => {
  if (value === undefined) return undefined
  try {
    const { displayName, unionKey, until } = Cached.parse(JSON.parse(value))
    if (until <= now) return undefined
    return {
      ...(displayName === undefined ? {} : { displayName }),
      ...(unionKey === undefined ? {} : { unionKey }),
    }
  } catch {
    return undefined
  }
}

/** Fetches a hundred at a time and remembers them for `customerCacheMs`, also that WeCom knew nothing. */
export const createFindCustomers = (
  config: Pick<WecomConfig, 'customerCacheMs'>,
  host: Pick<ChannelHost, 'inboxId' | 'cache' | 'clock' | 'log'>,
  callApi: CallApi,
  onAvatar: (contactKey: string, address: string) => Promise<void>,
): FindCustomers => {
  const { customerCacheMs } = config
  const keyOf = (contactKey: string): string => `wecom:customer:${host.inboxId}:${contactKey}`
  const now = (): number => host.clock.now().getTime()

  const fetchBatch = async (contactKeys: readonly string[]): Promise<ReadonlyMap<string, Customer>> => {
    const answer = await callApi({
      action: 'fetch contacts',
      path: '/cgi-bin/kf/customer/batchget',
      body: { external_userid_list: contactKeys, need_enter_session_context: 0 },
      timeoutMs: 3_000,
    })
    const listed = Listed.safeParse(answer.kind === 'json' ? answer.data : {})
    const found = new Map(
      (listed.success ? listed.data.customer_list : []).map((each) => [
        each.external_userid,
        customerOf(each),
      ]),
    )
    for (const { external_userid, avatar = '' } of listed.success ? listed.data.customer_list : [])
      if (avatar !== '') await onAvatar(external_userid, avatar)
    for (const contactKey of contactKeys) {
      const value = JSON.stringify({ ...found.get(contactKey), until: now() + customerCacheMs })
      if (customerCacheMs > 0) await host.cache.set(keyOf(contactKey), value, customerCacheMs)
    }
    return found
  }

  return async (contactKeys) => {
    const customers = new Map<string, Customer>()
    const unknown: string[] = []
    try {
      for (const contactKey of new Set(contactKeys)) {
        const cached = parseCached(await host.cache.get(keyOf(contactKey)), now())
        if (cached === undefined) unknown.push(contactKey)
        else customers.set(contactKey, cached)
      }
      for (let at = 0; at < unknown.length; at += batchSize) {
        const batch = await fetchBatch(unknown.slice(at, at + batchSize))
        for (const [contactKey, customer] of batch) customers.set(contactKey, customer)
      }
    } catch (error) {
      const code = error instanceof ChannelError ? error.code : 'unknown'
      host.log.warn({ code }, 'contacts’ names not fetched; their messages go on without')
    }
    return customers
  }
}
