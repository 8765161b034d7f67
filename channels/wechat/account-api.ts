import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import { createAccessToken } from './access-token.ts'
import { createCallApi, createTransport } from './client.ts'
import type { WechatConfig } from './manifest.ts'
import { applyMenu, deleteMenu, readMenu } from './menu.ts'
import type { MenuConfig } from './menu.ts'
import { listTemplates, sendNotice } from './notices.ts'
import type { Notice, NoticeTemplate } from './notices.ts'
import { createQrCode } from './qr-code.ts'
import type { QrCode, QrRequest } from './qr-code.ts'

/** What the owner of an account does beside talking with contacts. Everything throws `ChannelError`. */
export interface WechatAccountApi {
  /** Resolves when WeChat takes the account's credentials, from this machine's address. */
  checkCredentials(): Promise<void>
  readonly menu: {
    apply(menu: MenuConfig): Promise<void>
    read(): Promise<Readonly<Record<string, unknown>> | undefined>
    delete(): Promise<void>
  }
  createQrCode(request: QrRequest): Promise<QrCode>
  listTemplates(): Promise<readonly NoticeTemplate[]>
  sendNotice(notice: Notice): Promise<string | undefined>
}

/** Opens the account for its owner; nothing is called yet. Throws `ChannelError` without an AppSecret. */
export const openWechatAccount = (
  { appId, appSecret, apiBase }: WechatConfig,
  host: Pick<ChannelHost, 'cache' | 'locks' | 'clock' | 'log'>,
): WechatAccountApi => {
  if (appSecret === undefined)
    throw new ChannelError('wechat', 'no_permission', 'the inbox has no appSecret', {
      hint: 'set appSecret; see 开发者平台 → 基础信息',
    })
  const transport = createTransport({ apiBase, stopped: new AbortController().signal })
  const token = createAccessToken({ appId, appSecret, transport, host })
  const callApi = createCallApi(transport, token)
  return {
    checkCredentials: async () => {
      await token.get()
    },
    menu: {
      apply: (menu) => applyMenu(callApi, menu),
      read: () => readMenu(callApi),
      delete: () => deleteMenu(callApi),
    },
    createQrCode: (request) => createQrCode(callApi, request),
    listTemplates: () => listTemplates(callApi),
    sendNotice: (notice) => sendNotice(callApi, notice),
  }
}
