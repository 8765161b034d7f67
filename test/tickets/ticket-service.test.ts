import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialDialogue } from '../../src/core/conversation.ts'
import { createMovableClock } from '../../src/core/clock.ts'
import type { Part } from '../../src/core/message.ts'
import type { ConversationStore } from '../../src/core/stores.ts'
import type { Ticket, TicketRequest, TicketService, TicketStore } from '../../src/core/ticket.ts'
import { createAgentDirectory, createConversationStore, createTicketStore } from '../../src/store/index.ts'
import { createTicketService, maxAgentText } from '../../src/tickets/index.ts'
import { buildInbound, buildItem, buildOutcome, buildTicketDraft } from '../support/builders.ts'
import { openTestEmbedded, type TestDatabase } from '../support/databases.ts'

let test: TestDatabase
let conversations: ConversationStore
let store: TicketStore
let agents: readonly { readonly id: string; readonly name: string }[]
let service: TicketService
let published: string[]
let contact = 0
const start = new Date('2026-11-24T02:00:00Z')
const clock = createMovableClock({ now: () => start })

beforeAll(async () => {
  test = await openTestEmbedded()
  conversations = createConversationStore(test.database)
  store = createTicketStore(test.database, initialDialogue)
  const directory = createAgentDirectory(test.database)
  agents = await Promise.all(
    ['李然', '阿白'].map((name, place) =>
      directory.create({ name, email: `agent${place}@example.com`, role: 'agent' }),
    ),
  )
})
afterAll(() => test.dispose())
beforeEach(() => {
  published = []
  service = createTicketService({
    store,
    render: (inboxId, parts) => ({
      rendered: parts.map((part): Part =>
        part.kind === 'text' ? { ...part, text: `${inboxId}: ${part.text}` } : part,
      ),
      passiveOnly: false,
    }),
    clock,
    undoMs: 0,
    publish: (ticketId) => published.push(ticketId),
  })
})

/** A contact's message, handled by a turn; opens a ticket the first time. */
const contactWrites = async (contactKey: string, opens: boolean): Promise<void> => {
  await conversations.accept([buildItem(buildInbound({ contactKey }))], clock.now())
  const [claim] = await conversations.claim('worker', 1, 60_000)
  if (claim === undefined) throw new Error('nothing was ready')
  const number = await conversations.nextTicketNumber()
  const ticket = opens ? { openTicket: buildTicketDraft(number) } : { touchesTicket: true }
  await conversations.commit([buildOutcome(claim, { mode: 'human', outbound: [], ...ticket })], clock.now())
}

const newTicket = async (): Promise<{ readonly ticket: Ticket; readonly contactKey: string }> => {
  const contactKey = `oUser${(contact += 1)}`
  await contactWrites(contactKey, true)
  const all = await store.list({ view: 'all', agentId: '', limit: 1_000 })
  const ticket = [...all].sort((left, right) => right.number - left.number)[0]
  if (ticket === undefined) throw new Error('no ticket')
  return { ticket, contactKey }
}

const by = (place: number, ticket: Ticket, over: Partial<TicketRequest> = {}): TicketRequest => {
  const agent = agents[place]
  if (agent === undefined) throw new Error('no such agent')
  return { agent, ticketId: ticket.id, ...over }
}

const outbox = (ticket: Ticket) =>
  test.database.query<{ part: Part; author: string }>(
    'select part, author from outbox where conversation_id = $1 order by id',
    [ticket.conversationId],
  )

describe('taking', () => {
  it('assigns, opens and silences the bot', async () => {
    const { ticket } = await newTicket()
    expect(await service.take(by(0, ticket), false)).toMatchObject({
      state: 'open',
      assigneeName: '李然',
      conversationMode: 'human',
    })
    expect(published).toEqual([ticket.id])
  })

  it('is refused while a colleague holds the ticket, unless forced', async () => {
    const { ticket } = await newTicket()
    await service.take(by(0, ticket), false)
    await expect(service.take(by(1, ticket), false)).rejects.toMatchObject({ code: 'conflict' })
    expect(published).toHaveLength(1)
    expect(await service.take(by(1, ticket), true)).toMatchObject({ assigneeName: '阿白' })
    const changes = (await store.timeline(ticket.id)).map(({ change, detail }) => [change, detail.force])
    expect(changes).toEqual([
      ['opened', undefined],
      ['taken', false],
      ['taken', true],
    ])
  })

  it('lets exactly one of many have it', async () => {
    const { ticket } = await newTicket()
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, (_, place) =>
        service.take(by(place % 2, ticket, { version: ticket.version }), false),
      ),
    )
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('replying', () => {
  it('sends what the channel can show, takes the ticket and waits for the contact', async () => {
    const { ticket, contactKey } = await newTicket()
    clock.advance(60_000)
    const replied = await service.reply(by(0, ticket), '  你好，已为你退款。 ')
    expect(replied).toMatchObject({ state: 'pending', assigneeName: '李然', conversationMode: 'human' })
    expect(replied.firstRepliedAt).toEqual(clock.now())
    expect(await outbox(ticket)).toEqual([
      { part: { kind: 'text', text: 'wechat-test: 你好，已为你退款。' }, author: 'agent' },
    ])
    const [, said] = await store.transcript(ticket.conversationId, 10)
    expect(said).toMatchObject({
      author: 'agent',
      agentName: '李然',
      parts: [{ text: '你好，已为你退款。' }],
    })

    await contactWrites(contactKey, false)
    expect((await store.get(ticket.id)).state).toBe('open')
  })

  it('keeps the time of the first reply', async () => {
    const { ticket } = await newTicket()
    const first = await service.reply(by(0, ticket), '一')
    clock.advance(3_600_000)
    expect((await service.reply(by(0, ticket), '二')).firstRepliedAt).toEqual(first.firstRepliedAt)
  })

  it('is refused on a colleague’s ticket until it is taken', async () => {
    const { ticket } = await newTicket()
    await service.take(by(0, ticket), false)
    await expect(service.reply(by(1, ticket), '我来')).rejects.toMatchObject({ code: 'conflict' })
    expect(await outbox(ticket)).toEqual([])
    await service.take(by(1, ticket), true)
    await expect(service.reply(by(1, ticket), '我来')).resolves.toMatchObject({ assigneeName: '阿白' })
  })

  it('is sent once on a double click, and not at all from a stale screen', async () => {
    const { ticket } = await newTicket()
    const request = by(0, ticket, { version: ticket.version, idempotencyKey: 'click-1' })
    await Promise.all([service.reply(request, '好的'), service.reply(request, '好的')])
    expect(await outbox(ticket)).toHaveLength(1)
    const stale = service.reply(by(0, ticket, { version: ticket.version, idempotencyKey: 'click-2' }), '好的')
    await expect(stale).rejects.toMatchObject({ code: 'conflict' })
    expect(await outbox(ticket)).toHaveLength(1)
  })

  it.each([['', '   ', '\n'], ['字'.repeat(maxAgentText + 1)]])('refuses %#', async (...texts) => {
    const { ticket } = await newTicket()
    for (const text of texts) {
      await expect(service.reply(by(0, ticket), text)).rejects.toMatchObject({ code: 'bad_input' })
      await expect(service.note(by(0, ticket), text)).rejects.toMatchObject({ code: 'bad_input' })
    }
    expect(published).toEqual([])
  })

  it('takes a text of full length', async () => {
    const { ticket } = await newTicket()
    await expect(service.reply(by(0, ticket), ` ${'字'.repeat(maxAgentText)} `)).resolves.toBeDefined()
  })

  it('opens a solved ticket again', async () => {
    const { ticket } = await newTicket()
    await service.solve(by(0, ticket))
    const replied = await service.reply(by(0, ticket), '还有一点')
    expect(replied.state).toBe('pending')
    expect(replied.solvedAt).toBeUndefined()
  })
})

describe('the rest', () => {
  it('notes for agents only, on any ticket', async () => {
    const { ticket } = await newTicket()
    await service.take(by(0, ticket), false)
    expect(await service.note(by(1, ticket), '查过订单')).toMatchObject({
      state: 'open',
      assigneeName: '李然',
    })
    expect(await outbox(ticket)).toEqual([])
    expect((await store.transcript(ticket.conversationId, 10)).at(-1)).toMatchObject({
      direction: 'note',
      agentName: '阿白',
    })
  })

  it('hands back to the bot, keeps the agent, and waits for the contact', async () => {
    const { ticket } = await newTicket()
    await service.take(by(0, ticket), false)
    expect(await service.handBack(by(0, ticket))).toMatchObject({
      state: 'pending',
      conversationMode: 'bot',
      assigneeName: '李然',
    })
    await expect(service.handBack(by(1, ticket))).rejects.toMatchObject({ code: 'conflict' })
    const free = await newTicket()
    expect((await service.handBack(by(0, free.ticket))).assigneeId).toBeUndefined()
  })

  it('solves, and the bot answers what comes next', async () => {
    const { ticket } = await newTicket()
    await service.take(by(0, ticket), false)
    await expect(service.solve(by(1, ticket))).rejects.toMatchObject({ code: 'conflict' })
    const solved = await service.solve(by(0, ticket))
    expect(solved).toMatchObject({ state: 'solved', conversationMode: 'bot', solvedAt: clock.now() })
    expect((await store.timeline(ticket.id)).map(({ change, agentName }) => [change, agentName])).toEqual([
      ['opened', undefined],
      ['taken', '李然'],
      ['solved', '李然'],
    ])
  })

  it('knows no other ticket', async () => {
    const { ticket } = await newTicket()
    const request = { ...by(0, ticket), ticketId: '00000000-0000-7000-8000-000000000000' }
    for (const attempt of [
      () => service.take(request, true),
      () => service.reply(request, '好'),
      () => service.note(request, '好'),
      () => service.handBack(request),
      () => service.solve(request),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'not_found' })
  })
})
