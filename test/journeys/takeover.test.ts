// Of two nodes one has the mailbox, the bot, the personal account. It is killed while messages come: the other goes on.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTelegramAccount, createTelegramSimulator } from '../../sandbox/index.ts'
import { systemClock } from '../../src/core/clock.ts'
import { mailOf, address } from '../channels/email/account.ts'
import { openMailbox, startWire } from '../channels/email/mailbox.ts'
import { startSmtpPeer } from '../channels/email/peer.ts'
import { startSteering } from '../channels/wechaty/stage.ts'
import { createAgent } from '../support/agent.ts'
import { startPair, type NodePair, type PairInboxes } from '../support/node-pair.ts'
import { serveApi } from '../support/serve-api.ts'
import { describeWith, serviceUrl } from '../support/services.ts'

/** A lock of a dead node ends, and so does the lease of what it was at. */
const patience = { timeout: 90_000 }
const testMs = 240_000

const question = '投稿一直在审核中要等多久'

interface Came {
  readonly key: string
  readonly stored: number
  readonly answers: number
}

/** What was stored of each contact, and what was said to them. */
const cameOf = ({ database }: NodePair): Promise<readonly Came[]> =>
  database.query<Came & Record<string, unknown>>(
    `select c.contact_key as key, count(*) filter (where m.direction = 'in')::int as stored,
       count(*) filter (where m.direction = 'out')::int as answers
     from conversations c join messages m on m.conversation_id = c.id group by c.contact_key order by c.contact_key`,
  )

/** What was to be sent: how much in all, how much is not sent yet, and what the kill broke off, sent again and marked as such. */
const sendsOf = async ({ database }: NodePair) => {
  const [row] = await database.query<{ all: number; open: number; repeated: number }>(
    `select count(*)::int as all, count(*) filter (where status <> 'sent')::int as open,
       count(*) filter (where repeated)::int as repeated from outbox`,
  )
  return row ?? { all: 0, open: 0, repeated: 0 }
}

/** Waits until all is sent; so much the provider may have taken at most. */
const mostTaken = async (pair: NodePair): Promise<number> => {
  await expect.poll(async () => (await sendsOf(pair)).open, patience).toBe(0)
  const { all, repeated } = await sendsOf(pair)
  return all + repeated
}

const once = (keys: readonly string[]): readonly Came[] =>
  [...keys].sort().map((key) => ({ key, stored: 1, answers: 1 }))

describe.skipIf(serviceUrl('redis') === undefined)('two nodes', () => {
  const redis = serviceUrl('redis') ?? ''

  const start = async (postgres: string, inboxes: PairInboxes): Promise<NodePair> => {
    const pair = await startPair({ postgres, redis }, inboxes)
    onTestFinished(() => pair.dispose())
    return pair
  }

  describeWith('postgres', 'share', (postgres) => {
    it.skipIf(serviceUrl('dovecot') === undefined)(
      'a mailbox: the other reads on, each mail once',
      async () => {
        const server = serviceUrl('dovecot') ?? ''
        const peer = await startSmtpPeer()
        onTestFinished(() => peer.close())
        const mailbox = await openMailbox(server)
        onTestFinished(() => mailbox.close())
        const otherWire = await startWire(Number(new URL(server).port))
        onTestFinished(() => otherWire.close())
        const inboxOf = (port: number) => ({
          mail: {
            ...{ channel: 'email', address, sendsPerSecond: 1_000 },
            smtp: { host: '127.0.0.1', port: peer.port, tls: 'none' },
            imap: { ...mailbox.login, host: '127.0.0.1', port, tls: 'none', pollMs: 1_000, backfillDays: 1 },
          },
        })
        const pair = await start(postgres, {
          first: inboxOf(mailbox.login.port),
          second: inboxOf(otherWire.port),
        })
        const contacts: string[] = []
        const arrives = async (count: number): Promise<void> => {
          for (let n = 0; n < count; n += 1) {
            const from = `contact-${String(contacts.push('') - 1).padStart(2, '0')}@qq.example`
            contacts[contacts.length - 1] = from
            await mailbox.arrives(mailOf(question, { id: `of-${from}`, from, subject: '稿件审核' }))
          }
        }
        await arrives(2)
        await expect.poll(() => cameOf(pair), patience).toEqual(once(contacts))
        await pair.startSecond()
        // They take turns; what the other one kept open after its own is closed by then.
        await expect.poll(() => mailbox.wire.isOpen() && !otherWire.isOpen(), patience).toBe(true)
        await arrives(4)
        await pair.first.kill()
        await arrives(4)
        await expect.poll(() => cameOf(pair), patience).toEqual(once(contacts))
        expect(otherWire.connections()).toBeGreaterThan(0)
        const heard = () => peer.taken.flatMap(({ to }) => to)
        await expect.poll(() => [...new Set(heard())].sort(), patience).toEqual(contacts)
        expect(await mostTaken(pair)).toBeGreaterThanOrEqual(heard().length)
      },
      testMs,
    )

    it(
      'a polled bot: the other polls on, each update once, and Telegram never has two',
      async () => {
        const contacts = Array.from({ length: 8 }, (_, n) => String(5_000_000_001 + n))
        const account = createTelegramAccount()
        const users = contacts.map((key) => ({ key, name: key }))
        const simulator = createTelegramSimulator({ account, clock: systemClock, users })
        onTestFinished(() => simulator.close())
        /** The simulator as one node sees it: whether that one polls now. */
        const serve = async () => {
          let polls = 0
          const statuses: number[] = []
          const api = await serveApi(async (request, env) => {
            if (!request.url.endsWith('/getUpdates')) return simulator.api.fetch(request, env)
            polls += 1
            const response = await simulator.api.fetch(request, env)
            statuses.push(response.status)
            polls -= 1
            return response
          })
          onTestFinished(() => api.stop())
          return { url: api.url, isPolling: () => polls > 0, statuses }
        }
        const [mine, other] = [await serve(), await serve()]
        const inboxOf = (apiRoot: string) => ({
          bot: {
            ...{ channel: 'telegram', token: account.token, apiRoot, sendsPerSecond: 1_000 },
            ...{ receive: 'polling', pollSeconds: 2 },
          },
        })
        const pair = await start(postgres, { first: inboxOf(mine.url), second: inboxOf(other.url) })
        const writing = [...contacts]
        const wrote: string[] = []
        const write = (count: number): void => {
          for (const key of writing.splice(0, count)) {
            simulator.client.act(key, { kind: 'text', text: question })
            wrote.push(key)
          }
        }
        write(2)
        await expect.poll(() => cameOf(pair), patience).toEqual(once(wrote))
        let second = await pair.startSecond()
        const isMine = async (): Promise<boolean> => {
          await expect
            .poll(() => mine.isPolling() || other.isPolling(), { ...patience, interval: 5 })
            .toBe(true)
          return mine.isPolling()
        }
        // It may have slipped in between two polls of the first, and would go on for long.
        while (!(await isMine())) {
          await second.stop()
          second = await pair.startSecond()
        }
        write(3)
        await pair.first.kill()
        write(3)
        await expect.poll(() => cameOf(pair), patience).toEqual(once(contacts))
        const heard = () =>
          contacts.map((key) => simulator.client.lines(key).filter(({ from }) => from === 'account').length)
        await expect.poll(() => Math.min(...heard()), patience).toBeGreaterThan(0)
        const most = await mostTaken(pair)
        expect(heard().reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(most)
        expect(new Set([...mine.statuses, ...other.statuses])).toEqual(new Set([200]))
      },
      testMs,
    )

    it.skipIf(serviceUrl('wechaty-bridge') === undefined)(
      'a personal WeChat account: one is signed in, and what waits meanwhile is sent once by the next',
      async () => {
        const stateDir = mkdtempSync(join(tmpdir(), 'tongda-wechaty-'))
        onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }))
        const [mine, other] = [await startSteering(), await startSteering()]
        onTestFinished(() => {
          mine.close()
          other.close()
        })
        const inboxOf = (controlPort: number) => ({
          personal: {
            ...{ channel: 'wechaty', puppet: 'wechaty-puppet-mock', puppetOptions: { controlPort } },
            ...{ bridgeDir: serviceUrl('wechaty-bridge'), stateDir, sendsPerSecond: 1_000 },
          },
        })
        const pair = await start(postgres, { first: inboxOf(mine.port), second: inboxOf(other.port) })
        const says = ({ act }: typeof mine, id: string, text: string): Promise<void> =>
          act({ do: 'message', id, from: 'friend-1', payload: { type: 7, text } })
        const wordsOf = ({ said }: typeof mine) => said.map(({ text }) => text).join('\n')
        await expect.poll(mine.ups, patience).toBe(1)
        await mine.act({ do: 'login' })
        await says(mine, 'm-1', '转人工')
        await expect.poll(() => wordsOf(mine), patience).toMatch(/T-\d+/)
        const second = await pair.startSecond()
        const agent = await createAgent(second.url, second.signInUrl ?? '')
        const { id } = await agent.finds(/人工/)
        // Both look for what is to be sent; the one without the account leaves it alone.
        await agent.replies(id, '您的稿件今晚会审完')
        await expect.poll(() => wordsOf(mine), patience).toContain('今晚会审完')
        expect([mine.connections(), other.connections()]).toEqual([1, 0])

        await pair.first.kill()
        await agent.replies(id, '已经审完了')
        await agent.replies(id, '现在能看到了')
        await expect.poll(other.ups, patience).toBe(1)
        await other.act({ do: 'contact', id: 'friend-1' })
        await other.act({ do: 'login' })
        await says(other, 'm-1', '转人工')
        await says(other, 'm-2', '看到了，谢谢')
        const storedOf = async () => (await cameOf(pair)).map(({ stored }) => stored)
        await expect.poll(storedOf, patience).toEqual([2])
        await expect
          .poll(() => other.said.map(({ text }) => text), patience)
          .toEqual(['已经审完了', '现在能看到了'])
        expect([mine.connections(), other.connections()]).toEqual([1, 1])
        expect((await sendsOf(pair)).repeated).toBe(0)
        const tries = await pair.database.query(
          `select distinct d.outcome from outbox o join delivery_attempts d on d.outbox_id = o.id
           where d.outcome not in ('sent', 'paused') or d.outcome is null`,
        )
        expect(tries).toEqual([])
      },
      testMs,
    )
  })
})
