import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { setTimeout as delay } from 'node:timers/promises'
import { demoClients } from '../../src/app/demo-clients.ts'
import { freePort } from '../../src/app/free-port.ts'
import { systemClock } from '../../src/core/clock.ts'
import { createRandom } from '../random.ts'
import { openAskedInWords } from './articles.ts'
import { startBalancer } from './balancer.ts'
import { simulatedContacts, webContacts, wechatContacts, type ChannelContact } from './channel-contacts.ts'
import { answerOf, keys, openCluster, type Cluster, type ClusterOptions } from './cluster.ts'
import {
  countAtDeaths,
  countInexcusable,
  countUnmarkedTexts,
  judgeTexts,
  total,
  type Asked,
  type Deaths,
  type Mark,
  type ShownLine,
  type Verdict,
} from './ledger.ts'
import { openWebVisitor } from './web-visitor.ts'

/** How hard to be. */
export interface ChannelsOptions extends Pick<ClusterOptions, 'databaseUrl' | 'redisUrl' | 'nodes'> {
  readonly kills: number
  /** Contacts of each channel. */
  readonly contacts: number
  /** Of the random moments. */
  readonly seed: number
  /** Milliseconds of work before each kill at most. Default 4000. */
  readonly workMs?: number
  /** Milliseconds for what is still said again, once everything is answered. Default 5000; a whole lease is 30000. */
  readonly quietMs?: number
  readonly onKill?: (kill: number) => void
}

/** What came of processes killed while contacts of four channels talk to them. */
export interface ChannelsResult extends Verdict {
  readonly kills: number
  /** The same by channel. */
  readonly channels: Readonly<Record<string, Verdict>>
  /** Answers that the providers were sent so near a kill that it may not be on record: so many may come again. */
  readonly atKills: number
  /** Repeats of answers whose earlier copy was not sent near a kill. Must be 0. */
  readonly inexcusable: number
  /** Repeats that the product knows of and shows as such. */
  readonly marked: number
  /** Repeats that it does not show as such; web chat has no repeats at all. Must be 0. */
  readonly unmarked: number
  /** Milliseconds from the last restart until everything that was acknowledged by then was answered. */
  readonly settledMs: number
}

/** A busy node has put on record what a provider took within this; a provider has read what it was sent within that. */
const [recordMs, readMs] = [2_000, 1_000]
const waitMs = 30
/** From an answer to the next question: one visitor may not send without end. */
const pauseMs = 700
/** An answer that has not come by then does not come any more. */
const answerLimitMs = 120_000

const serveApi = async (api: Hono | undefined, port: number): Promise<() => void> => {
  if (api === undefined) return () => undefined
  const server = createAdaptorServer({ fetch: api.fetch })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return () => {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  }
}

const webInbox = 'torture-web'
// The brakes against loops are for machines.
const autoReplies = { perThreadPerDay: 1_000, perSenderPerHour: 1_000, perSenderPerDay: 1_000 }

/** The providers, and a balancer of web and of mail before the nodes, which it hears of later. */
const openProviders = async (contacts: number) => {
  const [port, apiPort] = [await freePort(), await freePort()]
  const mailPorts = [await freePort(), await freePort()]
  const names = Array.from({ length: contacts }, (_, n) => `访客${String(n)}`)
  const surroundings = {
    ...{ base: `http://127.0.0.1:${String(port)}`, clock: systemClock, names, retryDelayMs: 1_000 },
    apiOf: () => `http://127.0.0.1:${String(apiPort)}`,
  }
  const mail = await demoClients.email(surroundings)
  const telegram = demoClients.telegram(surroundings)
  let nodes: Cluster['nodes'] = []
  const ends = [
    await serveApi(telegram.simulator.api, apiPort),
    await startBalancer(port, () => nodes.map(({ url }) => Number(new URL(url).port))),
    await startBalancer(mail.inbox.section.receiver.port, () => mailPorts.slice(0, nodes.length)),
  ]
  return {
    ...{ base: surroundings.base, names, mail, telegram, mailPorts },
    serve: (up: Cluster['nodes']): void => {
      nodes = up
    },
    close: async () => {
      await mail.simulator.close()
      await telegram.simulator.close()
      for (const end of ends) end()
    },
  }
}

/** Four channels with their providers in front of the nodes; what is no push of WeChat's goes through a balancer. */
const openChannels = async (options: ChannelsOptions) => {
  const providers = await openProviders(options.contacts)
  const { base, names, mail, telegram, mailPorts } = providers
  const words = await openAskedInWords()
  const closeProviders = async (): Promise<void> => {
    await providers.close()
    words.dispose()
  }
  const { section } = mail.inbox
  const cluster = await openCluster({
    ...{ ...options, sections: words.sections, learned: words.learned },
    // Nobody gives up while the product starts: what is given up owes nothing and shows nothing.
    attempts: 40,
    inboxes: {
      [telegram.inbox.inboxId]: { channel: 'telegram', ...telegram.inbox.section },
      [webInbox]: { channel: 'web', origins: [base], limits: { sessionsPerMinute: 1_000 } },
    },
    ownInboxes: (node) => ({
      [mail.inbox.inboxId]: {
        ...{ channel: 'email', sendsPerSecond: 500, ...section, autoReplies },
        receiver: { ...section.receiver, port: mailPorts[node] },
      },
    }),
  }).catch(async (error: unknown) => {
    await closeProviders()
    throw error
  })
  providers.serve(cluster.nodes)
  const visitors = await Promise.all(names.map(() => openWebVisitor(base, webInbox)))
  return {
    cluster,
    contacts: [
      ...wechatContacts(cluster),
      ...simulatedContacts('email', mail.simulator.client),
      ...simulatedContacts('telegram', telegram.simulator.client),
      ...webContacts(visitors),
    ],
    close: async () => {
      for (const visitor of visitors) visitor.close()
      await cluster.dispose()
      await closeProviders()
    },
  }
}

interface Taken extends Asked {
  /** When it was told to be taken, or given up. */
  readonly atMs: number
}

/** Asks one thing after the other, as many at once as the channel answers one by one; ends when all are answered. */
const converse = async (contact: ChannelContact, running: () => boolean): Promise<readonly Taken[]> => {
  const asked: Taken[] = []
  let open: readonly Taken[] = []
  const waitFor = async (most: number): Promise<void> => {
    const endMs = Date.now() + answerLimitMs
    for (;;) {
      const lines = contact.lines()
      open = open.filter(({ answer }) => !lines.some(({ text }) => text.includes(answer)))
      if (open.length <= most || Date.now() > endMs) return
      await delay(waitMs)
    }
  }
  for (let n = 0; n < keys && running(); n += 1) {
    const acknowledged = await contact.ask(n)
    const taken = { answer: answerOf(n), acknowledged, atMs: Date.now() }
    asked.push(taken)
    // What was given up owes no answer, whether it came or not.
    if (acknowledged) open = [...open, taken]
    await waitFor(contact.mostOpen - 1)
    await delay(pauseMs)
  }
  await waitFor(0)
  return asked
}

interface Account {
  readonly contact: ChannelContact
  readonly asked: readonly Taken[]
  readonly lines: readonly ShownLine[]
}

const verdictOf = ({ asked, lines }: Account): Verdict =>
  judgeTexts(
    asked,
    lines.map(({ text }) => text),
  )

const byChannel = (accounts: readonly Account[]): Readonly<Record<string, Verdict>> =>
  Object.fromEntries(
    [...new Set(accounts.map(({ contact }) => contact.channel))].map((channel) => [
      channel,
      total(accounts.filter(({ contact }) => contact.channel === channel).map(verdictOf)),
    ]),
  )

/** Until when what was acknowledged before a moment had its answer; nobody waits longer than for the last line. */
const settledAt = (accounts: readonly Account[], beforeMs: number): number =>
  Math.max(
    beforeMs,
    ...accounts.flatMap(({ asked, lines }) =>
      asked
        .filter(({ acknowledged, atMs }) => acknowledged && atMs <= beforeMs)
        .map(({ answer }) => lines.find(({ text }) => text.includes(answer))?.atMs ?? beforeMs),
    ),
  )

const sum = (accounts: readonly Account[], of: (account: Account) => number): number =>
  accounts.reduce((all, account) => all + of(account), 0)

const unmarkedOf = ({ contact: { key }, asked, lines }: Account, marks: readonly Mark[]): number =>
  key === undefined
    ? 0
    : countUnmarkedTexts(
        asked,
        lines.map(({ text }) => text),
        marks.filter(({ contact }) => contact === key),
      )

/** Kills the nodes at random moments while contacts talk; gives when each died, and when the last one was up again. */
const killRepeatedly = async ({ nodes }: Cluster, options: ChannelsOptions) => {
  const random = createRandom(options.seed)
  const diedAtMs: number[] = []
  for (let kill = 1; kill <= options.kills; kill += 1) {
    await delay(50 + random() * (options.workMs ?? 4_000))
    const node = nodes[Math.floor(random() * nodes.length)]
    diedAtMs.push(Date.now())
    await node?.kill()
    options.onKill?.(kill)
    await node?.start()
  }
  return { diedAtMs, restartedAtMs: Date.now() }
}

/** Kills nodes at random moments while contacts of WeChat, mail, Telegram and web chat talk to them at once. */
export const channelsRun = async (options: ChannelsOptions): Promise<ChannelsResult> => {
  const { cluster, contacts, close } = await openChannels(options)
  try {
    let running = true
    const talks = contacts.map((contact) => converse(contact, () => running))
    const { diedAtMs, restartedAtMs } = await killRepeatedly(cluster, options)
    running = false
    const asked = await Promise.all(talks)
    await delay(options.quietMs ?? 5_000)
    for (const node of cluster.nodes) await node.stop()
    const accounts = contacts.map((contact, place): Account => ({
      contact,
      asked: asked[place] ?? [],
      lines: contact.lines(),
    }))
    const deaths: Deaths = { atMs: diedAtMs, beforeMs: recordMs, afterMs: readMs }
    const marks = await cluster.marks()
    return {
      ...total(accounts.map(verdictOf)),
      kills: options.kills,
      channels: byChannel(accounts),
      // What a page is shown lies in the database, whoever dies.
      atKills: sum(
        accounts.filter(({ contact }) => contact.channel !== 'web'),
        ({ lines }) => countAtDeaths(lines, deaths),
      ),
      inexcusable: sum(accounts, (account) => countInexcusable(account.asked, account.lines, deaths)),
      marked: await cluster.countMarked(),
      unmarked: sum(accounts, (account) => unmarkedOf(account, marks)),
      settledMs: settledAt(accounts, restartedAtMs) - restartedAtMs,
    }
  } finally {
    await close()
  }
}
