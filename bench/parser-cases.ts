import { readdirSync, readFileSync } from 'node:fs'
import { BodyRefused, decode as decodeApi, readMessage } from '../channels/api/decode.ts'
import { decode as decodeActivity } from '../channels/botframework/decode.ts'
import { createMailParser } from '../channels/email/mime/parser.ts'
import { MailFault } from '../channels/email/mime/fault.ts'
import { readJson, readXml, Refusal } from '../channels/kit/index.ts'
import { decode as decodeUpdate } from '../channels/telegram/decode.ts'
import { readUpdate } from '../channels/telegram/verify.ts'
import { decodeFrame } from '../channels/web/decode.ts'
import { decode as decodeWechat } from '../channels/wechat/decode.ts'
import { decode as decodeBridge } from '../channels/wechaty/decode.ts'
import { readEvent } from '../channels/wechaty/verify.ts'
import { decodeItem } from '../channels/wecom/decode.ts'
import { decode as decodeWeibo } from '../channels/weibo/decode.ts'

/** How a channel reads one input that has passed its signature. */
export interface ParserCase {
  readonly channel: string
  /** As the platform writes it; one character a byte. */
  readonly seeds: readonly string[]
  readonly parse: (text: string) => unknown
  /** Errors by which an input is refused; every other is a crash. */
  readonly refuses: (error: unknown) => boolean
  readonly close?: () => Promise<void>
}

const inboxId = 'bench'
const now = new Date('2026-01-01T00:00:00Z')
const seconds = now.getTime() / 1_000
const uid = '1902538057'
const key = 'k'.repeat(48)
const json = (...values: readonly unknown[]): readonly string[] =>
  values.map((value) => JSON.stringify(value))
const isRefusal = (error: unknown): boolean => error instanceof Refusal

const wechatXml = (fields: string): string =>
  `<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><FromUserName><![CDATA[oBench000001]]></FromUserName><CreateTime>${String(seconds)}</CreateTime>${fields}</xml>`

const wechat: ParserCase = {
  channel: 'wechat',
  seeds: [
    '<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[我的订单到哪了]]></Content><MsgId>1</MsgId>',
    '<MsgType><![CDATA[voice]]></MsgType><MediaId><![CDATA[m]]></MediaId><Format>amr</Format><MsgId>2</MsgId>',
    '<MsgType><![CDATA[location]]></MsgType><Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><MsgId>3</MsgId>',
    '<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe]]></Event><EventKey>qrscene_1</EventKey>',
  ].map(wechatXml),
  parse: (text) => decodeWechat(readXml(text), { inboxId, passiveBudgetMs: 4_000 }),
  refuses: isRefusal,
}

const weiboPush = { receiver_id: uid, sender_id: '2489518277', created_at: 'Mon Jul 16 18:09:20 +0800 2012' }
const weibo: ParserCase = {
  channel: 'weibo',
  seeds: json(
    { ...weiboPush, type: 'text', text: '我的快递呢', data: {} },
    { ...weiboPush, type: 'image', text: '', data: { vfid: 821804459, tovfid: 821804469 } },
    { ...weiboPush, type: 'event', text: '', data: { subtype: 'follow', key: 'QR' } },
    { ...weiboPush, type: 'mention', text: '@次元站', data: { subtype: 'status', key: '3456789012345678' } },
  ),
  parse: (text) =>
    decodeWeibo({ fields: readJson(text), signedAt: now }, { inboxId, uid, passiveBudgetMs: 1 }),
  refuses: isRefusal,
}

const wecomItem = { msgid: 'm', open_kfid: 'wkA', external_userid: 'wmB', send_time: seconds, origin: 3 }
const wecomContext = {
  ...{ inboxId, openKfId: 'wkA', now, answerFrom: now },
  ...{ replyWindowMs: 172_800_000, welcomeWindowMs: 20_000 },
}
const wecom: ParserCase = {
  channel: 'wecom',
  seeds: json(
    { ...wecomItem, msgtype: 'text', text: { content: '在吗', menu_id: 'a' } },
    { ...wecomItem, msgtype: 'file', file: { media_id: 'M' } },
    { ...wecomItem, origin: 4, msgtype: 'event', event: { event_type: 'enter_session', welcome_code: 'W' } },
  ),
  parse: (text) => decodeItem(JSON.parse(text), wecomContext),
  // The list of entries is read by JSON.parse as a whole, within the client's limits.
  refuses: (error) => error instanceof SyntaxError,
}

const chat = { id: 5_000_000_001, type: 'private' }
const telegramMessage = { message_id: 1, date: seconds, chat, from: { id: chat.id, is_bot: false } }
const telegramContext = {
  ...{ inboxId, bot: { id: '42', username: 'a_bot' }, receivedAt: now },
  groups: 'mentions',
  maxDownloadBytes: 20_971_520,
} as const
const telegram: ParserCase = {
  channel: 'telegram',
  seeds: json(
    {
      update_id: 1,
      message: {
        ...telegramMessage,
        text: '@a_bot 在吗',
        entities: [{ type: 'mention', offset: 0, length: 6 }],
      },
    },
    {
      update_id: 2,
      message: { ...telegramMessage, photo: [{ file_id: 'f', file_unique_id: 'u' }], caption: 'x' },
    },
    { update_id: 3, callback_query: { id: '1', from: { id: 5 }, message: telegramMessage, data: 'x' } },
  ),
  parse: (text) => decodeUpdate(readUpdate(text), telegramContext),
  refuses: isRefusal,
}

const activity = {
  ...{ id: '1', timestamp: now.toISOString(), channelId: 'msteams', from: { id: 'u', name: '小白' } },
  ...{ serviceUrl: 'https://smba.trafficmanager.net/', conversation: { id: 'c' }, recipient: { id: 'b' } },
}
const botframework: ParserCase = {
  channel: 'botframework',
  seeds: json(
    {
      ...activity,
      type: 'message',
      text: '<at>Bot</at> 在吗',
      entities: [{ type: 'mention', text: '<at>Bot</at>' }],
    },
    { ...activity, type: 'message', attachments: [{ contentType: 'image/png', contentUrl: 'https://a/b' }] },
    { ...activity, type: 'conversationUpdate', membersAdded: [{ id: 'b' }, { id: 'u' }] },
  ),
  parse: (text) =>
    decodeActivity(readJson(text, { depth: 24, fields: 512 }), { inboxId, appId: 'b', receivedAt: now }),
  refuses: isRefusal,
}

const api: ParserCase = {
  channel: 'api',
  seeds: json(
    {
      id: 'x',
      contact: { id: 'c', displayName: '阿白' },
      thread: 't',
      parts: [{ kind: 'text', text: '在吗' }],
    },
    { id: 'x', contact: { id: 'c' }, parts: [{ kind: 'file', media: { base64: 'AAAA' }, name: 'a' }] },
  ),
  parse: (text) => decodeApi(readMessage(text), { inboxId, now, refOf: () => ({}) }),
  refuses: (error) => isRefusal(error) || error instanceof BodyRefused,
}

const web: ParserCase = {
  channel: 'web',
  seeds: json(
    { t: 'msg', clientMsgId: '0190f0f0-0000-7000-8000-000000000000', content: { text: '你好' } },
    { t: 'auth', token: 'x', resume: { cursor: 1 } },
  ),
  parse: decodeFrame,
  refuses: () => false,
}

const bridgeMessage = {
  ...{ id: 'm1', type: 'text', text: '在吗 &lt;3', contactId: 'c1', contactName: '阿白' },
  ...{ contactType: 'individual', self: false, mentionsSelf: false, sentAt: now.getTime() },
}
const wechaty: ParserCase = {
  channel: 'wechaty',
  seeds: json({ t: 'message', key, message: bridgeMessage }),
  parse: (text) => {
    const event = readEvent(text, key)
    return event.t === 'message' ? decodeBridge(event.message, inboxId, {}) : event
  },
  refuses: isRefusal,
}

const email = (): ParserCase => {
  const parser = createMailParser()
  const folder = new URL('../test/fixtures/email/', import.meta.url)
  const names = readdirSync(folder).filter((name) => name.endsWith('.eml'))
  return {
    channel: 'email',
    seeds: names.map((name) => readFileSync(new URL(name, folder), 'latin1')),
    parse: (text) => parser.parse(Buffer.from(text, 'latin1')),
    refuses: (error) => error instanceof MailFault && error.code !== 'timeout' && error.code !== 'unreadable',
    close: () => parser.close(),
  }
}

/** Every channel's reader. */
export const createParserCases = (): readonly ParserCase[] => [
  wechat,
  weibo,
  wecom,
  telegram,
  botframework,
  api,
  web,
  wechaty,
  email(),
]
