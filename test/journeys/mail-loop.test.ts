import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../../src/app/free-port.ts'
import { handOver } from '../channels/email/hand-over.ts'
import { mailOf } from '../channels/email/account.ts'
import { startSmtpPeer } from '../channels/email/peer.ts'
import type { SmtpPeer } from '../channels/email/peer.ts'
import { startProduct, type Product } from '../support/product.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Takes header lines out of a mail, folded ones whole. */
const without = (raw: string, names: readonly string[]): string => {
  const end = raw.search(/\r?\n\r?\n/)
  const pattern = new RegExp(`^(?:${names.join('|')}):[^\\n]*\\n(?:[ \\t][^\\n]*\\n)*`, 'gim')
  return `${`${raw.slice(0, end)}\r\n`.replace(pattern, '')}\r\n${raw.slice(end).trimStart()}`
}

interface Facing {
  /** Mails that went between the two. */
  readonly between: () => number
  /** Somebody else writes to both and waits for both answers. */
  asksBoth(round: number): Promise<void>
  begins(): Promise<void>
}

/** Two products, each the other's customer, over a relay that may take headers away. */
const setFacing = async (stripped: readonly string[]): Promise<Facing> => {
  const ports = new Map([
    ['a.example', await freePort()],
    ['b.example', await freePort()],
  ])
  let between = 0
  const outside: string[] = []
  const relay: SmtpPeer = await startSmtpPeer({
    onMail: ({ from, to: [to = ''], raw }) => {
      const port = ports.get(to.split('@')[1] ?? '')
      if (port === undefined) {
        outside.push(to)
        return
      }
      between += 1
      void handOver({ port, from, to, raw: without(raw, ['x-stripped', ...stripped]) })
    },
  })
  closing.push(() => relay.close())
  const products: Product[] = []
  for (const [domain, port] of ports)
    products.push(
      await startProduct({
        inboxes: {
          mail: {
            channel: 'email',
            address: `support@${domain}`,
            smtp: { host: '127.0.0.1', port: relay.port, tls: 'none' },
            receiver: { port },
            sendsPerSecond: 1_000,
          },
        },
      }),
    )
  closing.push(() => Promise.all(products.map((product) => product.dispose())))
  const writes = async (domain: string, from: string, id: string): Promise<void> => {
    const [to, port] = [`support@${domain}`, ports.get(domain) ?? 0]
    const raw = mailOf('投稿一直在审核中要等多久', { from, id, to, subject: '投稿审核要多久' })
    expect(await handOver({ port, raw, from, to })).toMatchObject({ code: 250 })
  }
  return {
    between: () => between,
    begins: () => writes('a.example', 'support@b.example', 'first@b.example'),
    asksBoth: async (round) => {
      const from = `person${round}@c.example`
      await Promise.all([
        writes('a.example', from, `a${round}@c.example`),
        writes('b.example', from, `b${round}@c.example`),
      ])
      await expect.poll(() => outside.filter((to) => to === from)).toHaveLength(2)
    },
  }
}

const marks = ['auto-submitted', 'x-auto-response-suppress', 'x-loop', 'precedence']

describe('two products that write to each other', () => {
  it.each([
    ['with all headers', [], 2],
    ['over a relay that takes the marks of machines away', marks, 10],
    ['over a relay that takes threads away too', [...marks, 'in-reply-to', 'references', 'reply-to'], 10],
  ])(
    'stop, %s',
    async (_title, stripped, most) => {
      const facing = await setFacing(stripped)
      await facing.begins()
      await expect.poll(facing.between).toBeGreaterThan(0)
      // Each round takes as long as one exchange of theirs: an endless loop would be far beyond ten by then.
      for (let round = 1; round <= 15; round += 1) await facing.asksBoth(round)
      expect(facing.between()).toBeLessThanOrEqual(most)
    },
    300_000,
  )
})
