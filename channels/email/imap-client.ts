/** One IMAP connection. Sources: RFC 9051; RFC 2971 (ID, which 163 and 126 insist on); RFC 2177 (IDLE). */
import type { ImapFlow } from 'imapflow'
import { ChannelError } from '../../src/core/errors.ts'
import type { Login, Logins } from './login.ts'
import { loginHint } from './login-hint.ts'
import type { EmailConfig } from './manifest.ts'
import { protectionOf } from './manifest.ts'
import { tlsError, tlsOptionsOf } from './tls.ts'

export type ImapConfig = NonNullable<EmailConfig['imap']>

/** A mail in the mailbox; `raw` is its beginning only when the whole is too large. */
export interface FetchedMail {
  readonly raw: Uint8Array
  readonly receivedAt: Date
  readonly bytes: number
  readonly isWhole: boolean
}

/** An open mailbox. Every call throws `ChannelError` `temporary` once the connection is gone. */
export interface Mailbox {
  readonly uidValidity: string
  /** The UID the next new mail gets. */
  readonly uidNext: number
  readonly usable: boolean
  /** UIDs of mails after `uid`, in order. */
  after(uid: number): Promise<readonly number[]>
  /** UIDs of mails that arrived since the day of `date`, in order. */
  since(date: Date): Promise<readonly number[]>
  /** Undefined: it was removed meanwhile. */
  fetch(uid: number): Promise<FetchedMail | undefined>
  /** Lets the server announce what is new, where it can. Ends with the next call. */
  listen(): void
  close(): void
}

const lost = (cause?: unknown): ChannelError =>
  new ChannelError('email', 'temporary', 'imap: the connection is gone', {
    hint: 'IMAP 连接断开，正在重连 / the IMAP connection broke; it is made anew',
    ...(cause === undefined ? {} : { cause }),
  })

const textOf = (error: unknown): string => {
  const field = (name: string): string =>
    typeof error === 'object' && error !== null ? String(Reflect.get(error, name) ?? '') : ''
  return `${field('responseText')} ${field('message')} ${field('serverResponseCode')}`
}

/** Whether imapflow found this out about a failure. */
const isMarked = (error: unknown, mark: 'authenticationFailed' | 'mailboxMissing'): boolean =>
  typeof error === 'object' && error !== null && Reflect.get(error, mark) === true

/** What a failed connection means; the server's own words, which may hold addresses, are not passed on. */
const connectError = (imap: ImapConfig, login: Login | undefined, error: unknown): ChannelError => {
  if (error instanceof ChannelError) return error
  const { host, port, mailbox } = imap
  if (isMarked(error, 'authenticationFailed') || /unsafe login/i.test(textOf(error)))
    return new ChannelError('email', 'needs_operator', 'imap: the server refuses our login', {
      providerCode: 'AUTHENTICATIONFAILED',
      hint: loginHint('imap', host, login),
    })
  if (
    isMarked(error, 'mailboxMissing') ||
    /NONEXISTENT|mailbox doesn't exist|no such mailbox/i.test(textOf(error))
  )
    return new ChannelError('email', 'needs_operator', 'imap: there is no such mailbox', {
      providerCode: 'NONEXISTENT',
      hint: `邮箱里没有文件夹 ${mailbox}：检查 imap.mailbox / there is no mailbox ${mailbox}: check imap.mailbox`,
    })
  return (
    tlsError({ server: 'imap', ...imap }, error) ??
    new ChannelError('email', 'temporary', 'imap: the server does not answer', {
      hint: `连不上 ${host}:${port}：检查 imap.host、imap.port 与网络 / ${host}:${port} does not answer: check imap.host, imap.port and the network`,
    })
  )
}

// A line that goes silent is noticed within the longest hold and this: the mailbox is asked at least twice a minute.
const timeouts = { connectionTimeout: 20_000, greetingTimeout: 15_000, socketTimeout: 60_000 }

/** A client that is not connected yet. Changes nothing by itself. */
export const createImapClient = async (imap: ImapConfig, login: Login): Promise<ImapFlow> => {
  const { ImapFlow: Client } = await import('imapflow')
  const protection = protectionOf(imap, 993)
  return new Client({
    host: imap.host,
    port: imap.port,
    secure: protection === 'implicit',
    ...(protection === 'implicit' ? {} : { doSTARTTLS: protection === 'starttls' }),
    auth: login,
    tls: await tlsOptionsOf({ server: 'imap', ...imap }),
    clientInfo: { name: 'Tongda', vendor: 'Tongda' },
    logger: false,
    disableAutoIdle: true,
    // Middleboxes forget quiet connections after some minutes.
    maxIdleTime: 4 * 60_000,
    ...timeouts,
  })
}

const ascending = (uids: number[] | false | undefined): readonly number[] => {
  if (!Array.isArray(uids)) throw lost()
  return [...uids].sort((one, other) => one - other)
}

const mailboxOf = (client: ImapFlow, maxBytes: number, idle: boolean): Mailbox => {
  const box = () => {
    if (!client.usable || client.mailbox === false) throw lost()
    return client.mailbox
  }
  const ask = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    box()
    try {
      return await work()
    } catch (error) {
      throw error instanceof ChannelError ? error : lost(error)
    } finally {
      // What a dying connection answers looks like "nothing there".
      box()
    }
  }
  const fetchOne = (uid: number, query: Parameters<ImapFlow['fetchOne']>[1]) =>
    ask(() => client.fetchOne(String(uid), query, { uid: true }))
  return {
    get uidValidity() {
      return String(box().uidValidity)
    },
    get uidNext() {
      return box().uidNext
    },
    get usable() {
      return client.usable
    },
    after: async (uid) => {
      const found = await ask(() => client.search({ uid: `${uid + 1}:*` }, { uid: true }))
      // `n:*` names the last mail even when its UID is below n.
      return ascending(found).filter((each) => each > uid)
    },
    since: async (date) => ascending(await ask(() => client.search({ since: date }, { uid: true }))),
    fetch: async (uid) => {
      const facts = await fetchOne(uid, { uid: true, size: true, internalDate: true })
      if (facts === false) return undefined
      const bytes = facts.size ?? 0
      const isWhole = bytes <= maxBytes
      const content = await fetchOne(
        uid,
        isWhole ? { uid: true, source: true } : { uid: true, headers: true },
      )
      const raw = content === false ? undefined : isWhole ? content.source : content.headers
      if (raw === undefined) return undefined
      const receivedAt = new Date(facts.internalDate ?? Date.now())
      return { raw: new Uint8Array(raw), receivedAt, bytes, isWhole }
    },
    listen: () => {
      if (idle && client.capabilities.has('IDLE')) client.idle().catch(() => undefined)
    },
    close: () => client.close(),
  }
}

export interface ConnectOptions {
  readonly imap: ImapConfig
  readonly logins: Logins
  /** Mails above are not fetched whole. */
  readonly maxBytes: number
  /** Hears that something is new, or that the connection ended. */
  readonly onNews: () => void
  /** Ends an attempt to connect. */
  readonly signal: AbortSignal
}

/** Connects and opens the mailbox for reading; nothing in it is ever changed. Throws `ChannelError`. */
export const openMailbox = async ({
  imap,
  logins,
  maxBytes,
  onNews,
  signal,
}: ConnectOptions): Promise<Mailbox> => {
  const login = await logins.get(imap)
  if (login === undefined) throw connectError(imap, login, { authenticationFailed: true })
  const client = await createImapClient(imap, login)
  const giveUp = (): void => client.close()
  signal.addEventListener('abort', giveUp)
  client.on('error', onNews)
  client.on('close', onNews)
  client.on('exists', onNews)
  try {
    await client.connect()
    await client.mailboxOpen(imap.mailbox, { readOnly: true })
    return mailboxOf(client, maxBytes, imap.idle)
  } catch (error) {
    client.close()
    const meaning = connectError(imap, login, error)
    if (meaning.code === 'needs_operator') await logins.refused(login)
    throw meaning
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
