import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../../src/app/free-port.ts'
import { withOwnDatabase } from '../own-database.ts'
import { createServerProcess } from '../server-process.ts'
import type { ClusterOptions } from './cluster.ts'
import { openMailRelay, type MailRelay } from './mail-relay.ts'

const marks = ['auto-submitted', 'x-auto-response-suppress', 'x-loop', 'precedence']

/** What a relay between two products may take away, and how many mails may go between them then. */
export const relays = {
  honest: { title: 'with all headers', stripped: [], most: 2 },
  unmarked: { title: 'over a relay that takes the marks of machines away', stripped: marks, most: 10 },
  unthreaded: {
    title: 'over a relay that takes threads away too',
    stripped: [...marks, 'in-reply-to', 'references', 'reply-to'],
    most: 10,
  },
} as const satisfies Readonly<
  Record<string, { readonly title: string; readonly stripped: readonly string[]; readonly most: number }>
>

/** A product of which an experiment needs no more than its end. */
interface Running {
  dispose(): Promise<void>
}

/** Two products, each the other's customer. */
export interface Facing {
  /** Has one of them get a mail of the other's address. */
  begins(): Promise<void>
  /** Somebody else writes to both and waits for both answers: as long as one exchange of theirs takes. */
  asksBoth(round: number): Promise<void>
  /** Mails that went between the two. */
  between(): number
  close(): Promise<void>
}

const domains = ['a.example', 'b.example'] as const
const patienceMs = 120_000

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** A person's question, as a mail program writes it. */
const questionFrom = (from: string, to: string, id: string) => ({
  from,
  to,
  raw: [
    `From: =?utf-8?B?${base64('王磊')}?= <${from}>`,
    `To: ${to}`,
    `Subject: =?utf-8?B?${base64('投稿审核要多久')}?=`,
    `Message-ID: <${id}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    '投稿一直在审核中要等多久',
    '',
  ].join('\r\n'),
})

const facingOver = (relay: MailRelay, products: readonly Running[]): Facing => ({
  between: () => relay.between(),
  begins: () => relay.bring(questionFrom('support@b.example', 'support@a.example', 'first@b.example')),
  asksBoth: async (round) => {
    const from = `person${String(round)}@c.example`
    const write = (domain: string): Promise<void> =>
      relay.bring(questionFrom(from, `support@${domain}`, `${String(round)}.${domain}@c.example`))
    await Promise.all(domains.map(write))
    const endMs = performance.now() + patienceMs
    while (relay.outside().filter((to) => to === from).length < domains.length) {
      if (performance.now() > endMs) throw new Error(`round ${String(round)}: somebody got no answer`)
      await delay(20)
    }
  },
  close: async () => {
    await Promise.all(products.map((product) => product.dispose()))
    await relay.close()
  },
})

/** Sets two products facing each other over such a relay; `start` runs one with these inboxes. */
export const setFacing = async (
  { stripped }: { readonly stripped: readonly string[] },
  start: (inboxes: Readonly<Record<string, object>>, place: number) => Promise<Running>,
): Promise<Facing> => {
  const receivers = new Map<string, number>()
  for (const domain of domains) receivers.set(domain, await freePort())
  const relay = await openMailRelay(receivers, stripped)
  const products: Running[] = []
  for (const [place, domain] of domains.entries()) {
    const mail = {
      ...{ channel: 'email', address: `support@${domain}`, sendsPerSecond: 1_000 },
      smtp: { host: '127.0.0.1', port: relay.port, tls: 'none' },
      receiver: { port: receivers.get(domain) },
    }
    products.push(await start({ mail }, place))
  }
  return facingOver(relay, products)
}

/** How hard to be. */
export interface MailLoopOptions extends Pick<ClusterOptions, 'learned' | 'databaseUrl'> {
  /** How long to look, in exchanges of mails. */
  readonly rounds: number
}

/** What came of two products that write to each other: mails between them, by what the relay took away. */
export type MailLoopResult = Readonly<Record<keyof typeof relays, number>>

/** Starts a product as its users do. */
const startProcess = async (
  inboxes: Readonly<Record<string, object>>,
  databaseUrl: string | undefined,
  learned: string | undefined,
): Promise<Running> => {
  const product = createServerProcess({
    port: await freePort(),
    config: { production: true, router: { settleMs: 0 }, inboxes },
    environment: databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl },
    learned,
  })
  await product.start()
  return product
}

const countMails = async (
  name: keyof typeof relays,
  { rounds, learned }: MailLoopOptions,
  databases: readonly string[],
): Promise<number> => {
  const facing = await setFacing(relays[name], (inboxes, place) =>
    startProcess(inboxes, databases[place], learned),
  )
  try {
    await facing.begins()
    for (let round = 1; round <= rounds; round += 1) await facing.asksBoth(round)
    return facing.between()
  } finally {
    await facing.close()
  }
}

/** Has two products write mail to each other over each relay, and counts the mails. */
export const mailLoopRun = async (options: MailLoopOptions): Promise<MailLoopResult> => {
  const { databaseUrl } = options
  const count = async (name: keyof typeof relays): Promise<number> => {
    if (databaseUrl === undefined) return countMails(name, options, [])
    let mails = 0
    await withOwnDatabase(databaseUrl, (one) =>
      withOwnDatabase(databaseUrl, async (other) => {
        mails = await countMails(name, options, [one, other])
      }),
    )
    return mails
  }
  return {
    honest: await count('honest'),
    unmarked: await count('unmarked'),
    unthreaded: await count('unthreaded'),
  }
}
