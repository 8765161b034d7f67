/** Whether WeCom takes the app's credentials. Source: developer.work.weixin.qq.com 获取access_token, 获取客服账号列表. */
import { z } from 'zod'
import type { CredentialHost } from '../../src/core/channel.ts'
import type { Check } from '../../src/core/check.ts'
import { ChannelError } from '../../src/core/errors.ts'
import { tryCredential, type CredentialFaults } from '../kit/index.ts'
import { createCallApi, type CallApi } from './client.ts'
import type { WecomConfig } from './manifest.ts'

const wrongSecret = 'Secret 不对：到 管理后台 → 应用管理 → 自建 → 该应用 → Secret 查看，填入 secret'

const faults: CredentialFaults = {
  '40013': '企业ID 不对：到 管理后台 → 我的企业 → 企业信息 复制，填入 corpId',
  '40001': wrongSecret,
  '40091': wrongSecret,
  '41004': wrongSecret,
  '60020': '本机出口地址不在名单里：到 管理后台 → 应用管理 → 该应用 → 企业可信IP 加上它',
  '48002': '该应用没有权限：到 管理后台 → 微信客服 → 可调用接口的应用 勾选它',
  '95012': '企业还没有启用微信客服：到 管理后台 → 微信客服 启用',
}

const Accounts = z.object({ account_list: z.array(z.object({ open_kfid: z.string() })).default([]) })

const action = 'list customer-service accounts'
const pageSize = 100

/** The ids of all accounts the app may serve. */
const listAccounts = async (callApi: CallApi): Promise<readonly string[]> => {
  const ids: string[] = []
  for (;;) {
    const body = { offset: ids.length, limit: pageSize }
    const answer = await callApi({ action, path: '/cgi-bin/kf/account/list', body })
    const page = Accounts.safeParse(answer.kind === 'json' ? answer.data : undefined)
    if (!page.success) throw new ChannelError('wecom', 'temporary', `${action}: the answer does not say`)
    const found = page.data.account_list.map(({ open_kfid: id }) => id)
    ids.push(...found)
    if (found.length < pageSize) return ids
  }
}

const missing = (ids: readonly string[], known: readonly string[]): string =>
  `openKfIds 里的 ${ids.join(', ')} 不在该应用可管理的客服账号里：到 管理后台 → 微信客服 → 通过API管理微信客服账号 加上，或改正 openKfIds; the app cannot serve these accounts: add them there, or correct openKfIds; 可用 it can serve: ${known.length === 0 ? '–' : known.join(', ')}`

/** Asks for a token, then for the accounts it opens. */
export const checkCredentials = async (
  config: WecomConfig,
  host: CredentialHost,
): Promise<readonly Check[]> => {
  const callApi = createCallApi(config, host, new AbortController().signal)
  let known: readonly string[] = []
  const called = await tryCredential('企业微信凭证 WeCom credentials (corpId, secret)', faults, async () => {
    known = await listAccounts(callApi)
    return undefined
  })
  if (!called.passed) return [called]
  const unknown = config.openKfIds.filter((id) => !known.includes(id))
  const title = '客服账号 customer-service accounts (openKfIds)'
  return [called, { title, passed: unknown.length === 0, fix: missing(unknown, known) }]
}
