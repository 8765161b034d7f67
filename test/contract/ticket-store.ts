import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { initialDialogue, type TicketBrief } from '../../src/core/conversation.ts'
import type { ConversationStore } from '../../src/core/stores.ts'
import type { TicketChange, TicketStore } from '../../src/core/ticket.ts'
import {
  createAgentDirectory,
  createConversationStore,
  createFindRepliedTicket,
  createFolderBlobs,
  createMediaStore,
  createMessageLog,
  createOutboxStore,
  createTicketStore,
} from '../../src/store/index.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome, buildTicketDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'

const now = new Date('2026-11-23T04:00:00Z')
const brief: TicketBrief = {
  reason: { code: 'failed-turns', values: { count: 2 } },
  urgency: 'normal',
  attachments: [{ kind: 'image', count: 2 }],
  said: { earlier: 0, lines: ['多扣了25元'] },
  answered: { earlier: 3, lines: [] },
}

/** What every database must do for tickets. */
export const itIsATicketStore = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let conversations: ConversationStore
  let tickets: TicketStore
  let agents: { id: string; name: string }[]

  beforeAll(async () => {
    test = await open()
    conversations = createConversationStore(test.database)
    tickets = createTicketStore(test.database, initialDialogue)
    const directory = createAgentDirectory(test.database)
    agents = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        directory.create({ name: `客服${String(n)}`, email: `agent${String(n)}@example.com`, role: 'agent' }),
      ),
    )
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query(
      'truncate contacts, contact_identities, conversations, messages, outbox, delivery_attempts, tickets, ticket_timeline cascade',
    )
  })

  const agent = (n = 0): { agentId: string; name: string } => {
    const found = agents[n]
    if (found === undefined) throw new Error('no such agent')
    return { agentId: found.id, name: found.name }
  }

  /** A contact's question that the bot handed to a person. */
  const openTicket = async (contactKey = 'oUser0001') => {
    await conversations.accept([buildItem(buildInbound({ contactKey, displayName: '阿白' }))], now)
    const [claim] = await conversations.claim('worker', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    const number = await conversations.nextTicketNumber()
    await conversations.commit(
      [buildOutcome(claim, { mode: 'human', openTicket: buildTicketDraft(number) })],
      now,
    )
    const ticket = (await tickets.list({ view: 'all', agentId: agent().agentId, limit: 100 })).find(
      (one) => one.number === number,
    )
    if (ticket === undefined) throw new Error('the ticket is not listed')
    return ticket
  }

  const change = (ticketId: string, changes: Partial<TicketChange> = {}): TicketChange => ({
    ticketId,
    actor: agent(),
    change: 'noted',
    detail: {},
    set: {},
    ...changes,
  })
  const take = (ticketId: string, by = agent()): TicketChange =>
    change(ticketId, {
      actor: by,
      change: 'taken',
      onlyIfUnassigned: true,
      set: { assigneeId: by.agentId, state: 'open' },
    })

  it('shows a ticket with its contact, channel and dates', async () => {
    const ticket = await openTicket()
    expect(ticket).toMatchObject({
      contactName: '阿白',
      channel: 'wechat',
      inboxId: 'wechat-test',
      state: 'new',
      conversationMode: 'human',
      version: 1,
      firstReplyDueAt: new Date('2026-11-24T04:00:00Z'),
    })
    expect(ticket.assigneeId).toBeUndefined()
  })

  it('keeps what a ticket tells as data, beside its words', async () => {
    await conversations.accept([buildItem()], now)
    const [claim] = await conversations.claim('worker', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    const number = await conversations.nextTicketNumber()
    const openTicket = buildTicketDraft(number, { brief })
    await conversations.commit([buildOutcome(claim, { mode: 'human', openTicket })], now)
    const [ticket] = await tickets.list({ view: 'all', agentId: agent().agentId, limit: 100 })
    expect(ticket).toMatchObject({ title: openTicket.title, summary: openTicket.summary, brief })
  })

  const openFiles = () =>
    createMediaStore({
      database: test.database,
      blobs: createFolderBlobs(join(test.folder, 'media')),
      maxBytes: 1_000,
    })
  const sayFile = (ticketId: string, mediaId: string) =>
    tickets.apply(
      change(ticketId, {
        change: 'replied',
        say: buildDraft('见附件', {
          parts: [{ kind: 'file', media: { mediaId }, name: 'a' }],
          author: 'agent',
        }),
      }),
      now,
    )

  it('keeps the files that an agent says, and refuses one that is being cleared away', async () => {
    const media = openFiles()
    const ticket = await openTicket()
    const [said, draft] = [await media.saveUnsent(Buffer.from('1')), await media.saveUnsent(Buffer.from('2'))]
    await sayFile(ticket.id, said.mediaId)
    expect(await media.clearUnsent(0)).toBe(1)
    expect(await media.find(said.mediaId)).toBeDefined()
    expect(await media.find(draft.mediaId)).toBeUndefined()
    const doomed = await media.saveUnsent(Buffer.from('3'))
    await test.database.query("update media set unsent_since = '-infinity' where id = $1", [doomed.mediaId])
    await expect(sayFile(ticket.id, doomed.mediaId)).rejects.toMatchObject({ code: 'bad_input' })
  })

  it('refuses a file that was cleared away since the agent looked at it, and says nothing', async () => {
    const media = openFiles()
    const ticket = await openTicket()
    const { mediaId } = await media.saveUnsent(Buffer.from('a draft'))
    await media.clearUnsent(0)
    await expect(sayFile(ticket.id, mediaId)).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining('upload it again') as unknown,
    })
    expect((await tickets.get(ticket.id)).version).toBe(ticket.version)
  })

  it('keeps a file that was said by a node which does not note it', async () => {
    const media = openFiles()
    const ticket = await openTicket()
    const { mediaId } = await media.saveUnsent(Buffer.from('said'))
    await sayFile(ticket.id, mediaId)
    await test.database.query(`update media set unsent_since = now() - interval '2 days' where id = $1`, [
      mediaId,
    ])
    expect(await media.clearUnsent(86_400_000)).toBe(0)
    expect(await media.find(mediaId)).toBeDefined()
  })

  it('lists by view', async () => {
    const one = await openTicket('a')
    const two = await openTicket('b')
    const three = await openTicket('c')
    await tickets.apply(take(one.id), now)
    await tickets.apply(change(two.id, { change: 'solved', set: { state: 'solved', solvedAt: now } }), now)
    const view = async (name: 'unassigned' | 'mine' | 'open' | 'solved' | 'all') =>
      (await tickets.list({ view: name, agentId: agent().agentId, limit: 10 }))
        .map((ticket) => ticket.id)
        .sort()
    expect(await view('unassigned')).toEqual([three.id])
    expect(await view('mine')).toEqual([one.id])
    expect(await view('open')).toEqual([one.id, three.id].sort())
    expect(await view('solved')).toEqual([two.id])
    expect(await view('all')).toEqual([one.id, two.id, three.id].sort())
  })

  it('gives a ticket to one of twenty who take it at once', async () => {
    const { id } = await openTicket()
    const results = await Promise.allSettled(agents.map((_, n) => tickets.apply(take(id, agent(n)), now)))
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    const refused = results.find((result) => result.status === 'rejected')
    expect(refused?.reason).toMatchObject({ code: 'conflict' })
    const ticket = await tickets.get(id)
    expect(ticket.version).toBe(2)
    expect(ticket.assigneeName).toMatch(/^客服/)
  })

  it('refuses a change made on an old screen', async () => {
    const ticket = await openTicket()
    await tickets.apply(change(ticket.id, { expectedVersion: 1 }), now)
    await expect(tickets.apply(change(ticket.id, { expectedVersion: 1 }), now)).rejects.toMatchObject({
      code: 'conflict',
      facts: { version: 2 },
    })
  })

  it('applies a repeated request once', async () => {
    const { id, conversationId } = await openTicket()
    const reply = change(id, {
      change: 'replied',
      idempotencyKey: 'click-1',
      say: buildDraft('已退款', { author: 'agent' }),
    })
    await tickets.apply(reply, now)
    await tickets.apply(reply, now)
    const said = (await tickets.transcript(conversationId, 100)).filter(
      (message) => message.author === 'agent',
    )
    expect(said).toHaveLength(1)
  })

  it('sends a reply through the outbox and names who wrote it', async () => {
    const { id, conversationId } = await openTicket()
    await tickets.apply(
      change(id, { change: 'replied', say: buildDraft('已退款', { author: 'agent' }) }),
      now,
    )
    const outbox = createOutboxStore(test.database)
    const parts: unknown[] = []
    for (let tries = 0; tries < 3; tries += 1) {
      const claims = await outbox.claim('sender', 10, 60_000, now)
      parts.push(...claims.map((claim) => claim.message.part))
      await outbox.settle(
        claims.map((claim) => ({ claim, result: { status: 'sent' } as const })),
        now,
      )
    }
    expect(parts.at(-1)).toEqual({ kind: 'text', text: '已退款' })
    expect((await tickets.transcript(conversationId, 100)).at(-1)).toMatchObject({
      direction: 'out',
      author: 'agent',
      agentName: agent().name,
      delivery: { status: 'sent' },
    })
  })

  /** A ticket with a reply that is held back for `holdMs`. */
  const replied = async (holdMs: number, text = '说错了') => {
    const { id, conversationId } = await openTicket()
    await test.database.query("update outbox set status = 'sent'")
    const say = buildDraft(text, { author: 'agent' })
    await tickets.apply(change(id, { change: 'replied', set: { state: 'pending' }, say, holdMs }), now)
    const messageId = (await tickets.transcript(conversationId, 100)).at(-1)?.id ?? ''
    const withdraw = change(id, { change: 'withdrawn', withdraw: messageId })
    return { id, conversationId, messageId, withdraw }
  }
  const heard = async () =>
    (
      await createMessageLog(test.database).read({
        inboxId: 'wechat-test',
        threadKey: 'oUser0001',
        afterSeq: 0,
        limit: 100,
        visibleOnly: true,
      })
    ).map(({ seq }) => seq)

  it('holds a reply back as long as it is told, and what the contact would read after it', async () => {
    await replied(60_000)
    const outbox = createOutboxStore(test.database)
    expect(await outbox.claim('sender', 10, 60_000, now)).toEqual([])
    await conversations.accept([buildItem()], now)
    expect(await heard()).toEqual([1, 2])
    await test.database.query('update outbox set next_attempt_at = now()')
    expect(await outbox.claim('sender', 10, 60_000, now)).toHaveLength(1)
    expect(await heard()).toEqual([1, 2, 3, 4])
  })

  it('names the reply in its history and finds the ticket by it', async () => {
    const { id, messageId } = await replied(0)
    expect((await tickets.timeline(id)).at(-1)?.detail).toEqual({
      messageId,
      before: { state: 'new', mode: 'human' },
      state: 'pending',
    })
    const find = createFindRepliedTicket(test.database)
    expect(await find(messageId)).toBe(id)
    await expect(find('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('withdraws a reply: it is never sent, and the contact never reads it', async () => {
    const { id, conversationId, withdraw } = await replied(0)
    await conversations.accept([buildItem()], now)
    await tickets.apply(withdraw, now)
    expect(await createOutboxStore(test.database).claim('sender', 10, 60_000, now)).toEqual([])
    expect(await heard()).toEqual([1, 2, 4])
    const reply = (await tickets.transcript(conversationId, 100)).find(({ author }) => author === 'agent')
    expect(reply?.delivery).toMatchObject({ status: 'withdrawn' })
    expect((await tickets.get(id)).version).toBe(3)
    expect((await tickets.timeline(id)).at(-1)).toMatchObject({ change: 'withdrawn' })
  })

  it('withdraws nothing that is on its way or was tried', async () => {
    const { id, withdraw } = await replied(0)
    const outbox = createOutboxStore(test.database)
    const [claim] = await outbox.claim('sender', 10, 60_000, now)
    if (claim === undefined) throw new Error('nothing to send')
    await expect(tickets.apply(withdraw, now)).rejects.toMatchObject({ code: 'conflict' })
    const error = { code: 'temporary', message: 'no answer' } as const
    await outbox.settle([{ claim, result: { status: 'queued', error, retryInMs: 60_000 } }], now)
    await expect(tickets.apply(withdraw, now)).rejects.toMatchObject({ code: 'conflict' })
    expect((await tickets.get(id)).version).toBe(2)
  })

  it('sends a reply or withdraws it, never both', async () => {
    const { withdraw } = await replied(0)
    const outbox = createOutboxStore(test.database)
    const [claims, withdrawn] = await Promise.allSettled([
      outbox.claim('sender', 10, 60_000, now),
      tickets.apply(withdraw, now),
    ])
    const sent = claims.status === 'fulfilled' ? claims.value.length : 0
    expect(sent).toBe(withdrawn.status === 'fulfilled' ? 0 : 1)
  })

  it('keeps a note from the contact', async () => {
    const { id, conversationId } = await openTicket()
    await tickets.apply(change(id, { note: '查过订单了' }), now)
    expect((await tickets.transcript(conversationId, 100)).at(-1)).toMatchObject({
      direction: 'note',
      parts: [{ kind: 'text', text: '查过订单了' }],
    })
  })

  it('ends a turn of the bot that is under way when a person takes over', async () => {
    const { id } = await openTicket()
    await tickets.apply(change(id, { change: 'handed-back', set: { mode: 'bot' } }), now)
    await conversations.accept([buildItem()], now)
    const [thinking] = await conversations.claim('worker', 1, 60_000)
    if (thinking === undefined) throw new Error('nothing was ready')
    await tickets.apply(change(id, { change: 'taken', set: { mode: 'human' } }), now)
    expect(await conversations.commit([buildOutcome(thinking)], now)).toEqual(['fenced'])
    const [again] = await conversations.claim('worker', 1, 60_000)
    expect(again?.mode).toBe('human')
    expect(again?.pending).toEqual(thinking.pending)
  })

  it('opens a waiting ticket again when its contact writes', async () => {
    const { id } = await openTicket()
    await tickets.apply(change(id, { set: { state: 'pending' } }), now)
    await conversations.accept([buildItem()], now)
    const [claim] = await conversations.claim('worker', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    await conversations.commit([buildOutcome(claim, { outbound: [], touchesTicket: true })], now)
    expect((await tickets.get(id)).state).toBe('open')
  })

  it('turns urgent when its contact writes something urgent', async () => {
    const { id } = await openTicket()
    await conversations.accept([buildItem()], now)
    const [claim] = await conversations.claim('worker', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    await conversations.commit(
      [buildOutcome(claim, { outbound: [], touchesTicket: true, turnsUrgent: true })],
      now,
    )
    expect(await tickets.get(id)).toMatchObject({ priority: 'urgent' })
  })

  it('records every change with who and what', async () => {
    const { id } = await openTicket()
    await tickets.apply(take(id), now)
    await tickets.apply(
      change(id, { change: 'solved', detail: { how: '退款' }, set: { state: 'solved', solvedAt: now } }),
      now,
    )
    expect(await tickets.timeline(id)).toMatchObject([
      { change: 'opened', actor: 'bot' },
      { change: 'taken', actor: 'agent', agentName: agent().name },
      { change: 'solved', detail: { how: '退款' } },
    ])
  })

  it('does not know what does not exist', async () => {
    await expect(tickets.get('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(tickets.apply(change('00000000-0000-4000-8000-000000000000'), now)).rejects.toMatchObject({
      code: 'not_found',
    })
  })
}
