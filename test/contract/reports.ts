import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Report, ReportCell, ReportName } from '../../src/core/report.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import type { TestDatabase } from '../support/databases.ts'
import { about, march, openReportWorld, week, type ReportWorld } from '../support/report-world.ts'

const hourS = 3_600

/** Numbers of a report by their names. */
const cards = ({ cards: all }: Report) =>
  Object.fromEntries(all.map(({ metric, value, n, before }) => [metric, [value, n, before]]))

/** The numbers of one row, in the order of the columns. */
const row = ({ sections }: Report, section: string, key: string): readonly unknown[] =>
  sections
    .find(({ id }) => id === section)
    ?.rows.find((one) => one.key === key)
    ?.cells.map(({ value }: ReportCell) => value) ?? []

/** A week that was counted by hand; see the comments for who does what. */
const liveThrough = async ({ says, replies, database }: ReportWorld): Promise<readonly Ticket[]> => {
  const refund = about('vip-refund')
  const escalates = (topic: string) => about(topic, { kind: 'escalate', rule: 'asked-for-person' })
  // The week before: one question.
  await says('h', march('01 12:00'), refund)
  // Solved strictly.
  await says('a', march('02 09:10'), refund)
  await says('a', march('02 09:20'), { kind: 'chat' })
  // Comes back after two days: the first was not solved strictly, the second was.
  await says('b', march('02 09:30'), refund)
  await says('b', march('04 10:00'), refund)
  // Says that it did not help.
  await says('c', march('03 14:00'), about('app-crash'), { channel: 'web' })
  await says(
    'c',
    march('03 14:05'),
    { kind: 'answer', rule: 'corrected', reasons: [{ code: 'thumbed-down', values: {} }] },
    { channel: 'web' },
  )
  // Replied to within three hours; two of them open.
  const prompt = await says('d', march('03 16:00'), escalates('account-stolen'), {
    channel: 'weibo',
    opens: 'account-stolen',
  })
  // Replied to after 37 hours; nine of them open.
  const late = await says('e', march('07 22:00'), escalates('copyright'), {
    channel: 'email',
    opens: 'copyright',
  })
  // Only greets.
  await says('f', march('08 08:00'), { kind: 'chat', rule: 'greeting' })
  // Only follows.
  await says('g', march('08 08:30'), { kind: 'silent', rule: 'followed' })
  // Nobody replies.
  const silent = await says('i', march('08 23:00'), escalates('app-crash'), {
    channel: 'web',
    opens: 'app-crash',
  })
  if (prompt === undefined || late === undefined || silent === undefined) throw new Error('no ticket')
  await replies(prompt, march('03 19:00'))
  await replies(late, march('09 11:00'))
  await database.query("update outbox set status = 'sent'")
  return [prompt, late, silent]
}

const addSurvey = async (
  { database, agent }: ReportWorld,
  ticket: Ticket,
  score: number | null,
  askedAt = march('05 12:00'),
) => {
  await database.query(
    `insert into survey_invitations (id, ticket_id, contact_id, conversation_id, agent_id, channel, topic, state, due_at,
       asked_at, answered_at, score, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $9)`,
    [
      ...[
        randomUUID(),
        ticket.id,
        ticket.contactId,
        ticket.conversationId,
        agent.id,
        ticket.channel,
        ticket.topic,
      ],
      ...[score === null ? 'asked' : 'answered', askedAt, score === null ? null : askedAt, score],
    ],
  )
}

const addFailure = async (
  { database }: ReportWorld,
  { conversationId }: Ticket,
  status: string,
  code: string,
) => {
  await database.query(
    `update outbox set status = $2, error = jsonb_build_object('code', $3::text) where conversation_id = $1`,
    [conversationId, status, code],
  )
}

const addCase = async ({ database }: ReportWorld, ticket: Ticket) => {
  const [caseId, decisionId] = [randomUUID(), randomUUID()]
  await database.query(
    `insert into complaint_cases (id, ticket_id, kind, state, objects, deadlines, due_at, created_at, updated_at)
     values ($1, $2, 'copyright', 'decided', '[]', '[]', $3, $4, $4)`,
    [caseId, ticket.id, march('09 22:00'), march('07 22:00')],
  )
  await database.query(
    `insert into case_decisions (id, case_id, round, verdict, reason, policy_version, reason_title, state, proposed_by,
       proposed_by_name, proposed_at, settled_at)
     values ($1, $2, 1, 'takedown', 'x', '1', '{}', 'effective', 'a', 'a', $3, $3)`,
    [decisionId, caseId, march('08 10:00')],
  )
}

const addSuggestions = async ({ database }: ReportWorld) => {
  const themeId = randomUUID()
  await database.query(
    `insert into feedback_themes (id, label, words, created_at, updated_at) values ($1, '深色模式', '{}', $2, $2)`,
    [themeId, march('02 00:00')],
  )
  for (const discardedAt of [null, null, march('06 00:00')])
    await database.query(
      `insert into feedback_items (id, source, channel, sentence, language, cues, said_at, created_at, theme_id, discarded_at)
       values ($1, 'api', 'web', '想要深色模式', 'zh', '{}', $2, $2, $3, $4)`,
      [randomUUID(), march('05 09:00'), themeId, discardedAt],
    )
}

/** What every database must do for reports. */
export const areReports = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: ReportWorld
  beforeAll(async () => {
    test = await open()
    world = await openReportWorld(test)
    const [prompt, late, silent] = await liveThrough(world)
    if (prompt === undefined || late === undefined || silent === undefined) throw new Error('no ticket')
    await addSurvey(world, prompt, 5)
    await addSurvey(world, late, null)
    await addFailure(world, prompt, 'failed', 'unreachable')
    await addFailure(world, late, 'waiting', 'window_closed')
    await addCase(world, late)
    await addSuggestions(world)
  })
  afterAll(() => test.dispose())

  it('count a week as by hand', async () => {
    const overview = await world.read('overview')
    expect(overview.before).toEqual({ from: '2026-02-23', to: '2026-03-01' })
    expect(cards(overview)).toEqual({
      sessions: [8, 8, 1],
      'bot-solved': [4 / 7, 7, 1],
      // Of the week before, the contact did not come back.
      strict: [2 / 7, 7, 1],
      'handed-off': [3 / 7, 7, 0],
      'first-reply-median': [20 * hourS, 2, undefined],
      'first-reply-p90': [33.6 * hourS, 2, undefined],
      'within-day': [1 / 3, 3, undefined],
      satisfied: [1, 1, undefined],
      'response-rate': [1 / 2, 2, undefined],
    })
    expect(overview.cards.filter(({ few }) => few).map(({ metric }) => metric)).not.toContain('sessions')
    expect(overview.cards.find(({ metric }) => metric === 'strict')?.few).toBe(true)
    expect(
      overview.sections.find(({ id }) => id === 'funnel')?.rows.map(({ cells }) => cells[0]?.value),
    ).toEqual([8, 7, 4, 4, 2])
    expect(row(overview, 'hours', '1-09')).toEqual([2])
    expect(row(overview, 'hours', '7-23')).toEqual([1])
  })

  it('count durations in business time, and days in another zone', async () => {
    const business = cards(await world.read('overview', { ...week, time: 'business' }))
    expect(business['first-reply-median']).toEqual([5.5 * hourS, 2, undefined])
    expect(business['within-day']).toEqual([2 / 3, 3, undefined])
    const berlin = await world.read('overview', { ...week, zone: 'Europe/Berlin' })
    // Seven hours behind: half past nine on Monday is half past two.
    expect(row(berlin, 'hours', '1-02')).toEqual([2])
  })

  it('tell intents, channels, agents, complaints and suggestions', async () => {
    const intents = await world.read('intents')
    expect(row(intents, 'intents', 'vip-refund')).toEqual([3, 1, 2 / 3, 0, 0])
    expect(row(intents, 'intents', 'app-crash')).toEqual([2, 0.5, 0, 0.5, 1])
    const channels = await world.read('channels')
    expect(row(channels, 'channels', 'weibo')).toEqual([1, 0, 1, 1, 1, 0, 1])
    expect(row(channels, 'failures', 'unreachable')).toEqual([1, 0])
    expect(row(channels, 'failures', 'window_closed')).toEqual([0, 1])
    const agents = await world.read('agents')
    // One score of one agent would be one contact's: it stays untold. The late reply came after the week.
    expect(row(agents, 'agents', world.agent.id)).toEqual([2, 1, 0, 20 * hourS, 33.6 * hourS, 0.5, undefined])
    const complaints = await world.read('complaints')
    expect(row(complaints, 'case-kinds', 'copyright')).toEqual([1, 0, 1, 1, 12 * hourS])
    expect(row(complaints, 'verdicts', 'takedown')).toEqual([1, 0])
    const suggestions = await world.read('suggestions')
    expect(suggestions.sections[0]?.rows[0]).toMatchObject({ name: '深色模式', cells: [{ value: 2 }] })
  })

  it('list as many things as each number counts', async () => {
    const names: readonly ReportName[] = ['overview', 'intents', 'channels', 'complaints', 'suggestions']
    for (const name of names) {
      const report = await world.read(name)
      for (const { metric, unit, value = 0, n } of report.cards) {
        const listed = await world.reports.entries({ report: name, metric }, week, 'zh')
        const wanted = unit === 'share' ? value * n : n
        expect([metric, listed.length]).toEqual([metric, Math.round(wanted)])
      }
    }
    const crashes = await world.reports.entries(
      { report: 'intents', metric: 'asked', section: 'intents', key: 'app-crash' },
      week,
      'zh',
    )
    expect(crashes.map(({ channel }) => channel)).toEqual(['web', 'web'])
    const replies = await world.reports.entries({ report: 'overview', metric: 'first-reply-p90' }, week, 'zh')
    expect(replies.map(({ seconds }) => seconds)).toEqual([37 * hourS, 3 * hourS])
    const told = { report: 'agents', metric: 'satisfied', section: 'agents', key: world.agent.id } as const
    expect(await world.reports.entries(told, week, 'zh')).toEqual([])
  })

  it('tell no score of one agent where there are few, nor in the span before', async () => {
    const scored = async (who: string, at: Date, score: number) => {
      const ticket = await world.says(who, at, about('vip-refund'), { opens: 'vip-refund' })
      if (ticket === undefined) throw new Error('no ticket')
      await world.database.query("update tickets set state = 'closed' where id = $1", [ticket.id])
      await addSurvey(world, ticket, score, at)
    }
    await scored('earlier', march('13 12:00'), 1)
    for (const who of ['k', 'l', 'm', 'n', 'o']) await scored(who, march('17 12:00'), 5)
    const satisfied = async (from: string, to: string) =>
      (await world.read('agents', { ...week, from, to })).sections
        .find(({ id }) => id === 'agents')
        ?.rows.find(({ key }) => key === world.agent.id)
        ?.cells.at(-1)
    expect(await satisfied('2026-03-16', '2026-03-19')).toEqual({ value: 1, n: 5, few: true })
    expect(await satisfied('2026-03-13', '2026-03-13')).toEqual({ n: 1, few: true })
  })

  it('count a merged ticket with the one that goes on', async () => {
    const opens = async (who: string) =>
      (await world.says(who, march('10 12:00'), about('vip-refund'), { opens: 'vip-refund' }))?.id
    const [kept, merged] = [await opens('q'), await opens('r')]
    await world.database.query(
      "update tickets set state = 'closed', merged_into = case when id = $2 then $1::uuid end where id in ($1, $2)",
      [kept, merged],
    )
    const span = { ...week, from: '2026-03-10', to: '2026-03-10' }
    const counted = await world.reports.entries({ report: 'channels', metric: 'tickets' }, span, 'zh')
    expect(counted.map(({ ticket }) => ticket?.id)).toEqual([kept])
  })

  it('refuse spans that are none', async () => {
    const refused = (changes: Partial<typeof week>) =>
      expect(world.read('overview', { ...week, ...changes })).rejects.toMatchObject({ code: 'bad_input' })
    await refused({ zone: 'Mars/Olympus' })
    await refused({ to: '2026-03-01' })
    await refused({ from: '2026-02-30' })
    await refused({ from: '2020-01-01' })
    await refused({ from: '2026-03-21', to: '2026-03-22' })
  })

  it('show how things stand now', async () => {
    const { numbers, hours } = await world.reports.wall('Asia/Shanghai', 'zh')
    const values = Object.fromEntries(numbers.map(({ metric, value }) => [metric, value]))
    expect(values).toMatchObject({ waiting: 1, 'oldest-wait': 11 * 24 * hourS + hourS, open: 3, sessions: 0 })
    expect(hours).toHaveLength(24)
    await expect(world.reports.wall('Nowhere', 'zh')).rejects.toMatchObject({ code: 'bad_input' })
  })
}
