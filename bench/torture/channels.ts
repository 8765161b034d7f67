import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { setTimeout as delay } from 'node:timers/promises'
import type { SimulatedClient } from '../../sandbox/simulator.ts'
import { demoClients } from '../../src/app/demo-clients.ts'
import { freePort } from '../../src/app/free-port.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { ChannelName } from '../../src/core/message.ts'
import { question } from '../questions.ts'
import { createRandom } from '../random.ts'
import { openCluster, type Cluster, type ClusterOptions } from './cluster.ts'
import { openWebVisitor } from './web-visitor.ts'

/** How hard to be. */
export interface ChannelsOptions extends Pick<ClusterOptions, 'learned' | 'databaseUrl' | 'redisUrl'> {
  readonly kills: number
  /** Contacts of each channel. */
  readonly contacts: number
  /** Of the random moments. */
  readonly seed: number
  /** Milliseconds of work before each kill at most. Default 4000. */
  readonly workMs?: number
  readonly onKill?: (kill: number) => void
}

/** What one channel's contacts were shown. */
export interface ChannelVerdict {
  readonly acknowledged: number
  readonly lost: number
  readonly repeats: number
}

/** What came of one process killed while contacts of four channels talk to it. */
export interface ChannelsResult {
  readonly kills: number
  readonly acknowledged: number
  readonly lost: number
  readonly channels: Readonly<Record<string, ChannelVerdict>>
  /** Repeats that the product knows of and shows as such, of all channels. */
  readonly marked: number
  /** Milliseconds from the last restart until everything that was acknowledged by then was answered. */
  readonly settledMs: number
}

/** A contact as every channel has them. */
interface Contact {
  readonly channel: ChannelName
  /** Says something; true once it is told to be taken, false when the provider has given up. */
  readonly say: (text: string) => Promise<boolean>
  /** How many lines of the account the contact has been shown. */
  readonly answers: () => number
}

const waitMs = 30
/** An answer that has not come by then does not come any more. */
const answerLimitMs = 120_000
const quietMs = 5_000

const wechatContacts = ({ simulator, contacts }: Cluster): readonly Contact[] => {
  const shown = new Map<string, Set<number>>(contacts.map((openid) => [openid, new Set()]))
  simulator.onEvent((event) => {
    if (event.kind !== 'transcript') return
    const { openid, id, source } = event.entry
    if (source === 'passive' || source === 'api') shown.get(openid)?.add(id)
  })
  return contacts.map((openid) => ({
    channel: 'wechat',
    say: async (text) => (await simulator.push(openid, { kind: 'text', text })).state !== 'failed',
    answers: () => shown.get(openid)?.size ?? 0,
  }))
}

const simulatedContacts = (channel: ChannelName, client: SimulatedClient): readonly Contact[] => {
  const shown = new Map<string, Set<string>>(client.users().map(({ key }) => [key, new Set()]))
  const look = (userKey: string): void => {
    for (const { id, from } of client.lines(userKey)) if (from === 'account') shown.get(userKey)?.add(id)
  }
  const contactOf = (key: string): Contact => {
    const said = () => client.lines(key).findLast(({ from }) => from === 'user')
    return {
      channel,
      say: async (text) => {
        const last = said()
        client.act(key, { kind: 'text', text })
        for (;;) {
          // A mail is written before its line stands there.
          const line = said()
          const state = line?.id === last?.id ? undefined : line?.state
          if (state === 'delivered' || state === 'failed') return state === 'delivered'
          await delay(waitMs)
        }
      },
      answers: () => {
        look(key)
        return shown.get(key)?.size ?? 0
      },
    }
  }
  return client.users().map(({ key }) => contactOf(key))
}

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

/** Four channels with their providers in front of one node. */
const openChannels = async (options: ChannelsOptions) => {
  const [port, apiPort] = [await freePort(), await freePort()]
  const names = Array.from({ length: options.contacts }, (_, n) => `访客${String(n)}`)
  const surroundings = {
    ...{ base: `http://127.0.0.1:${String(port)}`, clock: systemClock, names, retryDelayMs: 1_000 },
    apiOf: () => `http://127.0.0.1:${String(apiPort)}`,
  }
  const mail = await demoClients.email(surroundings)
  const telegram = demoClients.telegram(surroundings)
  const stopApi = await serveApi(telegram.simulator.api, apiPort)
  // The brakes against loops are for machines.
  const autoReplies = { perThreadPerDay: 1_000, perSenderPerHour: 1_000, perSenderPerDay: 1_000 }
  const cluster = await openCluster({
    ...options,
    port,
    // Nobody gives up while the product starts: what is given up owes nothing and shows nothing.
    attempts: 40,
    inboxes: {
      [mail.inbox.inboxId]: { channel: 'email', sendsPerSecond: 500, ...mail.inbox.section, autoReplies },
      [telegram.inbox.inboxId]: { channel: 'telegram', ...telegram.inbox.section },
      [webInbox]: { channel: 'web', limits: { sessionsPerMinute: 1_000 } },
    },
  })
  const visitors = await Promise.all(names.map(() => openWebVisitor(surroundings.base, webInbox)))
  return {
    cluster,
    contacts: [
      ...wechatContacts(cluster),
      ...simulatedContacts('email', mail.simulator.client),
      ...simulatedContacts('telegram', telegram.simulator.client),
      ...visitors.map((visitor): Contact => ({
        channel: 'web',
        say: (text) => visitor.say(text).then(() => true),
        answers: () => visitor.answers(),
      })),
    ],
    close: async () => {
      for (const visitor of visitors) visitor.close()
      await cluster.dispose()
      await mail.simulator.close()
      await telegram.simulator.close()
      stopApi()
    },
  }
}

interface Account {
  readonly channel: ChannelName
  acknowledged: number
  lost: number
  repeats: number
  /** When the last message was acknowledged, and when its answer had come. */
  takenAtMs: number
  settledAtMs: number
}

/** Asks, waits for the answer, asks the next thing: every question has one answer. */
const converse = async (contact: Contact, running: () => boolean): Promise<Account> => {
  const { channel } = contact
  const account = { channel, acknowledged: 0, lost: 0, repeats: 0, takenAtMs: 0, settledAtMs: 0 }
  let asked = 0
  for (; running(); asked += 1) {
    const before = contact.answers()
    if (!(await contact.say(question(asked)))) continue
    account.acknowledged += 1
    account.takenAtMs = performance.now()
    const endMs = performance.now() + answerLimitMs
    while (contact.answers() === before && performance.now() < endMs) await delay(waitMs)
    if (contact.answers() === before) account.lost += 1
  }
  account.settledAtMs = performance.now()
  // What is still said again has the time for it.
  await delay(quietMs)
  account.repeats = Math.max(0, contact.answers() - (asked - account.lost))
  return account
}

const verdictOf = (accounts: readonly Account[]): Readonly<Record<string, ChannelVerdict>> => {
  const channels: Record<string, ChannelVerdict> = {}
  for (const { channel, acknowledged, lost, repeats } of accounts) {
    const known = channels[channel] ?? { acknowledged: 0, lost: 0, repeats: 0 }
    channels[channel] = {
      acknowledged: known.acknowledged + acknowledged,
      lost: known.lost + lost,
      repeats: known.repeats + repeats,
    }
  }
  return channels
}

/** Kills the one node at random moments while contacts of WeChat, mail, Telegram and web chat talk to it at once. */
export const channelsRun = async (options: ChannelsOptions): Promise<ChannelsResult> => {
  const { cluster, contacts, close } = await openChannels(options)
  try {
    let running = true
    const talks = contacts.map((contact) => converse(contact, () => running))
    const random = createRandom(options.seed)
    const [node] = cluster.nodes
    for (let kill = 1; kill <= options.kills; kill += 1) {
      await delay(50 + random() * (options.workMs ?? 4_000))
      await node?.kill()
      options.onKill?.(kill)
      await node?.start()
    }
    const restartedAtMs = performance.now()
    running = false
    const accounts = await Promise.all(talks)
    const channels = verdictOf(accounts)
    // A mail server that has not got rid of a mail comes again after minutes: what it still holds is not ours yet.
    const ours = accounts.filter(({ takenAtMs }) => takenAtMs <= restartedAtMs)
    const settledAtMs = Math.max(restartedAtMs, ...ours.map((account) => account.settledAtMs))
    await node?.stop()
    const sum = (of: (verdict: ChannelVerdict) => number): number =>
      Object.values(channels).reduce((all, verdict) => all + of(verdict), 0)
    return {
      kills: options.kills,
      acknowledged: sum(({ acknowledged }) => acknowledged),
      lost: sum(({ lost }) => lost),
      channels,
      marked: await cluster.countMarked(),
      settledMs: Math.round(settledAtMs - restartedAtMs),
    }
  } finally {
    await close()
  }
}
