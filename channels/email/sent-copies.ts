/**
 * Copies of our answers in the mailbox's Sent folder, for providers that keep none. Whatever goes wrong here, the mail
 * was sent. Sources: RFC 9051 6.3.12 (APPEND), RFC 6154 (\Sent).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ImapFlow } from 'imapflow'
import type { Logger } from '../../src/core/log.ts'
import { rawOf } from './client.ts'
import type { OutgoingMail } from './encode.ts'
import { createImapClient } from './imap-client.ts'
import type { ImapConfig } from './imap-client.ts'
import type { Logins } from './login.ts'

export interface SentCopies {
  /** Takes note of a mail that was sent; the copy is made in its own time. */
  keep(mail: OutgoingMail): void
  stop(): Promise<void>
}

export interface SentCopiesDeps {
  readonly imap: ImapConfig
  /** Its name, or `auto`. */
  readonly folder: string
  readonly logins: Logins
  readonly log: Logger
}

/** More would only pile up while the server is away. */
const maxWaiting = 100
/** Bytes of files that wait. */
const maxWaitingBytes = 50_000_000
const pausesMs = [2_000, 20_000] as const
const stopMs = 3_000

const bytesOf = ({ files }: OutgoingMail): number =>
  files.reduce((total, { bytes }) => total + bytes.byteLength, 0)

const folderOf = async (client: ImapFlow, folder: string): Promise<string | undefined> => {
  if (folder !== 'auto') return folder
  return (await client.list()).find(({ specialUse }) => specialUse === '\\Sent')?.path
}

/** Puts one mail there, unless it is there: a mail that was tried twice has one copy. */
const append = async (client: ImapFlow, folder: string, mail: OutgoingMail): Promise<boolean> => {
  const path = await folderOf(client, folder)
  if (path === undefined) return false
  const lock = await client.getMailboxLock(path, { readOnly: true })
  try {
    const known = await client.search({ header: { 'message-id': mail.messageId } }, { uid: true })
    if (Array.isArray(known) && known.length > 0) return true
  } finally {
    lock.release()
  }
  return (await client.append(path, await rawOf(mail), ['\\Seen'], mail.date)) !== false
}

export const createSentCopies = ({ imap, folder, logins, log }: SentCopiesDeps): SentCopies => {
  const stopping = new AbortController()
  const { signal } = stopping
  let waiting = 0
  let waitingBytes = 0
  let queue: Promise<unknown> = Promise.resolve()
  let open: ImapFlow | undefined

  const copy = async (mail: OutgoingMail): Promise<boolean> => {
    const login = await logins.get(imap)
    if (login === undefined) return false
    const client = await createImapClient(imap, login)
    open = client
    client.on('error', () => undefined)
    try {
      await client.connect()
      return await append(client, folder, mail)
    } finally {
      client.close()
      open = undefined
    }
  }

  const insist = async (mail: OutgoingMail): Promise<void> => {
    for (const pauseMs of [...pausesMs, undefined]) {
      if (signal.aborted) return
      // The server's words may hold addresses.
      if (await copy(mail).catch(() => false)) return
      if (pauseMs !== undefined) await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    }
    const hint = 'check imap.sentFolder and the IMAP login; the mail itself was sent'
    if (!signal.aborted) log.warn({ code: 'no_sent_copy', hint }, 'no copy of a sent mail could be kept')
  }

  return {
    keep: (mail) => {
      const bytes = bytesOf(mail)
      if (waiting >= maxWaiting || (waiting > 0 && waitingBytes + bytes > maxWaitingBytes)) {
        log.warn({ code: 'no_sent_copy' }, 'too many copies wait; one is left out')
        return
      }
      waiting += 1
      waitingBytes += bytes
      queue = queue
        .then(() => insist(mail))
        .finally(() => {
          waiting -= 1
          waitingBytes -= bytes
        })
    },
    stop: async () => {
      await Promise.race([queue, sleep(stopMs, undefined, { ref: false })])
      stopping.abort()
      open?.close()
    },
  }
}
