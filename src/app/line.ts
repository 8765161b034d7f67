import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { topics } from '../core/bus.ts'
import type { Accept } from '../core/channel.ts'
import type { OutboundDraft } from '../core/conversation.ts'
import type { Part } from '../core/message.ts'
import { createDialogue } from '../dialogue/index.ts'
import type { MediaLinks } from '../http/index.ts'
import type { OpenIncidents } from '../incidents/index.ts'
import {
  type DeliveryEnds,
  createDeliveryEnds,
  render,
  renderAnswer,
  startReroute,
  startSender,
} from '../outbox/index.ts'
import {
  type Receipts,
  type TurnDeps,
  createAccept,
  createPassiveReplies,
  createReceipts,
  createTurn,
  giveUp,
  startWorker,
} from '../router/index.ts'
import type { HearStep } from '../core/journey.ts'
import type { WatchJourney } from '../core/trace.ts'
import { createPromiseTimes } from '../promises/index.ts'
import { createQueueNews } from '../queues/index.ts'
import { draftTicket } from '../tickets/index.ts'
import { contactHelp } from './contact-help.ts'
import { dialogueOptions } from './dialogue-options.ts'
import type { Inboxes } from './inboxes.ts'
import { startLapsingForms } from './lapse-forms.ts'
import type { Parts } from './parts.ts'
import { createPreviews } from './previews.ts'
import { createShowTyping } from './show-typing.ts'
import { openTools } from './tools.ts'
import { createTurnNews } from './turn-news.ts'

const pollMs = 1_000
const rerouteEveryMs = 15_000
const transcriptLimit = 60
/** A bit more than a platform holds a request open; without the database one may wait longer, for nothing. */
const longestWaitMs = 6_000

/** Makes drafts of what is said in an inbox, rendered to what its channel can show. */
export const composer =
  (inboxes: Inboxes, { publicUrl }: MediaLinks) =>
  (inboxId: string, parts: readonly Part[], author: OutboundDraft['author'] = 'bot'): OutboundDraft => {
    const { capabilities } = inboxes.get(inboxId)
    // What a person chose to send goes as it is; pictures of an article give way to its words.
    const write = author === 'agent' ? render : renderAnswer
    const rendered = write(parts, capabilities, ({ mediaId }) =>
      mediaId === undefined ? undefined : publicUrl(mediaId),
    )
    return { parts, rendered, author, passiveOnly: capabilities.passiveOnly }
  }

/** Open incidents of a conversation's channel, and whether news of them has to wait there. */
const createIncidentsAtHand =
  (incidents: OpenIncidents, inboxes: Inboxes): TurnDeps['incidents'] =>
  async ({ conversationId, inboxId }) => {
    const open = await incidents.of(conversationId, inboxes.channelOf(inboxId))
    const tellsLater = inboxes.find(inboxId)?.capabilities.passiveOnly === true
    return tellsLater ? open.map((one) => ({ ...one, tellsLater })) : open
  }

const previewsOf = ({ stores, log }: Parts, inboxes: Inboxes) =>
  createPreviews({
    findTurn: stores.findTurn,
    channel: (inboxId) => inboxes.find(inboxId),
    log,
  })

/** Everything a turn is made of. */
const turnParts = (parts: Parts, inboxes: Inboxes, incidents: OpenIncidents): TurnDeps => {
  const { config, clock, log, stores, content, links, statusLinks, calendars } = parts
  const { conversations, tickets } = stores
  const compose = composer(inboxes, links)
  const promise = createPromiseTimes(config.promises, calendars)
  return {
    dialogue: createDialogue(dialogueOptions(parts, (inboxId) => inboxes.channelOf(inboxId))),
    understand: content.understand,
    clock,
    help: contactHelp(parts),
    nextTicketNumber: () => conversations.nextTicketNumber(),
    transcript: (conversationId) => tickets.transcript(conversationId, transcriptLimit),
    draftTicket: (facts) =>
      draftTicket({ ...facts, promise, channel: inboxes.channelOf(facts.claim.inboxId) }),
    standings: stores.standings,
    queueNews: createQueueNews({ outlook: stores.outlook, config: config.queues, log }),
    statusUrl: (ticketId) => statusLinks.url(ticketId),
    news: createTurnNews(parts),
    incidents: createIncidentsAtHand(incidents, inboxes),
    compose: (inboxId, said) => compose(inboxId, said),
  }
}

/** The other way to contacts who cannot be reached where they asked. */
const openReroute = ({ clock, log, stores, backbone, links }: Parts, inboxes: Inboxes) =>
  startReroute({
    ...{ clock, log, bus: backbone.bus, locks: backbone.locks, stranded: stores.stranded },
    compose: composer(inboxes, links),
    everyMs: rerouteEveryMs,
  })

/** Ends forms whose contact has been silent for too long. */
const lapseForms = ({ clock, log, stores }: Parts, inboxes: Inboxes, accept: Accept) =>
  startLapsingForms({
    list: stores.silentForms,
    accept,
    isOpen: (inboxId) => inboxes.find(inboxId) !== undefined,
    clock,
    log,
  })

/** Shows contacts that an answer is being written. */
export const showTypingOf = ({ stores, log }: Parts, inboxes: Inboxes) =>
  createShowTyping({
    findThread: stores.findThread,
    channel: (inboxId) => inboxes.find(inboxId),
    log,
  })

/** What the line stands on, and who hears how long each part of a message's way takes. */
type WatchedParts = Parts & { readonly watch: WatchJourney; readonly hear: HearStep }

/** What accepting, thinking and sending share on a node. */
export interface LineGround {
  readonly parts: WatchedParts
  readonly inboxes: Inboxes
  readonly incidents: OpenIncidents
  readonly receipts: Receipts
  readonly ends: DeliveryEnds
  /** Names this node in leases. */
  readonly owner: string
}

/** Whoever thinks about what was accepted. */
export interface Answering {
  /** A conversation is ready, now or in `inMs`. */
  wake(inMs: number): void
  /** Starts what says something by itself; it is accepted like what contacts say. */
  follow(accept: Accept): void
  /** Takes nothing new and ends what is under way. */
  stop(): Promise<void>
}

/** Thinks and sends on this node. */
export const answerHere = async ({
  parts,
  inboxes,
  incidents,
  receipts,
  ends,
  owner,
}: LineGround): Promise<Answering> => {
  const { config, clock, log, stores, backbone, watch, hear } = parts
  const { bus } = backbone
  // Contacts' words go to a model only where it may answer them.
  const tools = await openTools(
    parts,
    inboxes,
    config.llm.answers === 'off' ? undefined : parts.languageModel,
  )
  const turnDeps = turnParts(parts, inboxes, incidents)
  const { concurrency, leaseMs, waitingMaxMs } = config.router
  const shared = { bus, clock, log, watch, hear, owner, concurrency, leaseMs, pollMs }
  const previews = config.llm.streaming === 'on' ? previewsOf(parts, inboxes) : undefined
  const worker = startWorker({
    ...shared,
    store: stores.conversations,
    receipts,
    turn: createTurn({ ...turnDeps, ...(tools === undefined ? {} : { tools: tools.turn }) }),
    showTyping: showTypingOf(parts, inboxes),
    preview: previews?.open,
    giveUp: giveUp(turnDeps),
  })
  const subscriptions = [
    await bus.subscribe(topics.wake, () => worker.wake(0)),
    ...(previews === undefined ? [] : [await bus.subscribe(topics.ticket, previews.look)]),
  ]
  const sender = await startSender({
    ...shared,
    store: stores.outbox,
    ends,
    channel: (inboxId) => inboxes.find(inboxId),
    elsewhere: () => inboxes.elsewhere(),
    random: Math.random,
    waitingMaxMs,
  })
  const reroute = openReroute(parts, inboxes)
  let stopLapsing = (): Promise<void> => Promise.resolve()
  return {
    wake: (inMs) => worker.wake(inMs),
    follow: (accept) => {
      stopLapsing = lapseForms(parts, inboxes, accept)
    },
    stop: async () => {
      for (const unsubscribe of subscriptions) unsubscribe()
      await stopLapsing()
      await worker.stop()
      await reroute.stop()
      await sender.stop()
      await tools?.close()
    },
  }
}

/** Leaves thinking and sending to other nodes, and wakes them. One that hears nothing finds the work by looking. */
export const answerElsewhere = ({ parts: { backbone } }: LineGround): Promise<Answering> => {
  const waiting = new Set<NodeJS.Timeout>()
  const wake = (): void => backbone.bus.publish(topics.wake, {})
  return Promise.resolve({
    wake: (inMs) => {
      if (inMs <= 0) {
        wake()
        return
      }
      const timer = setTimeout(() => {
        waiting.delete(timer)
        wake()
      }, inMs)
      waiting.add(timer)
    },
    follow: () => undefined,
    stop: () => {
      for (const timer of waiting) clearTimeout(timer)
      return Promise.resolve()
    },
  })
}

/** The line from an accepted message to its delivered answer; `startAnswering` says where it is thought about. */
export const startLine = async (
  parts: WatchedParts,
  inboxes: Inboxes,
  incidents: OpenIncidents,
  startAnswering: (ground: LineGround) => Promise<Answering>,
) => {
  const { config, clock, log, stores, backbone, watch, hear } = parts
  const { conversations, outbox } = stores
  const { bus } = backbone
  const owner = randomUUID()
  const { settleMs, settleMaxMs } = config.router
  const receipts = createReceipts()
  const ends = createDeliveryEnds({ store: outbox, bus, clock, log, watch })
  const answering = await startAnswering({ parts, inboxes, incidents, receipts, ends, owner })
  const passive = await createPassiveReplies({ outbox, bus, clock, owner, ends, hear })
  const accept = createAccept({
    store: conversations,
    ...{ clock, receipts, watch, hear },
    inbox: (inboxId) => ({
      channel: inboxes.channelOf(inboxId),
      capabilities: inboxes.get(inboxId).capabilities,
    }),
    settleMs,
    settleMaxMs,
    onAccepted: (message, accepted, readyInMs) => {
      if (message.passiveBudgetMs > 0) passive.expect(accepted.messageId)
      answering.wake(readyInMs)
      bus.publish(topics.thread(message.inboxId), { threadKey: message.threadKey, seq: accepted.seq })
      bus.publish(topics.ticket, { conversationId: accepted.conversationId })
    },
  })
  answering.follow(accept)
  return {
    accept,
    awaitReply: passive.awaitReply,
    stop: async () => {
      // Requests that are open are answered, for which this node may have to think and the others may tell it.
      await Promise.race([passive.settled(), delay(longestWaitMs, undefined, { ref: false })])
      ends.stop()
      await answering.stop()
      passive.stop()
    },
  }
}
