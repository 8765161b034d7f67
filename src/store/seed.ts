import type { SeedMaterial, Seeder, SeedSize, SeedState } from '../core/seed.ts'
import { TongdaError } from '../core/errors.ts'
import { emptyInboxes } from './clear-inboxes.ts'
import { toJson, type Database, type Query } from './database.ts'
import { searchStart } from './message-search.ts'
import { peopleSteps } from './seed-people.ts'
import { saidSteps, seededInboxes } from './seed-said.ts'
import { ticketSteps } from './seed-tickets.ts'

/** One statement, with a name for whoever waits. */
interface Step {
  readonly name: string
  readonly run: (query: Query) => Promise<unknown>
}

const step = (name: string, text: string, params: readonly unknown[] = []): Step => ({
  name,
  run: (query) => query(text, params),
})

/**
 * The embedded database closes the ways that large joins need, and nobody can guess how many rows made-up ones meet;
 * a server may take more memory for once.
 */
const settings = [
  'enable_hashjoin = on',
  'enable_mergejoin = on',
  'enable_seqscan = on',
  'enable_nestloop = off',
  'jit = off',
  'plan_cache_mode = force_custom_plan',
  `work_mem = '64MB'`,
  `maintenance_work_mem = '512MB'`,
  'synchronous_commit = off',
]

const addLines = `
insert into seed_lines (role, topic, place, text, grams)
select role, topic, row_number() over (partition by role, topic order by place) - 1, text, grams
from jsonb_to_recordset($1::jsonb) as x(role text, topic int, place int, text text, grams int[])`
const addAround = `
insert into seed_around select * from jsonb_to_recordset($1::jsonb) as x(role text, place int, text text, grams int[])`
const addFacts = `
insert into seed_facts select * from jsonb_to_recordset($1::jsonb) as x(inbox_id text, author text, direction text, grams int[])`
const addTopics = `insert into seed_topics select at - 1, topic from unnest($1::text[]) with ordinality as x(topic, at)`
const addNames = `insert into seed_names select at - 1, name from unnest($1::text[]) with ordinality as x(name, at)`

const countLines = `
create temp table seed_counts on commit drop as
select role, topic, count(*)::int as lines from seed_lines group by 1, 2`

const placed = (role: string, words: SeedMaterial['before']) =>
  words.map(({ text, grams }, place) => ({ role, place, text, grams }))

const materialSteps = ({ lines, before, after, topics, names, facts }: SeedMaterial): readonly Step[] => {
  const topicOf = (topic: string | undefined): number => (topic === undefined ? -1 : topics.indexOf(topic))
  const rows = lines.map(({ topic, ...line }, place) => ({ ...line, place, topic: topicOf(topic) }))
  const found = [...facts].map(([key, grams]) => {
    const [inbox_id, author, direction] = key.split(' ')
    return { inbox_id, author, direction, grams }
  })
  return [
    step('词句 wordings', addLines, [toJson(rows)]),
    step('词句 wordings', addAround, [toJson([...placed('before', before), ...placed('after', after)])]),
    step('词句 wordings', addFacts, [toJson(found)]),
    step('词句 wordings', addTopics, [topics]),
    step('词句 wordings', addNames, [names]),
    step('词句 wordings', countLines),
    step(
      '词句 wordings',
      'analyze seed_lines, seed_counts, seed_around, seed_facts, seed_topics, seed_names',
    ),
  ]
}

/** Messages of a session with a ticket, and of one without. */
const sessionSizes = ({ tickets, messages }: SeedSize) => {
  const withTicket = tickets === 0 ? 0 : Math.min(16, (0.65 * messages) / tickets)
  const without = 6
  return { withTicket, without, others: Math.round((messages - tickets * withTicket) / without) }
}

const peopleOf = (size: SeedSize): readonly Step[] => {
  const { seed, tickets, days, now } = size
  const { withTicket, without, others } = sessionSizes(size)
  const contacts = Math.max(20, Math.round(tickets * 0.6))
  const { people, sessions, agents, teams, members } = peopleSteps
  return [
    step('联系人 contacts', people, [seed, contacts]),
    step('会话 conversations', sessions, [seed, tickets, others, days, now, withTicket, without]),
    step('会话 conversations', 'analyze seed_people, seed_sessions'),
    ...[agents, teams, members].map((text) => step('客服 agents', text, [seed])),
    step('联系人 contacts', peopleSteps.contacts, [seed]),
    step('联系人 contacts', peopleSteps.identities, [seed]),
    step('会话 conversations', peopleSteps.conversations, [seed]),
  ]
}

const dayMs = 86_400_000
/** Messages of one statement. */
const atOnce = 200_000

const saidOf = ({ seed, messages, days, now }: SeedSize, bucketMs: number): readonly Step[] => {
  const pieces = Math.max(1, Math.ceil(messages / atOnce))
  // A session may begin the day before, and end after the last.
  const start = now.getTime() - (days + 2) * dayMs
  const edge = (piece: number): Date => new Date(start + (piece * (now.getTime() + dayMs - start)) / pieces)
  const name = '消息 messages'
  return Array.from({ length: pieces }, (_, piece) => [
    step(name, saidSteps.drawn, [seed, edge(piece), edge(piece + 1)]),
    step(name, 'analyze seed_drawn'),
    step(name, saidSteps.said, [seed]),
    step(name, saidSteps.messages, [seed]),
    step(name, saidSteps.outbox, [seed]),
    step(name, saidSteps.search, [seed, bucketMs]),
    step(name, saidSteps.forget),
  ]).flat()
}

const ticketsOf = ({ seed, now }: SeedSize): readonly Step[] => {
  const { facts, tickets, history, surveys, themes, suggestions, counts } = ticketSteps
  return [
    step('工单 tickets', facts, [seed, now]),
    step('工单 tickets', tickets, [seed, now]),
    step('历史 history', history, [seed]),
    step('满意度 surveys', surveys, [seed]),
    ...[themes, suggestions, counts].map((text) => step('建议 suggestions', text, [seed])),
  ]
}

/** Made anew when all is there, it is ready in a fraction of the time. */
const readIndex = `
select indexdef as text from pg_indexes where indexname = 'message_search_grams' and schemaname = current_schema()`
const dropIndex = 'drop index message_search_grams'
const noteStart = `
insert into event_readers as r (name, place)
select '${searchStart}', (extract(epoch from min(at)) * 1000)::bigint::text from message_search having count(*) > 0
on conflict (name) do update set place = excluded.place where r.place::bigint > excluded.place::bigint`

const bulk = [
  ...['contacts', 'contact_identities', 'conversations', 'messages', 'message_search', 'outbox'],
  ...['tickets', 'ticket_timeline', 'survey_invitations', 'feedback_items', 'feedback_themes'],
]

interface Means {
  readonly bucketMs: number
  /** The statement that makes the search's index. */
  readonly makeIndex: string
}

const stepsOf = (material: SeedMaterial, size: SeedSize, { bucketMs, makeIndex }: Means): readonly Step[] => [
  ...settings.map((setting) => step('准备 preparing', `set local ${setting}`)),
  ...peopleSteps.tables.map((text) => step('准备 preparing', text)),
  ...materialSteps(material),
  ...peopleOf(size),
  step('准备 preparing', dropIndex),
  ...saidOf(size, bucketMs),
  ...ticketsOf(size),
  step('搜索索引 search index', makeIndex),
  step('搜索索引 search index', noteStart),
]

const readState = `
select (select count(*)::int from conversations where inbox_id = any($1)) as seeded,
  (select count(*)::int from (select 1 from contact_identities where inbox_id <> all($1) limit 1000) i) as real`

/** Everything that hangs on conversations, where all of them are made up. */
const emptyAll = `
truncate contacts, contact_identities, contact_merges, conversations, messages, message_search, outbox, delivery_attempts,
  tickets, ticket_timeline, ticket_links, survey_invitations, survey_stops cascade`

const leftovers = [
  `delete from feedback_items where inbox_id = any($1)`,
  `delete from feedback_themes where label like '演示建议：%' and cardinality($1::text[]) > 0`,
  `delete from team_members where agent_id like 'seed-%' and cardinality($1::text[]) > 0`,
  `delete from teams where name_en like 'Seed team %' and cardinality($1::text[]) > 0`,
  `delete from agents where email like 'seed-%@seed.invalid' and cardinality($1::text[]) > 0`,
]

/** Fills a database with made-up data. `bucketMs`: the span of time of the search's index. */
export const createSeeder = (database: Database, bucketMs: number): Seeder => {
  const state = async (): Promise<SeedState> => {
    const [row] = await database.query<{ seeded: number; real: number }>(readState, [seededInboxes])
    return row ?? { seeded: 0, real: 0 }
  }
  return {
    state,
    fill: async (material, size, onStep) => {
      const [index] = await database.query<{ text: string }>(readIndex)
      if (index === undefined)
        throw new TongdaError('conflict', 'the search has no index message_search_grams; make it again first')
      const steps = stepsOf(material, size, { bucketMs, makeIndex: index.text })
      await database.transaction(async (query) => {
        for (const [at, { name, run }] of steps.entries()) {
          onStep(name, at, steps.length)
          await run(query)
        }
      })
      onStep('整理 tidying up', steps.length, steps.length)
      await database.script(`analyze ${bulk.join(', ')}`)
    },
    remove: async () => {
      const { seeded, real } = await state()
      if (seeded === 0) return 0
      await database.transaction(async (query) => {
        if (real === 0) await query(emptyAll)
        else await emptyInboxes(query, seededInboxes)
        for (const text of leftovers) await query(text, [seededInboxes])
      })
      return seeded
    },
  }
}
