import { initialDialogue } from '../src/core/conversation.ts'
import { systemClock } from '../src/core/clock.ts'
import { silentLog } from '../src/core/log.ts'
import { personalKinds } from '../src/core/masking.ts'
import type { SearchFilter } from '../src/core/message-search.ts'
import { createMessageSearch } from '../src/search/index.ts'
import {
  createApiReading,
  createContactStore,
  createCountTickets,
  createMessageIndex,
  createSuggestionCounting,
  createSurveyRecords,
  createTicketStore,
  openPostgres,
  type Database,
} from '../src/store/index.ts'
import { createSurveyResults } from '../src/surveys/index.ts'
import { createMasker } from '../src/text/index.ts'
import { createTicketReporter } from '../src/tickets/index.ts'
import { createReporter } from '../src/feedback/index.ts'
import { createRandom } from './random.ts'
import { report } from './report.ts'

const timeZone = 'Asia/Shanghai'
const dayMs = 86_400_000

/** What is asked again and again, each time otherwise. */
type Ask = (n: number) => Promise<unknown>

interface Facts {
  readonly tickets: readonly { readonly id: string; readonly contact_id: string }[]
  readonly agents: readonly string[]
  readonly names: readonly string[]
  readonly words: readonly string[]
  readonly rare: readonly string[]
}

const readFacts = async ({ query }: Database): Promise<Facts> => {
  const column = async (text: string): Promise<readonly string[]> =>
    (await query<{ value: string }>(text)).map(({ value }) => value)
  const said = await column(
    `select distinct parts -> 0 ->> 'text' as value from (
       select parts from messages where direction = 'in' order by md5(id::text) limit 3000) m`,
  )
  return {
    tickets: await query(`select id, contact_id from tickets order by md5(id::text) limit 500`),
    agents: await column(`select id as value from agents where id like 'seed-%' order by id`),
    names: await column(`select display_name as value from contacts order by md5(id::text) limit 500`),
    words: said.flatMap((text) => text.match(/[\u4e00-\u9fff]{2,}/gu) ?? []),
    rare: said.flatMap((text) => text.match(/C\d{8}/) ?? []),
  }
}

const common = ['会员', '怎么', '视频', '账号', '退款', '直播', '弹幕', '可以']
const absent = ['量子纠缠', '麒麟臂', '龘龘', '冰箱维修', '螺蛳粉', 'zebra crossing', '退款麒麟', '会员纠缠']

const at = <Item>(items: readonly Item[], n: number): Item => {
  const item = items[n % items.length]
  if (item === undefined) throw new Error('the database holds too little; run tongda seed')
  return item
}

/** What agents do all day. */
const deskAsks = (database: Database, { tickets, agents, names }: Facts): Readonly<Record<string, Ask>> => {
  const store = createTicketStore(database, initialDialogue)
  const contacts = createContactStore(database)
  const reading = createApiReading(database)
  const view = (name: 'unassigned' | 'mine' | 'open' | 'solved' | 'all') => (n: number) =>
    store.list({ view: name, agentId: at(agents, n), limit: 200 })
  const order = 'newest' as const
  return {
    'view-mine': view('mine'),
    'view-unassigned': view('unassigned'),
    'view-open': view('open'),
    'view-solved': view('solved'),
    'view-all': view('all'),
    'list-assignee': (n) => reading.tickets({ order, assigneeId: at(agents, n) }, { limit: 51 }),
    'list-kind': (n) => reading.tickets({ order, kind: n % 2 === 0 ? 'appeal' : 'feedback' }, { limit: 51 }),
    'list-urgent-open': () =>
      reading.tickets({ order, priority: 'urgent', states: ['new', 'open'] }, { limit: 51 }),
    'list-contact': (n) => reading.tickets({ order, contactId: at(tickets, n).contact_id }, { limit: 51 }),
    'ticket-open': async (n) => {
      const ticket = await store.get(at(tickets, n).id)
      return Promise.all([
        store.timeline(ticket.id),
        store.transcript(ticket.conversationId, 500),
        contacts.get(ticket.contactId),
      ])
    },
    'contact-search': (n) => contacts.search(at(names, n).slice(0, 1 + (n % 3)), 20),
    'contact-search-none': (n) => contacts.search(`${at(names, n)}没有`, 20),
  }
}

/** Finding what was said. */
const searchAsks = (
  database: Database,
  { words, rare, tickets }: Facts,
  random: ReturnType<typeof createRandom>,
): Readonly<Record<string, Ask>> => {
  const index = createMessageIndex(database)
  const search = createMessageSearch({ index, masker: createMasker(personalKinds), now: () => new Date() })
  const find = (text: string, filter: SearchFilter = {}) => search({ words: text, filter, limit: 50 })
  const part = (length: number): string => {
    const word = at(words, Math.floor(random() * words.length))
    const from = Math.floor(random() * Math.max(1, word.length - length))
    return word.slice(from, from + length)
  }
  const daysAgo = (days: number): Date => new Date(Date.now() - days * dayMs)
  return {
    'search-common': (n) => find(at(common, n)),
    'search-one': (n) => find(at(words, n).slice(0, 1)),
    'search-two': () => find(part(2)),
    'search-four': () => find(part(4)),
    'search-rare': (n) => find(at(rare, n)),
    'search-none': (n) => find(at(absent, n)),
    'search-words': (n) => find(`${part(2)} ${at(common, n)}`),
    'search-rare-inbox': (n) => find(at(common, n), { inboxId: 'seed-api' }),
    'search-notes': (n) => find(at(['退款', '风控', '技术'], n), { direction: 'note' }),
    'search-no-notes': (n) => find(at(['弹幕', '直播', '会员'], n), { direction: 'note' }),
    'search-old': (n) => find(at(common, n), { until: daysAgo(20 + (n % 150)) }),
    'search-contact': (n) => find(at(common, n), { contactId: at(tickets, n).contact_id }),
  }
}

/** What is read once a month. */
const reportAsks = (database: Database): Readonly<Record<string, Ask>> => {
  const clock = systemClock
  const month = (n: number): string => daysAgoMonth(30 * (n % 5))
  const tickets = createTicketReporter({ count: createCountTickets(database), timeZone, clock })
  const surveys = createSurveyResults({ records: createSurveyRecords(database), timeZone, clock })
  const suggestions = createReporter({ counting: createSuggestionCounting(database), timeZone, clock })
  return {
    'report-tickets': (n) => tickets(month(n)),
    'report-surveys': (n) => surveys(month(n), at(['all', 'team', 'agent', 'topic'] as const, n)),
    'report-suggestions': (n) => suggestions(month(n)),
  }
}

const daysAgoMonth = (days: number): string => new Date(Date.now() - days * dayMs).toISOString().slice(0, 7)

const round = (ms: number): number => Math.round(ms * 10) / 10

const measure = async (name: string, ask: Ask, runs: number): Promise<void> => {
  for (let n = 0; n < 5; n++) await ask(n + runs)
  const times: number[] = []
  for (let n = 0; n < runs; n++) {
    const start = performance.now()
    await ask(n)
    times.push(performance.now() - start)
  }
  times.sort((one, other) => one - other)
  const [p50, p95] = [times[Math.floor(runs / 2)], times[Math.floor(runs * 0.95)]]
  report('scale', {
    what: name,
    runs,
    p50Ms: round(p50 ?? 0),
    p95Ms: round(p95 ?? 0),
    maxMs: round(times.at(-1) ?? 0),
  })
}

const counts = `select (select count(*)::int from tickets) as tickets, (select count(*)::int from messages) as messages,
  (select count(*)::int from contacts) as contacts, pg_size_pretty(pg_database_size(current_database())) as size,
  pg_size_pretty(pg_relation_size('message_search_grams')) as index`

/** How soon everyday questions are answered on a database that `tongda seed` filled. */
export const scale = async (url: string, only: string | undefined): Promise<void> => {
  const database = await openPostgres({ url, maxConnections: 4, timeoutMs: 60_000, log: silentLog })
  try {
    report('scale', (await database.query(counts))[0] ?? {})
    const facts = await readFacts(database)
    const asks = {
      ...deskAsks(database, facts),
      ...searchAsks(database, facts, createRandom(7)),
      ...reportAsks(database),
    }
    for (const [name, ask] of Object.entries(asks))
      if (only === undefined || name.includes(only)) await measure(name, ask, 200)
  } finally {
    await database.close()
  }
}
