import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { initialDialogue, type Claim } from '../../src/core/conversation.ts'
import type { DispatchResult } from '../../src/core/stores.ts'
import {
  createConversationStore,
  createFolderBlobs,
  createMediaStore,
  createOutboxStore,
  createRetryDelivery,
  createTicketStore,
} from '../../src/store/index.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome, buildTicketDraft } from '../support/builders.ts'
import { openTestPostgres, type TestDatabase } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

const now = new Date('2026-11-23T04:00:00Z')

describeWith('postgres', 'several nodes on one PostgreSQL', (url) => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await openTestPostgres(url)
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query(
      'truncate contacts, contact_identities, conversations, messages, outbox, delivery_attempts, inbox_pauses, tickets, ticket_timeline cascade',
    )
  })

  const conversationsOf = (names: readonly string[]) =>
    names.map((contactKey) => buildItem(buildInbound({ contactKey })))

  const claimOne = async (): Promise<Claim> => {
    const [claim] = await createConversationStore(test.database).claim('worker', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    return claim
  }

  /** Resolves once so many statements of this database wait for locks. */
  const somebodyWaits = (howMany = 1) =>
    expect
      .poll(() =>
        test.database.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        ),
      )
      .toHaveLength(howMany)

  /** A connection whose statements stop between their beginning and the first look at a conversation. */
  const openHalting = async () => {
    const { database, url: own } = test
    const gate = 4_711
    const role = `halting_${randomUUID().replaceAll('-', '')}`
    const [client, keeper] = [new pg.Client(own), new pg.Client(own)]
    await Promise.all([client.connect(), keeper.connect()])
    await database.script(`
      create role ${role};
      grant all on all tables in schema public to ${role};
      create function stop_at_gate() returns boolean volatile language plpgsql as
        'begin perform pg_advisory_lock_shared(${gate}); return true; end';
      alter table conversations enable row level security;
      create policy halting on conversations to ${role} using (stop_at_gate()) with check (true)`)
    await keeper.query('select pg_advisory_lock($1)', [gate])
    await client.query(`set role ${role}; set enable_seqscan = off`)
    const query = async <Result extends pg.QueryResultRow>(text: string, params: readonly unknown[] = []) =>
      (await client.query<Result>(text, [...params])).rows
    return {
      database: { ...database, query },
      goOn: () => keeper.query('select pg_advisory_unlock($1)', [gate]),
      close: async () => {
        await Promise.all([client.end(), keeper.end()])
        await database.script(`
          alter table conversations disable row level security;
          drop policy halting on conversations;
          drop function stop_at_gate();
          drop owned by ${role};
          drop role ${role}`)
      },
    }
  }

  it('claims what is pending now, not what was when the claim began', async () => {
    const store = createConversationStore(test.database)
    const press = (value: string, second: number) =>
      buildItem(
        buildInbound({
          parts: [{ kind: 'event', name: 'menu', value }],
          sentAt: new Date(now.getTime() + second * 1_000),
        }),
      )
    const [, second] = await store.accept([press('A', 0), press('B', 1)], now)
    const halting = await openHalting()
    try {
      const late = createConversationStore(halting.database).claim('late', 1, 60_000)
      await somebodyWaits()
      await store.commit([buildOutcome(await claimOne())], now)
      await halting.goOn()
      const claims = await late
      expect(claims.map(({ pending }) => pending.map(({ id }) => id))).toEqual([[second?.messageId]])
      const outcomes = claims.map((claim) => buildOutcome(claim))
      expect(await store.commit(outcomes, now)).toEqual(['committed'])
      expect(await test.database.query('select 1 from messages where pending')).toEqual([])
    } finally {
      await halting.close()
    }
  })

  it('leases one message of a conversation, also when another turns up in the same moment', async () => {
    const { database } = test
    const outbox = createOutboxStore(database)
    await createConversationStore(database).accept(conversationsOf(['a']), now)
    const drafts = [buildDraft('一'), buildDraft('二')]
    await createConversationStore(database).commit(
      [buildOutcome(await claimOne(), { outbound: drafts })],
      now,
    )
    // The first waits for the contact and lets the second pass; then another node sends it after all.
    await database.query(
      `update outbox set status = 'waiting' where position = (select min(position) from outbox)`,
    )
    const { claiming } = await database.transaction(async (query) => {
      await query(
        `update outbox set status = 'sending', lease_until = now() + interval '1 minute' where status = 'waiting'`,
      )
      const pending = outbox.claim('sender', 10, 60_000, now)
      await somebodyWaits()
      // Wrapped, for it ends only after this transaction.
      return { claiming: pending }
    })
    expect(await claiming).toEqual([])
  })

  it('releases what was put to waiting in the moment in which the contact wrote', async () => {
    const { database } = test
    const outbox = createOutboxStore(database)
    const conversations = createConversationStore(database)
    await conversations.accept(conversationsOf(['a']), now)
    await conversations.commit([buildOutcome(await claimOne())], now)
    const [claim] = await outbox.claim('sender', 1, 60_000, now)
    if (claim === undefined) throw new Error('nothing to send')
    const error = { code: 'window_closed', message: '45015' } as const
    const { ended } = await database.transaction(async (query) => {
      // Keeps the settling half way: it has the conversation and waits for the message.
      await query('select id from outbox where id = $1 for update', [claim.message.id])
      const settling = outbox.settle([{ claim, result: { status: 'waiting', error } }], now)
      await somebodyWaits()
      const accepting = conversations.accept(conversationsOf(['a']), new Date(now.getTime() + 10))
      await somebodyWaits(2)
      return { ended: Promise.all([settling, accepting]) }
    })
    await ended
    expect(await outbox.claim('sender', 1, 60_000, now)).toHaveLength(1)
  })

  it('sends one message of a conversation at a time, whatever is released and retried meanwhile', async () => {
    const { database } = test
    const names = ['a', 'b', 'c']
    const conversations = createConversationStore(database)
    await conversations.accept(conversationsOf(names), now)
    const claims = await conversations.claim('worker', 10, 60_000)
    const outbound = Array.from({ length: 12 }, (_, n) => buildDraft(String(n)))
    await conversations.commit(
      claims.map((claim) => buildOutcome(claim, { outbound })),
      now,
    )
    const onTheirWay = new Set<string>()
    let sent = 0
    let turn = 0
    const error = { code: 'quota_exhausted', message: '45047' } as const
    const endOf = (): DispatchResult => {
      turn += 1
      return turn % 3 === 0 ? { status: 'waiting', error } : { status: 'sent' }
    }
    const sendAll = async (owner: string) => {
      const outbox = createOutboxStore(database)
      while (sent < names.length * outbound.length) {
        for (const claim of await outbox.claim(owner, 2, 60_000, now)) {
          const { conversationId } = claim.message
          expect(onTheirWay).not.toContain(conversationId)
          onTheirWay.add(conversationId)
          await new Promise((resolve) => setImmediate(resolve))
          onTheirWay.delete(conversationId)
          const result = endOf()
          if (result.status === 'sent') sent += 1
          await outbox.settle([{ claim, result }], now)
        }
      }
    }
    const retryAll = async () => {
      const retry = createRetryDelivery(database)
      while (sent < names.length * outbound.length) {
        const rows = await database.query<{ id: string }>(
          `select message_id as id from outbox where status = 'waiting'`,
        )
        for (const { id } of rows) await retry(id).catch(() => undefined)
      }
    }
    await Promise.all([sendAll('one'), sendAll('two'), sendAll('three'), retryAll()])
    expect(sent).toBe(36)
  })

  it('locks the conversation before its ticket: a turn under way and an agent do not wait for each other', async () => {
    const { database } = test
    const conversations = createConversationStore(database)
    const tickets = createTicketStore(database, initialDialogue)
    await conversations.accept(conversationsOf(['a']), now)
    const claim = await claimOne()
    const openTicket = buildTicketDraft(await conversations.nextTicketNumber())
    await conversations.commit([buildOutcome(claim, { mode: 'human', openTicket })], now)
    const [ticket] = await tickets.list({ view: 'all', agentId: '', limit: 1 })
    const ticketId = ticket?.id ?? ''
    const { taking } = await database.transaction(async (query) => {
      // What a commit does, half way: its conversation is locked, its ticket not yet.
      await query('update conversations set last_seq = last_seq where id = $1', [claim.conversationId])
      const pending = tickets.apply(
        {
          ticketId,
          actor: { agentId: 'li', name: '李然' },
          change: 'handed-back',
          detail: {},
          set: { mode: 'bot' },
        },
        now,
      )
      await somebodyWaits()
      expect(await query('select id from tickets where id = $1 for update nowait', [ticketId])).toHaveLength(
        1,
      )
      return { taking: pending }
    })
    expect((await taking).conversationMode).toBe('bot')
  })

  it('clears no file away that is said in the same moment, and says none that is cleared away', async () => {
    const { database, folder } = test
    const conversations = createConversationStore(database)
    const tickets = createTicketStore(database, initialDialogue)
    const media = createMediaStore({ database, blobs: createFolderBlobs(folder), maxBytes: 100 })
    await conversations.accept(conversationsOf(['a']), now)
    const openTicket = buildTicketDraft(await conversations.nextTicketNumber())
    await conversations.commit([buildOutcome(await claimOne(), { mode: 'human', openTicket })], now)
    const [ticket] = await tickets.list({ view: 'all', agentId: '', limit: 1 })
    const say = (mediaId: string) =>
      tickets.apply(
        {
          ticketId: ticket?.id ?? '',
          actor: { agentId: 'li', name: '李然' },
          change: 'replied',
          detail: {},
          set: {},
          say: buildDraft('见附件', {
            parts: [{ kind: 'file', media: { mediaId }, name: 'a' }],
            author: 'agent',
          }),
        },
        now,
      )
    const { mediaId } = await media.saveUnsent(Buffer.from('1'))
    await database.transaction(async (query) => {
      // A reply, half way.
      await query('update media set unsent_since = null where id = $1', [mediaId])
      expect(await media.clearUnsent(0)).toBe(0)
    })
    const { mediaId: doomed } = await media.saveUnsent(Buffer.from('2'))
    const { saying } = await database.transaction(async (query) => {
      // The clearing, half way.
      await query(`update media set unsent_since = '-infinity' where id = $1`, [doomed])
      const pending = say(doomed)
      pending.catch(() => undefined)
      await somebodyWaits()
      return { saying: pending }
    })
    await expect(saying).rejects.toMatchObject({ code: 'bad_input' })
  })

  it('lets agents take and hand back while contacts write and turns end, without a deadlock', async () => {
    const { database } = test
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const conversations = createConversationStore(database)
    const tickets = createTicketStore(database, initialDialogue)
    await conversations.accept(conversationsOf(names), now)
    for (const claim of await conversations.claim('worker', 10, 60_000)) {
      const openTicket = buildTicketDraft(await conversations.nextTicketNumber())
      await conversations.commit([buildOutcome(claim, { mode: 'human', openTicket })], now)
    }
    const open = await tickets.list({ view: 'all', agentId: '', limit: 10 })
    const rounds = Array.from({ length: 25 }, (_, n) => n)
    const agents = async () => {
      for (const n of rounds)
        await Promise.all(
          open.map(({ id }) =>
            tickets.apply(
              {
                ticketId: id,
                actor: { agentId: 'li', name: '李然' },
                change: 'replied',
                detail: {},
                set: { mode: n % 2 === 0 ? 'bot' : 'human' },
                say: buildDraft('好', { author: 'agent' }),
              },
              now,
            ),
          ),
        )
    }
    const contacts = async (order: readonly string[]) => {
      for (let n = 0; n < rounds.length; n += 1) await conversations.accept(conversationsOf(order), now)
    }
    const turns = async () => {
      for (let n = 0; n < rounds.length; n += 1) {
        const claims = await conversations.claim('worker', 10, 60_000)
        await conversations.commit(
          [...claims].reverse().map((claim) => buildOutcome(claim, { touchesTicket: true })),
          now,
        )
      }
    }
    await Promise.all([agents(), contacts(names), contacts([...names].reverse()), turns(), turns()])
    const [stats] = await database.query<{ deadlocks: number }>(
      `select deadlocks::int from pg_stat_database where datname = current_database()`,
    )
    expect(stats?.deadlocks).toBe(0)
  })
})
