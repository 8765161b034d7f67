import { validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type {
  FailedQuestion,
  FailureKind,
  Proposal,
  ProposalEvidence,
  ProposalKind,
  ProposalState,
  Weighed,
} from '../core/learning.ts'
import type { ChannelName } from '../core/message.ts'
import type { FeedbackActor } from '../core/suggestions.ts'
import type { Query, Row } from './database.ts'
import { recordEvents } from './record-event.ts'
import { trendOf, trendWeeks } from './trend.ts'

export const noProposal = (): TongdaError =>
  new TongdaError('not_found', 'there is no such proposal; load the list again')
export const noQuestion = (): TongdaError =>
  new TongdaError('not_found', 'there is no such question; it may have been erased')

const mostExamples = 5

/** A proposal `t` with what is in it, by `proposalJoins`; `$1` is the present. */
export const proposalFields = `t.*, n.contacts, n.first_at, n.last_at, coalesce(ch.channels, '[]') as channels,
  coalesce(w.weeks, '{}') as weeks, coalesce(x.examples, '[]') as examples`

export const proposalJoins = `
left join lateral (
  select count(distinct coalesce(c.contact_id, i.id))::int as contacts, min(i.said_at) as first_at,
    max(i.said_at) as last_at
  from learning_questions i left join conversations c on c.id = i.conversation_id
  where i.theme_id = t.id and i.discarded_at is null
) n on true
left join lateral (
  select jsonb_agg(jsonb_build_object('channel', channel, 'count', n) order by n desc, channel) as channels from (
    select i.channel, count(*)::int as n from learning_questions i
    where i.theme_id = t.id and i.discarded_at is null group by 1) s
) ch on true
left join lateral (
  select jsonb_object_agg(week, n) as weeks from (
    select floor(extract(epoch from ($1::timestamptz - i.said_at)) / 604800)::int as week, count(*)::int as n
    from learning_questions i where i.theme_id = t.id and i.discarded_at is null and i.said_at <= $1
      and i.said_at > $1::timestamptz - interval '${String(trendWeeks)} weeks' group by 1) s
) w on true
left join lateral (
  select jsonb_agg(sentence order by said_at desc) as examples from (
    select sentence, max(i.said_at) as said_at from learning_questions i
    where i.theme_id = t.id and i.discarded_at is null group by sentence
    order by max(i.said_at) desc limit ${String(mostExamples)}) s
) x on true`

export interface ProposalRow extends Row {
  readonly id: string
  readonly name: string | null
  readonly label: string
  readonly kind: ProposalKind
  readonly state: ProposalState
  readonly article_id: string | null
  readonly count: number
  readonly contacts: number
  readonly channels: Proposal['channels']
  readonly weeks: Readonly<Record<string, number>>
  readonly examples: readonly string[]
  readonly evidence: ProposalEvidence
  readonly first_at: Date | null
  readonly last_at: Date | null
  readonly settled_at: Date | null
  readonly settled_by: FeedbackActor | null
  readonly reason: string | null
  readonly draft_ids: readonly string[]
  readonly evaluation_id: string | null
  readonly merged_into: string | null
  readonly ended_at: Date | null
  readonly created_at: Date
  readonly updated_at: Date
  readonly version: number
}

/** What is null is left out. */
const present = <Name extends string, Value>(
  name: Name,
  value: Value | null,
): Partial<Record<Name, Value>> => (value === null ? {} : ({ [name]: value } as Record<Name, Value>))

export const toProposal = (row: ProposalRow): Proposal => ({
  ...{ id: row.id, kind: row.kind, state: row.state, label: row.name ?? row.label },
  ...present('articleId', row.article_id),
  ...{ count: row.count, contacts: row.contacts, channels: row.channels, trend: trendOf(row.weeks) },
  ...{ examples: row.examples, evidence: row.evidence },
  ...present('firstAt', row.first_at),
  ...present('lastAt', row.last_at),
  ...present('settledAt', row.settled_at),
  ...present('settledBy', row.settled_by),
  ...present('reason', row.reason),
  draftIds: row.draft_ids,
  ...present('evaluationId', row.evaluation_id),
  ...present('mergedInto', row.merged_into),
  ...present('endedAt', row.ended_at),
  ...{ createdAt: row.created_at, updatedAt: row.updated_at, version: row.version },
})

const getProposal = `
select ${proposalFields} from learning_proposals t ${proposalJoins} where t.id = $2 and t.kind is not null`

/** Throws `not_found`. */
export const findProposal = async (query: Query, id: string, now: Date): Promise<Proposal> => {
  const [row] = validate(id) ? await query<ProposalRow>(getProposal, [now, id]) : []
  if (row === undefined) throw noProposal()
  return toProposal(row)
}

export interface QuestionRow extends Row {
  readonly id: string
  readonly kind: FailureKind
  readonly sentence: string
  readonly message_id: string
  readonly conversation_id: string | null
  readonly inbox_id: string
  readonly channel: ChannelName
  readonly said_at: Date
  readonly given: string | null
  readonly candidates: readonly Weighed[]
  readonly answer_at: number
  readonly right_article: string | null
  readonly theme_id: string | null
  readonly placed_by: 'machine' | 'person' | null
  readonly version: number
}

export const questionFields = `i.id, i.kind, i.sentence, i.message_id, i.conversation_id, i.inbox_id, i.channel,
  i.said_at, i.given, i.candidates, i.answer_at, i.right_article, i.theme_id, i.placed_by, i.version`

export const toQuestion = (row: QuestionRow): FailedQuestion => ({
  ...{ id: row.id, kind: row.kind, sentence: row.sentence, messageId: row.message_id },
  ...present('conversationId', row.conversation_id),
  ...{ inboxId: row.inbox_id, channel: row.channel, saidAt: row.said_at },
  ...present('given', row.given),
  ...{ candidates: row.candidates, answerAt: row.answer_at },
  ...present('right', row.right_article),
  ...present('proposalId', row.theme_id),
  ...present('placedBy', row.placed_by),
  version: row.version,
})

/** Tells programs outside that a proposal changed. */
export const tellProposal = (
  query: Query,
  {
    id,
    change,
    actor,
    detail = {},
  }: {
    readonly id: string
    readonly change: string
    readonly actor: FeedbackActor['kind']
    readonly detail?: Readonly<Record<string, unknown>>
  },
  now: Date,
): Promise<void> =>
  recordEvents(query, [
    { type: 'proposal.changed', at: now, data: { proposalId: id, change, actor, ...detail } },
  ])
