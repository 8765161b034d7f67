/**
 * Takes a page in: who wrote, with which files, then everything in its order. Only what the store refuses stops a
 * page; what one entry holds never does.
 */
import type { ChannelHost } from '../../src/core/channel.ts'
import type { InboundMessage, Part } from '../../src/core/message.ts'
import type { InboundMedia } from '../kit/index.ts'
import type { FindCustomers } from './customers.ts'
import type { Decoded, Welcome } from './decode.ts'
import { decodeItem } from './decode.ts'
import { unnamedFile } from './decode-said.ts'
import type { Downloads } from './download-media.ts'
import type { WecomConfig } from './manifest.ts'
import type { Sessions } from './sessions.ts'
import type { Page } from './sync-messages.ts'
import type { Welcomes } from './welcomes.ts'

export interface IntakeDeps {
  readonly config: WecomConfig
  readonly host: Pick<ChannelHost, 'inboxId' | 'accept' | 'clock' | 'log' | 'news' | 'sent'>
  readonly findCustomers: FindCustomers
  readonly media: InboundMedia
  readonly downloads: Pick<Downloads, 'takeName'>
  readonly sessions: Sessions
  readonly welcomes: Welcomes
  /** Looks a contact's picture up, when it is time; returns at once. */
  readonly lookAtPicture: (contactKey: string) => void
}

type Conversed = Exclude<Decoded, { readonly kind: 'notice' | 'unreadable' | 'undelivered' }>

const threadOf = (decoded: Conversed): string =>
  decoded.kind === 'message' ? decoded.message.threadKey : decoded.said.threadKey

const isConversed = (decoded: Decoded): decoded is Conversed =>
  decoded.kind === 'message' || decoded.kind === 'said' || decoded.kind === 'session'

/** Entries by conversation, each in the list's order, which is the order of delivery. */
const byThread = (entries: readonly Conversed[]): readonly (readonly Conversed[])[] => {
  const threads = new Map<string, Conversed[]>()
  for (const entry of entries) {
    const thread = threads.get(threadOf(entry))
    if (thread === undefined) threads.set(threadOf(entry), [entry])
    else thread.push(entry)
  }
  // A welcome has seconds: its conversation goes first.
  const welcomes = (thread: readonly Conversed[]): number =>
    thread.some((entry) => entry.kind === 'message' && entry.welcome !== undefined) ? 0 : 1
  return [...threads.values()].sort((one, other) => welcomes(one) - welcomes(other))
}

const createTakeEntry = (deps: IntakeDeps) => {
  const { host, media, downloads, sessions, welcomes, lookAtPicture } = deps

  const named = (part: Part): Part => {
    if (part.kind !== 'file' || part.name !== unnamedFile || part.media.providerRef === undefined) return part
    const name = downloads.takeName(part.media.providerRef)
    return name === undefined ? part : { ...part, name: name.slice(0, 200) }
  }

  const takeMessage = async (message: InboundMessage, welcome: Welcome | undefined): Promise<void> => {
    const { parts, attachLater } = await media.fetch(message.parts)
    if (welcome !== undefined) await welcomes.put(message.threadKey, welcome)
    if (message.opens === 'message' && message.accountKey !== undefined)
      await sessions.wrote({ openKfId: message.accountKey, contactKey: message.contactKey })
    const { messageId } = await host.accept({ ...message, parts: parts.map(named) })
    attachLater(messageId)
    lookAtPicture(message.contactKey)
  }

  return async (entry: Conversed, answerFrom: Date): Promise<void> => {
    switch (entry.kind) {
      case 'message':
        return takeMessage(entry.message, entry.welcome)
      case 'said': {
        const { parts } = await media.fetch(entry.said.parts)
        return host.news.said({ ...entry.said, parts: parts.map(named) })
      }
      case 'session':
        await host.news.said(entry.said)
        // What is older than our first look is long over; the state is asked before we speak.
        if (entry.session.at >= answerFrom) await sessions.changed(entry.session)
        return
      default:
        return entry satisfies never
    }
  }
}

/** Takes pages in for one inbox. Rejects when something could not be stored; the page is then read again. */
export const createIntake = (deps: IntakeDeps) => {
  const { config, host, findCustomers, media } = deps
  const takeEntry = createTakeEntry(deps)

  const withCustomers = async (entries: readonly Conversed[]): Promise<readonly Conversed[]> => {
    const contacts = entries.flatMap((entry) => (entry.kind === 'message' ? [entry.message.contactKey] : []))
    if (contacts.length === 0) return entries
    const customers = await findCustomers(contacts)
    return entries.map((entry) =>
      entry.kind === 'message'
        ? { ...entry, message: { ...entry.message, ...customers.get(entry.message.contactKey) } }
        : entry,
    )
  }

  /** Starts every download of the page at once, so that no message waits for the files of another. */
  const warmUp = (entries: readonly Conversed[]): void => {
    for (const entry of entries)
      void media.fetch(entry.kind === 'message' ? entry.message.parts : entry.said.parts)
  }

  const takeAside = async (decoded: Decoded): Promise<void> => {
    if (decoded.kind === 'undelivered') await host.sent.neverArrived(decoded.outboundId, decoded.fault)
    if (decoded.kind === 'notice') host.log.info({ notice: decoded.name, ...decoded.facts }, 'wecom notice')
    if (decoded.kind === 'unreadable')
      host.log.warn({ code: 'unreadable', reason: decoded.reason }, 'wecom entry not readable')
  }

  return async (openKfId: string, page: Page, answerFrom: Date): Promise<void> => {
    const { inboxId } = host
    const { messageAllowance, welcomeWindowMs } = config
    const context = {
      inboxId,
      openKfId,
      now: host.clock.now(),
      answerFrom,
      replyWindowMs: messageAllowance.windowMs,
      welcomeWindowMs,
    }
    const decoded = page.items.map((item) => decodeItem(item, context))
    for (const each of decoded) await takeAside(each)
    const conversed = decoded.filter(isConversed)
    warmUp(conversed)
    const threads = byThread(await withCustomers(conversed))
    await Promise.all(
      threads.map(async (thread) => {
        for (const entry of thread) await takeEntry(entry, answerFrom)
      }),
    )
  }
}
