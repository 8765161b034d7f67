import { readFileSync } from 'node:fs'
import { email } from '../../../channels/email/index.ts'
import type { EmailConfig } from '../../../channels/email/index.ts'
import { freePort } from '../../../src/app/free-port.ts'
import type { Channel } from '../../../src/core/channel.ts'
import type { EventPart, InboundMessage, Original } from '../../../src/core/message.ts'
import type { ContractHost } from '../../contract/channel.ts'
import { createContractHost } from '../../contract/channel.ts'
import type { HandOver, HandOverAnswer } from './hand-over.ts'
import { handOver } from './hand-over.ts'

export const address = 'support@shop.example'
export const contact = 'Wang.Lei@qq.example'
export const contactKey = 'wang.lei@qq.example'
export const receiverLogin = { user: 'mx', password: 'receiver-password-1' }

/** A valid section; `more` overrides. */
export const sectionOf = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  address,
  name: '次元站客服',
  smtp: { host: '127.0.0.1', port: 9, tls: 'none' },
  receiver: { port: 9 },
  sendsPerSecond: 1_000,
  ...more,
})

export const configOf = (more: Record<string, unknown> = {}): EmailConfig =>
  email.config.parse(sectionOf(more))

/** A plain mail; `headers` come first, as relays put them. */
export const mailOf = (
  text: string,
  {
    id = 'm1@qq.example',
    from = contact,
    to = address,
    subject = '',
    headers = [],
    type = 'text/plain; charset=utf-8',
  }: {
    id?: string
    from?: string
    to?: string
    subject?: string
    headers?: readonly string[]
    type?: string
  } = {},
): string =>
  [
    ...headers,
    `From: =?utf-8?B?${Buffer.from('王磊').toString('base64')}?= <${from}>`,
    `To: ${to}`,
    ...(subject === '' ? [] : [`Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`]),
    `Message-ID: <${id}>`,
    'MIME-Version: 1.0',
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: 8bit',
    '',
    text,
    '',
  ].join('\r\n')

/** A running inbox with its receiver open. */
export interface Account {
  readonly host: ContractHost
  readonly channel: Channel
  readonly port: number
  /** A mail server hands a mail over. */
  readonly gets: (raw: string | Buffer, more?: Partial<HandOver>) => Promise<HandOverAnswer>
  close(): Promise<void>
}

export const openAccount = async (
  more: Record<string, unknown> = {},
  host: ContractHost = createContractHost(),
): Promise<Account> => {
  const port = await freePort()
  const receiver = { port, ...(typeof more.receiver === 'object' ? more.receiver : {}) }
  const channel = email.create(configOf({ ...more, receiver }), host)
  await channel.start()
  return {
    host,
    channel,
    port,
    gets: (raw, change) => handOver({ port, raw, ...change }),
    close: () => channel.stop(),
  }
}

const folder = new URL('../../fixtures/email/', import.meta.url)

/** A sample mail, byte by byte. */
export const sample = (name: string): Buffer => readFileSync(new URL(name, folder))

/** What the adapter keeps of a mail beside its words. */
export const factsOf = (message: InboundMessage | undefined): Readonly<Record<string, unknown>> =>
  message?.parts.find((part): part is EventPart => part.kind === 'event' && part.name === 'mail')?.data ?? {}

/** The page the adapter keeps of a mail. */
export const pageOf = (message: InboundMessage | undefined): Original | undefined =>
  message?.parts.find((part): part is EventPart => part.kind === 'event' && part.name === 'mail')?.original
