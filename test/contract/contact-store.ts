import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { ContactStore } from '../../src/core/contact.ts'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { ConversationStore, OutboxStore, StrandedMessages } from '../../src/core/stores.ts'
import type { TicketStore } from '../../src/core/ticket.ts'
import {
  createAvatars,
  createContactStore,
  createConversationStore,
  createFolderBlobs,
  createMediaStore,
  createOutboxStore,
  createStrandedMessages,
  createTicketStore,
} from '../../src/store/index.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome, buildTicketDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'

const now = new Date('2026-11-23T04:00:00Z')
const nobody = '00000000-0000-4000-8000-000000000000'

/** What every database must do for contacts. */
export const itIsAContactStore = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let contacts: ContactStore
  let conversations: ConversationStore
  let tickets: TicketStore
  let outbox: OutboxStore
  let stranded: StrandedMessages

  beforeAll(async () => {
    test = await open()
    contacts = createContactStore(test.database)
    tickets = createTicketStore(test.database, initialDialogue)
    outbox = createOutboxStore(test.database)
    stranded = createStrandedMessages(test.database)
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query(
      'truncate contacts, contact_identities, contact_merges, conversations, messages, outbox, delivery_attempts, tickets, ticket_timeline cascade',
    )
    // A node that has seen nobody yet.
    conversations = createConversationStore(test.database)
  })

  interface Writer {
    readonly inboxId?: string
    readonly contactKey: string
    readonly unionKey?: string
    readonly displayName?: string
  }

  /** Somebody writes; gives the contact and the conversation. */
  const writes = async (who: Writer) => {
    const { inboxId = 'wechat-test', ...rest } = who
    const [accepted] = await conversations.accept([buildItem(buildInbound({ inboxId, ...rest }))], now)
    const [row] = await test.database.query<{ contact_id: string }>(
      'select contact_id from conversations where id = $1',
      [accepted?.conversationId],
    )
    return { contactId: row?.contact_id ?? '', conversationId: accepted?.conversationId ?? '' }
  }

  const opensTicket = async (conversationId: string) => {
    const claims = await conversations.claim('worker', 10, 60_000)
    const claim = claims.find((one) => one.conversationId === conversationId)
    if (claim === undefined) throw new Error('nothing was ready')
    const number = await conversations.nextTicketNumber()
    await conversations.commit(
      [buildOutcome(claim, { mode: 'human', outbound: [], openTicket: buildTicketDraft(number) })],
      now,
    )
    const all = await tickets.list({ view: 'all', agentId: '', limit: 100 })
    const ticket = all.find((one) => one.number === number)
    if (ticket === undefined) throw new Error('the ticket is not listed')
    return ticket
  }

  const agent = { agentId: 'agent-1', name: '李然' }

  it('knows a contact by the provider’s union key on every inbox', async () => {
    const one = await writes({ contactKey: 'oA', unionKey: 'union-1', displayName: '阿白' })
    const other = await writes({ inboxId: 'wecom-test', contactKey: 'wmA', unionKey: 'union-1' })
    expect(other.contactId).toBe(one.contactId)
    const contact = await contacts.get(one.contactId)
    expect(contact.displayName).toBe('阿白')
    expect(contact.identities.map(({ inboxId }) => inboxId)).toEqual(['wechat-test', 'wecom-test'])
  })

  it('joins two contacts when one brings its union key later, and keeps the older', async () => {
    const one = await writes({ contactKey: 'oA', unionKey: 'union-1' })
    const other = await writes({ inboxId: 'wecom-test', contactKey: 'wmA', displayName: '阿白' })
    expect(other.contactId).not.toBe(one.contactId)
    await writes({ inboxId: 'wecom-test', contactKey: 'wmA', displayName: '阿白', unionKey: 'union-1' })
    const contact = await contacts.get(other.contactId)
    expect(contact).toMatchObject({ id: one.contactId, displayName: '阿白' })
    expect(contact.identities).toHaveLength(2)
    expect(contact.merges).toMatchObject([{ fromContactId: other.contactId, reason: 'union' }])
  })

  it('joins two of one union key that arrive in the same moment', async () => {
    const items = ['a', 'b'].map((contactKey) =>
      buildItem(buildInbound({ contactKey, unionKey: 'union-2', inboxId: `inbox-${contactKey}` })),
    )
    await conversations.accept(items, now)
    const rows = await test.database.query('select distinct contact_id from contact_identities')
    expect(rows).toHaveLength(1)
  })

  it('learns a name that comes later, and does not forget it', async () => {
    const { contactId } = await writes({ contactKey: 'oA' })
    await writes({ contactKey: 'oA', displayName: '鹿目' })
    await writes({ contactKey: 'oA' })
    const contact = await contacts.get(contactId)
    expect(contact.displayName).toBe('鹿目')
    expect(contact.identities[0]?.displayName).toBe('鹿目')
  })

  it('merges by an agent’s word with conversations and tickets, and gives back exactly that', async () => {
    const one = await writes({ contactKey: 'oA', displayName: '阿白' })
    const other = await writes({ inboxId: 'email-test', contactKey: 'bai@example.com' })
    const ticket = await opensTicket(other.conversationId)
    const mergeId = await contacts.merge({
      ...{ from: other.contactId, into: one.contactId, reason: 'agent', agentId: 'agent-1', now },
    })
    const merged = await contacts.get(one.contactId)
    expect(merged.identities).toHaveLength(2)
    expect(merged.tickets).toMatchObject([{ id: ticket.id }])
    expect((await tickets.get(ticket.id)).contactName).toBe('阿白')
    const later = await writes({ inboxId: 'email-test', contactKey: 'bai@example.com' })
    expect(later.contactId).toBe(one.contactId)

    await contacts.undo(mergeId, now)
    const [back, rest] = [await contacts.get(other.contactId), await contacts.get(one.contactId)]
    expect(back.id).toBe(other.contactId)
    expect(back.identities.map(({ contactKey }) => contactKey)).toEqual(['bai@example.com'])
    expect(back.tickets).toHaveLength(1)
    expect(rest.identities.map(({ contactKey }) => contactKey)).toEqual(['oA'])
    await expect(contacts.undo(mergeId, now)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('refuses to merge a contact with itself and with nobody', async () => {
    const { contactId } = await writes({ contactKey: 'oA' })
    const request = { from: contactId, into: contactId, reason: 'agent', now } as const
    await expect(contacts.merge(request)).rejects.toMatchObject({ code: 'bad_input' })
    await expect(contacts.merge({ ...request, from: nobody })).rejects.toMatchObject({ code: 'not_found' })
    await expect(contacts.get('no-uuid')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('ends two merges of the same two at once in one contact', async () => {
    const one = await writes({ contactKey: 'oA' })
    const other = await writes({ contactKey: 'oB' })
    const by = { reason: 'agent', now } as const
    const results = await Promise.allSettled([
      contacts.merge({ from: one.contactId, into: other.contactId, ...by }),
      contacts.merge({ from: other.contactId, into: one.contactId, ...by }),
    ])
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
    expect((await contacts.get(one.contactId)).id).toBe((await contacts.get(other.contactId)).id)
    expect((await contacts.get(one.contactId)).identities).toHaveLength(2)
  })

  it('finds by the beginning of a name or an address', async () => {
    const { contactId } = await writes({ contactKey: 'oA', displayName: '阿白' })
    await writes({ contactKey: 'oB', displayName: '鹿目' })
    expect(await contacts.search('阿', 10)).toMatchObject([{ id: contactId, inboxes: ['wechat-test'] }])
    expect(await contacts.search('OA', 10)).toMatchObject([{ id: contactId }])
    expect(await contacts.search('%', 10)).toEqual([])
  })

  it('finds telephones and mail addresses whole, so that nobody guesses them letter by letter', async () => {
    const keys = ['zhang@qq.com', '13800138000', '+8613900139000']
    for (const contactKey of keys) await writes({ contactKey, displayName: '阿白' })
    for (const key of keys) {
      expect(await contacts.search(key.toUpperCase(), 10), key).toHaveLength(1)
      for (const part of [key.slice(0, 5), key.slice(0, -1)])
        expect(await contacts.search(part, 10), part).toEqual([])
    }
  })

  it('shows what may still be sent', async () => {
    const until = new Date(now.getTime() + 48 * 3_600_000)
    const message = buildInbound({ contactKey: 'oA' })
    const quota = { message: { left: 5, until, reserved: 1 } }
    const [accepted] = await conversations.accept([buildItem(message, { quota })], now)
    const [row] = await test.database.query<{ contact_id: string }>(
      'select contact_id from conversations where id = $1',
      [accepted?.conversationId],
    )
    expect((await contacts.get(row?.contact_id ?? '')).identities[0]?.quota).toEqual(quota)
  })

  it('moves a ticket to another conversation of its contact, and to nobody else’s', async () => {
    const one = await writes({ contactKey: 'oA', unionKey: 'union-1' })
    const ticket = await opensTicket(one.conversationId)
    const other = await writes({ inboxId: 'email-test', contactKey: 'a@example.com', unionKey: 'union-1' })
    const stranger = await writes({ contactKey: 'oB' })
    const change = {
      ticketId: ticket.id,
      actor: agent,
      change: 'moved',
      detail: {},
      set: { mode: 'human' },
    } as const
    await expect(tickets.apply({ ...change, moveTo: stranger.conversationId }, now)).rejects.toMatchObject({
      code: 'bad_input',
    })
    const moved = await tickets.apply(
      { ...change, moveTo: other.conversationId, say: buildDraft('改用邮件回复您', { author: 'agent' }) },
      now,
    )
    expect(moved).toMatchObject({ conversationId: other.conversationId, inboxId: 'email-test' })
    const said = await tickets.transcript(other.conversationId, 10)
    expect(said.at(-1)).toMatchObject({ direction: 'out', parts: [{ text: '改用邮件回复您' }] })
    const [sent] = await outbox.claim('sender', 10, 30_000, now)
    expect(sent?.message).toMatchObject({ inboxId: 'email-test', contactKey: 'a@example.com' })
  })

  it('sends what no longer fits its window by another address, once the contact allowed it', async () => {
    const closed = { message: { left: 0, until: new Date(now.getTime() - 1_000), reserved: 0 } }
    const [accepted] = await conversations.accept(
      [buildItem(buildInbound({ contactKey: 'oA', unionKey: 'union-1' }), { quota: closed })],
      now,
    )
    const ticket = await opensTicket(accepted?.conversationId ?? '')
    await writes({ inboxId: 'email-test', contactKey: 'a@example.com', unionKey: 'union-1' })
    const reply = { ticketId: ticket.id, actor: agent, change: 'replied', detail: {}, set: {} } as const
    await tickets.apply({ ...reply, say: buildDraft('已处理', { author: 'agent' }) }, now)
    expect(await outbox.claim('sender', 10, 30_000, now)).toEqual([])
    expect(await stranded.list(10, now)).toEqual([])

    const email = { inboxId: 'email-test', contactKey: 'a@example.com' }
    await contacts.setFallback({ ...email, fallback: true })
    const [message] = await stranded.list(10, now)
    if (message === undefined) throw new Error('nothing is stranded')
    expect(message).toMatchObject({ inboxId: 'email-test', parts: [{ text: '已处理' }], author: 'agent' })
    const draft = buildDraft('已处理', { author: 'agent' })
    expect(await stranded.move(message, draft, now)).toBe(true)
    expect(await stranded.move(message, draft, now)).toBe(false)
    const sent = await outbox.claim('sender', 10, 30_000, now)
    expect(sent.map(({ message: { inboxId } }) => inboxId)).toEqual(['email-test'])
    const transcript = await tickets.transcript(ticket.conversationId, 10)
    expect(transcript.at(-1)?.delivery).toMatchObject({ status: 'expired', error: { code: 'moved' } })
    await expect(
      contacts.setFallback({ ...email, inboxId: 'nowhere', fallback: true }),
    ).rejects.toMatchObject({ code: 'not_found' })
  })

  it('marks what goes by another address after a send that got no answer', async () => {
    const until = new Date(now.getTime() + 60_000)
    const open = { message: { left: 1, until, reserved: 0 } }
    const [accepted] = await conversations.accept(
      [buildItem(buildInbound({ contactKey: 'oA', unionKey: 'union-1' }), { quota: open })],
      now,
    )
    const ticket = await opensTicket(accepted?.conversationId ?? '')
    await writes({ inboxId: 'email-test', contactKey: 'a@example.com', unionKey: 'union-1' })
    await contacts.setFallback({ inboxId: 'email-test', contactKey: 'a@example.com', fallback: true })
    const reply = { ticketId: ticket.id, actor: agent, change: 'replied', detail: {}, set: {} } as const
    const draft = buildDraft('已处理', { author: 'agent' })
    await tickets.apply({ ...reply, say: draft }, now)
    const [claim] = await outbox.claim('sender', 10, 30_000, now)
    if (claim === undefined) throw new Error('nothing to send')
    const error = { code: 'temporary', message: 'no answer' } as const
    const result = { status: 'queued', error, retryInMs: 0, uncertain: true } as const
    await outbox.settle([{ claim, result }], now)
    // Its window is over before the next try.
    const later = new Date(until.getTime() + 1)
    expect(await outbox.claim('sender', 10, 30_000, later)).toEqual([])
    const [message] = await stranded.list(10, later)
    if (message === undefined) throw new Error('nothing is stranded')
    expect(await stranded.move(message, draft, later)).toBe(true)
    const transcript = await tickets.transcript(message.conversationId, 10)
    expect(transcript.at(-1)?.delivery).toMatchObject({ repeated: true })
  })

  it('shows the picture of an address, and lets it be looked up once in a while', async () => {
    const avatars = createAvatars(test.database)('wechat-test')
    const weekMs = 7 * 86_400_000
    expect(await avatars.takeTurn('oUser0001', weekMs)).toBe(false)
    const { contactId } = await writes({ contactKey: 'oUser0001' })
    const turns = await Promise.all([1, 2, 3].map(() => avatars.takeTurn('oUser0001', weekMs)))
    expect(turns.filter((taken) => taken)).toHaveLength(1)
    expect((await contacts.get(contactId)).identities[0]).not.toHaveProperty('avatarMediaId')
    await avatars.keep('oUser0001', nobody)
    expect((await contacts.get(contactId)).identities[0]?.avatarMediaId).toBe(nobody)
    expect(await avatars.takeTurn('oUser0001', 0)).toBe(true)
    expect(await createAvatars(test.database)('another').takeTurn('oUser0001', 0)).toBe(false)
    await avatars.countAsOld('oUser0001', weekMs - 3_600_000)
    expect(await avatars.takeTurn('oUser0001', weekMs)).toBe(false)
    await avatars.countAsOld('oUser0001', weekMs)
    expect(await avatars.takeTurn('oUser0001', weekMs)).toBe(true)
  })

  it('deletes the picture that another one replaces, and what is no picture', async () => {
    const folder = join(test.folder, 'media')
    const media = createMediaStore({
      database: test.database,
      blobs: createFolderBlobs(folder),
      maxBytes: 1_000,
    })
    const avatars = createAvatars(test.database)('wechat-test')
    await writes({ contactKey: 'oUser0001' })
    const files = ['first', 'second', 'none'].map((words) => media.save(Buffer.from(words)))
    const [first, second, none] = (await Promise.all(files)).map(({ mediaId }) => mediaId)
    const isKept = async (mediaId = '') =>
      (await media.find(mediaId)) !== undefined && (await readdir(folder)).includes(mediaId)
    for (const mediaId of [first, first, second]) await avatars.keep('oUser0001', mediaId ?? '')
    await avatars.refuse(none ?? '')
    await media.clearUnsent(24 * 3_600_000)
    expect(await Promise.all([first, second, none].map(isKept))).toEqual([false, true, false])
  })
}
