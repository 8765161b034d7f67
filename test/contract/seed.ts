import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { fillDatabase, patientConfig } from '../../src/app/seed/fill.ts'
import { parseConfig, type Config } from '../../src/config.ts'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { UnindexedMessage } from '../../src/core/message-search.ts'
import { bucketMs, createMessageSearch, indexLine } from '../../src/search/index.ts'
import {
  createContactStore,
  createConversationStore,
  createMessageIndex,
  createSeeder,
  createTicketStore,
} from '../../src/store/index.ts'
import { buildInbound, buildItem } from '../support/builders.ts'
import { masker } from '../support/masker.ts'
import type { TestDatabase } from '../support/databases.ts'

const now = new Date('2026-11-23T12:00:00Z')
const size = { tickets: 30, messages: 900, days: 30, seed: 3, now }

const allSaid = `
select m.id, m.created_at as at, m.parts, m.inbox_id as "inboxId", c.channel, m.author, m.direction, s.grams
from messages m join conversations c on c.id = m.conversation_id left join message_search s on s.message_id = m.id
order by m.id`
const gaps = `
select c.id from conversations c join messages m on m.conversation_id = c.id group by c.id
having max(m.seq) <> c.last_seq or count(*) <> c.last_seq or min(m.seq) <> 1`
const fingerprint = `
select (select md5(string_agg(id::text || parts::text || created_at::text, ',' order by id)) from messages) as said,
  (select md5(string_agg(id::text || state || topic || title || number, ',' order by id)) from tickets) as tickets`
const left = [
  'contacts',
  'conversations',
  'messages',
  'message_search',
  'outbox',
  'tickets',
  'agents',
  'teams',
]

/** What every database must do with made-up data. */
export const isSeeded = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let config: Config
  beforeAll(async () => {
    test = await open()
    const parsed = parseConfig({ dataDir: test.folder })
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
    config = parsed.config
  })
  afterAll(() => test.dispose())
  const seeder = () => createSeeder(test.database, bucketMs)
  const fill = (mix = false) =>
    fillDatabase({ config, database: test.database, size, mix, onStep: () => undefined })
  const count = async (table: string): Promise<number> =>
    (await test.database.query<{ count: number }>(`select count(*)::int as count from ${table}`))[0]?.count ??
    0
  beforeEach(async () => {
    await seeder().remove()
    await test.database.query('truncate contacts, contact_identities, conversations cascade')
    await test.database.query(`select setval('ticket_numbers', 1000)`)
  })

  it('is what the product would have stored, and is found as what was said', async () => {
    await fill()
    const said = await test.database.query<UnindexedMessage & { grams: number[] } & Record<string, unknown>>(
      allSaid,
    )
    expect(said.length).toBeGreaterThan(750)
    expect(said.length).toBeLessThan(1_050)
    for (const message of said)
      expect(new Set(message.grams), JSON.stringify(message.parts)).toEqual(new Set(indexLine(message).grams))
    expect(await test.database.query(gaps)).toEqual([])
    const search = createMessageSearch({ index: createMessageIndex(test.database), masker, now: () => now })
    const { hits } = await search({ words: '订单号', filter: { author: 'contact' }, limit: 10 })
    expect(hits[0]?.snippet.text).toMatch(/订单号 C\d{8}/)
    const tickets = createTicketStore(test.database, initialDialogue)
    const [ticket] = await tickets.list({ view: 'all', agentId: '', limit: 200 })
    const history = await tickets.timeline(ticket?.id ?? '')
    expect(history.slice(0, 2).map(({ change }) => change)).toEqual(['opened', 'routed'])
    expect(
      (await createContactStore(test.database).get(ticket?.contactId ?? '')).tickets.length,
    ).toBeGreaterThan(0)
    expect(await count('tickets')).toBe(30)
  })

  it('is the same for the same number', async () => {
    await fill()
    const first = await test.database.query(fingerprint)
    await seeder().remove()
    await test.database.query(`select setval('ticket_numbers', 1000)`)
    await fill()
    expect(await test.database.query(fingerprint)).toEqual(first)
  })

  it('goes away without a trace, and is refused where something is', async () => {
    await fill()
    await expect(fill()).rejects.toMatchObject({ code: 'conflict' })
    expect(await seeder().remove()).toBeGreaterThan(0)
    for (const table of left) expect(await count(table), table).toBe(0)
  })

  it('leaves real data alone', async () => {
    const conversations = createConversationStore(test.database)
    await conversations.accept([buildItem(buildInbound({ text: '真实的消息' }))], now)
    await expect(fill()).rejects.toMatchObject({ code: 'conflict' })
    await fill(true)
    await seeder().remove()
    expect([await count('conversations'), await count('messages')]).toEqual([1, 1])
  })

  it('breaks off without a trace', async () => {
    // Everything is there but the search's index, which was taken away to be made anew.
    const onStep = (name: string): void => {
      if (name.startsWith('搜索索引')) throw new Error('broken off')
    }
    await expect(fillDatabase({ config, database: test.database, size, mix: false, onStep })).rejects.toThrow(
      'broken off',
    )
    for (const table of left) expect(await count(table), table).toBe(0)
    const index = await test.database.query(
      `select 1 from pg_indexes where indexname = 'message_search_grams'`,
    )
    expect(index).toHaveLength(1)
  })

  it('does not go where a product is at work', () => {
    expect(() => patientConfig({ ...config, production: true })).toThrow(/production/)
  })
}
