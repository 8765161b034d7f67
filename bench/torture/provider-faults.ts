import { setTimeout as delay } from 'node:timers/promises'
import type { FaultSpec } from '../../sandbox/index.ts'
import { freePort } from '../../src/app/free-port.ts'
import { quantile } from '../load.ts'
import { question } from '../questions.ts'
import { countAlarming } from './alert-rule.ts'
import { answerOf, keyOf, openCluster, type Cluster, type ClusterOptions } from './cluster.ts'
import { openWebVisitor } from './web-visitor.ts'

/** How hard to be. */
export interface ProviderFaultsOptions extends Pick<
  ClusterOptions,
  'learned' | 'databaseUrl' | 'redisUrl' | 'nodes'
> {
  /** How often in a row the provider fails in each way but that of the token. */
  readonly times: number
  /** Whether a message is sent, too, that is refused for ever. That takes about eight minutes. */
  readonly forEver?: boolean
  /** Ways to fail by their names. Default: all. */
  readonly only?: readonly string[]
  /** Milliseconds somebody talks elsewhere before anything fails. Default a minute. */
  readonly beforeMs?: number
  readonly onFault?: (name: string) => void
}

/** What came of a provider that failed in every way. */
export interface ProviderFaultsResult {
  readonly faults: number
  /** Ways to fail after which the answer never came. Must be none. */
  readonly unanswered: readonly string[]
  /** Sends that came before the pause was over that the provider had asked for. Must be 0. */
  readonly tooEarly: number
  /** Sends that came later than a tenth of that pause, and the time between two looks, after its end. */
  readonly tooLate: number
  /** Answers more than once, by the way to fail. */
  readonly repeats: Readonly<Record<string, number>>
  readonly marked: number
  /** Questions on the other channel meanwhile, and those of them that were answered: must be all. */
  readonly askedElsewhere: number
  readonly answeredElsewhere: number
  /** 95th percentile of how long answers there took, before anything failed and meanwhile. */
  readonly quietP95Ms: number
  readonly meanwhileP95Ms: number
  /** How often a message was tried whose send never succeeds; undefined: none was. At most 9. */
  readonly triesForNothing?: number
  /** Messages that were given up, and stand as failed at the desk: that one alone. */
  readonly givenUp: number
  /** Messages that the rule for alerts counts as lost, over all nodes: that one alone. */
  readonly alarming: number
}

const send = { api: 'custom_send' } as const

/** Every way in which a send fails; `sent`: some fail although the contact was shown the message. */
const faults: Readonly<Record<string, FaultSpec>> = {
  'too many requests': { ...send, http: 429 },
  'HTTP 500': { ...send, http: 500 },
  'HTTP 502': { ...send, http: 502 },
  'HTTP 503': { ...send, http: 503 },
  'no answer': { ...send, http: 'hang' },
  'a broken connection': { ...send, http: 'cut' },
  'half an answer': { ...send, http: 'half' },
  'no JSON': { ...send, http: 'not-json' },
  busy: { ...send, errcode: -1 },
  'too often': { ...send, errcode: 45011 },
  // Once: a fresh token that is refused too is a person's to mend, and the inbox rests for five minutes.
  'a token that is over': { ...send, errcode: 42001, times: 1 },
}
/** What the simulator asks for with status 429. */
const retryAfterMs = 2_000
/** The pause is in the database, so that it holds on every node; each sender looks there so often (`pollMs` of its pump). */
const lookEveryMs = 1_000

const [answerLimitMs, quietMs] = [120_000, 1_000]
/** Between an answer there and the next question: one visitor may not send without end. Then looks for the answer. */
const [pauseMs, lookMs] = [700, 5]
/** Longer than nine tries take, from each to the next twice as long. */
const triesMs = 15 * 60_000

interface Send {
  readonly atMs: number
  readonly status: number
}

/** Counts what the contact of a fault is shown, and when sends were tried. */
const watch = ({ simulator }: Cluster) => {
  const texts: string[] = []
  const sends: Send[] = []
  simulator.onEvent((event) => {
    if (event.kind === 'transcript' && event.entry.source === 'api' && event.entry.content.kind === 'text')
      texts.push(event.entry.content.text)
    if (event.kind === 'exchange' && event.exchange.kind === 'api' && event.exchange.api === 'custom_send')
      sends.push({ atMs: event.exchange.at.getTime(), status: event.exchange.status })
  })
  return { shown: (text: string) => texts.filter((one) => one.includes(text)).length, sends }
}

/** A visitor of another channel who goes on asking. */
const talkElsewhere = async (base: string) => {
  const visitor = await openWebVisitor(base, elsewhere)
  let [running, asked, answered] = [true, 0, 0]
  const waits: number[] = []
  const talking = (async () => {
    for (; running; asked += 1) {
      const before = visitor.answers()
      const startedAt = performance.now()
      await visitor.say(question(asked))
      const endMs = performance.now() + answerLimitMs
      while (visitor.answers() === before && performance.now() < endMs) await delay(lookMs)
      waits.push(performance.now() - startedAt)
      if (visitor.answers() > before) answered += 1
      await delay(pauseMs)
    }
  })()
  return {
    /** 95th percentile of what was waited for since this was asked last. */
    p95: (): number => Math.round(quantile(waits.splice(0), 0.95)),
    stop: async () => {
      running = false
      await talking
      visitor.close()
      return { askedElsewhere: asked, answeredElsewhere: answered }
    },
  }
}

/** Refuses a message for ever; gives how often it was tried, once no further try can come. */
const refuseForEver = async (
  { simulator, contacts: [openid = ''] }: Cluster,
  sends: readonly Send[],
): Promise<number> => {
  const before = sends.length
  const key = keyOf(Object.keys(faults).length)
  simulator.fault({ ...send, http: 500, times: 1_000 })
  await simulator.push(openid, { kind: 'click', key, label: key })
  const endMs = Date.now() + triesMs
  for (;;) {
    await delay(quietMs)
    const [last, previous] = [sends.at(-1), sends.at(-2)]
    if (Date.now() > endMs) break
    if (sends.length < before + 2 || last === undefined || previous === undefined) continue
    if (Date.now() - last.atMs > 10_000 + 4 * (last.atMs - previous.atMs)) break
  }
  simulator.clearFaults()
  return sends.length - before
}

const elsewhere = 'torture-web'

/** How the pauses were kept that the provider asked for. */
const judgePauses = (sends: readonly Send[]): { readonly tooEarly: number; readonly tooLate: number } => {
  const waits = sends.flatMap(({ atMs, status }, place) => {
    const next = sends[place + 1]
    return status === 429 && next !== undefined ? [next.atMs - atMs] : []
  })
  return {
    tooEarly: waits.filter((ms) => ms < retryAfterMs).length,
    tooLate: waits.filter((ms) => ms > retryAfterMs * 1.1 + lookEveryMs).length,
  }
}

/** Lets sends to one provider fail in every way, one after the other, while somebody talks on another channel. */
export const providerFaultsRun = async (options: ProviderFaultsOptions): Promise<ProviderFaultsResult> => {
  const port = await freePort()
  const cluster = await openCluster({
    ...{ ...options, port, contacts: 1, passiveBudgetMs: 0 },
    inboxes: { [elsewhere]: { channel: 'web' } },
  })
  try {
    const { simulator, nodes } = cluster
    const [openid = ''] = cluster.contacts
    const { shown, sends } = watch(cluster)
    const other = await talkElsewhere(`http://127.0.0.1:${String(port)}`)
    await delay(options.beforeMs ?? 60_000)
    const quietP95Ms = other.p95()
    const unanswered: string[] = []
    const wanted = Object.entries(faults).filter(([name]) => options.only?.includes(name) ?? true)
    for (const [n, [name, fault]] of wanted.entries()) {
      simulator.fault({ times: options.times, ...fault })
      await simulator.push(openid, { kind: 'click', key: keyOf(n), label: keyOf(n) })
      const endMs = performance.now() + answerLimitMs
      while (shown(answerOf(n)) < (name === 'half an answer' ? 2 : 1) && performance.now() < endMs)
        await delay(20)
      if (shown(answerOf(n)) === 0) unanswered.push(name)
      await delay(quietMs)
      simulator.clearFaults()
      options.onFault?.(name)
    }
    const meanwhileP95Ms = other.p95()
    const elsewhereCounts = await other.stop()
    const tries = options.forEver === true ? { triesForNothing: await refuseForEver(cluster, sends) } : {}
    const alarming = await countAlarming(nodes)
    for (const node of nodes) await node.stop()
    const repeats = wanted.flatMap(([name], n) => {
      const more = Math.max(0, shown(answerOf(n)) - 1)
      return more === 0 ? [] : [[name, more] as const]
    })
    return {
      ...{ faults: wanted.length, unanswered, ...judgePauses(sends), repeats: Object.fromEntries(repeats) },
      ...{ marked: await cluster.countMarked(), ...elsewhereCounts, quietP95Ms, meanwhileP95Ms, ...tries },
      ...{ givenUp: await cluster.countGivenUp(), alarming },
    }
  } finally {
    await cluster.dispose()
  }
}
