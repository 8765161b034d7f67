import { validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { Board, BoardChange } from '../core/feedback.ts'
import type { FailedQuestion, Proposal, ProposalAct, ProposalStore } from '../core/learning.ts'
import type { FeedbackWrite } from '../core/suggestions.ts'
import { checkVersion } from './check-version.ts'
import { retryCollisions, toJson, type Database, type Query } from './database.ts'
import {
  findProposal,
  noQuestion,
  proposalFields,
  proposalJoins,
  questionFields,
  tellProposal,
  toProposal,
  toQuestion,
  type ProposalRow,
  type QuestionRow,
} from './learning-rows.ts'
import { keepBoard, loadBoard } from './meaning-board.ts'
import { lockGroups, questionTables } from './meaning-tables.ts'

/** What a person decides on the board of the groups at hand. */
export interface DecideOnGroups {
  readonly merge: (board: Board, id: string, from: string) => BoardChange
  readonly move: (board: Board, itemId: string, id: string) => BoardChange
}

const listProposals = `
select ${proposalFields} from (
  select * from learning_proposals t where t.ended_at is null and t.kind is not null
    and ($2::text[] is null or t.state = any($2)) and ($3::text[] is null or t.kind = any($3))
    and ($4::text is null or t.article_id = $4) and ($5::int is null or (t.count, t.id) < ($5, $6::uuid))
  order by t.count desc, t.id desc limit $7
) t ${proposalJoins} order by t.count desc, t.id desc`

const listQuestions = `
select ${questionFields} from learning_questions i
where i.theme_id = $1 and i.discarded_at is null and ($2::timestamptz is null or (i.said_at, i.id) < ($2, $3::uuid))
order by i.said_at desc, i.id desc limit $4`

const getQuestion = `
select ${questionFields} from learning_questions i where i.id = $1 and i.discarded_at is null`

/** Whatever a person did to it: it never ends by itself. */
const settle = `
update learning_proposals set state = $2, reason = $3, draft_ids = $4::uuid[], evaluation_id = $5,
  settled_at = $6, settled_by = $7::jsonb, settled_count = count,
  is_held = true, updated_at = $6, version = version + 1
where id = $1`
const rename = `
update learning_proposals set name = $2, is_held = true, updated_at = $3, version = version + 1 where id = $1`
const reopen = `
update learning_proposals set state = 'open', draft_ids = '{}', evaluation_id = null, updated_at = $2,
  version = version + 1
where id = $1`

const ended = ({ id, mergedInto }: Proposal): TongdaError =>
  new TongdaError(
    'conflict',
    mergedInto === undefined
      ? 'nothing is in this proposal any more; choose another'
      : `this proposal goes on as ${mergedInto}; change that one`,
    { id, ...(mergedInto === undefined ? {} : { mergedInto }) },
  )

const from: Readonly<Record<'accept' | 'dismiss' | 'reopen' | 'merge', readonly Proposal['state'][]>> = {
  accept: ['open'],
  dismiss: ['open', 'accepted'],
  reopen: ['dismissed', 'accepted', 'done'],
  merge: ['open', 'dismissed'],
}

const checkState = (act: keyof typeof from, { state }: Proposal): void => {
  if (!from[act].includes(state))
    throw new TongdaError('conflict', `this proposal is ${state}; load it again`, { state })
}

interface Acting {
  readonly id: string
  readonly write: FeedbackWrite
  readonly now: Date
  readonly decide: DecideOnGroups
}

const merge = async (query: Query, other: string, { id, now, decide }: Acting): Promise<void> => {
  const taken = await findProposal(query, other, now)
  if (taken.endedAt !== undefined) throw ended(taken)
  checkState('merge', taken)
  if (other === id) throw new TongdaError('bad_input', 'a proposal is not merged with itself')
  const board = await loadBoard(query, questionTables, [id, other])
  await keepBoard(query, questionTables, decide.merge(board, id, other), { now, mergedInto: id })
}

const apply = async (query: Query, proposal: Proposal, act: ProposalAct, acting: Acting): Promise<void> => {
  const { id, now, write } = acting
  const by = toJson(write.actor)
  if (act.act !== 'name') checkState(act.act, proposal)
  switch (act.act) {
    case 'name':
      await query(rename, [id, act.name, now])
      return
    case 'merge':
      await merge(query, act.from, acting)
      return
    case 'dismiss':
      await query(settle, [id, 'dismissed', act.reason, [], null, now, by])
      return
    case 'accept':
      await query(settle, [id, 'accepted', null, act.draftIds, act.evaluationId, now, by])
      return
    case 'reopen':
      await query(reopen, [id, now])
      return
    default:
      act satisfies never
  }
}

const detailOf = (act: ProposalAct): Readonly<Record<string, unknown>> => {
  switch (act.act) {
    case 'merge':
      return { from: act.from }
    case 'accept':
      return { draftIds: act.draftIds, evaluationId: act.evaluationId }
    case 'name':
    case 'dismiss':
    case 'reopen':
      return {}
    default:
      return act satisfies never
  }
}

const applyAct = async (query: Query, act: ProposalAct, acting: Acting): Promise<Proposal> => {
  const { id, now, write } = acting
  await lockGroups(query, questionTables)
  const before = await findProposal(query, id, now)
  checkVersion(before.version, write.version)
  if (before.endedAt !== undefined) throw ended(before)
  await apply(query, before, act, acting)
  const told = { id, change: act.act, actor: write.actor.kind, detail: detailOf(act) }
  await tellProposal(query, told, now)
  return findProposal(query, id, now)
}

const findQuestion = async (query: Query, id: string): Promise<FailedQuestion> => {
  const [row] = validate(id) ? await query<QuestionRow>(getQuestion, [id]) : []
  if (row === undefined) throw noQuestion()
  return toQuestion(row)
}

const move = async (query: Query, questionId: string, acting: Acting): Promise<FailedQuestion> => {
  const { id, now, write, decide } = acting
  await lockGroups(query, questionTables)
  const question = await findQuestion(query, questionId)
  checkVersion(question.version, write.version)
  const target = await findProposal(query, id, now)
  if (target.endedAt !== undefined) throw ended(target)
  const { proposalId } = question
  if (proposalId === undefined)
    throw new TongdaError('conflict', 'this question is not placed yet; try again in a minute')
  if (proposalId !== id) {
    const board = await loadBoard(query, questionTables, [proposalId, id])
    await keepBoard(query, questionTables, decide.move(board, questionId, id), { now })
    const told = { id, change: 'move', actor: write.actor.kind, detail: { questionId, from: proposalId } }
    await tellProposal(query, told, now)
  }
  return findQuestion(query, questionId)
}

/** Proposals on one database. `decide` says what an act of a person changes. */
export const createProposalStore = (database: Database, decide: DecideOnGroups): ProposalStore => {
  const { query } = database
  const change = <Result>(work: (inner: Query) => Promise<Result>): Promise<Result> =>
    retryCollisions(() => database.transaction(work))
  return {
    list: async ({ states, kinds, articleId }, { after, limit }, now) => {
      const values = [now, states, kinds, articleId, after?.count, after?.id, limit]
      return (await query<ProposalRow>(listProposals, values)).map(toProposal)
    },
    get: (id, now) => findProposal(query, id, now),
    act: (id, act, write, now) => change((inner) => applyAct(inner, act, { id, write, now, decide })),
    questions: async (id, { after, limit }) =>
      validate(id)
        ? (await query<QuestionRow>(listQuestions, [id, after?.saidAt, after?.id, limit])).map(toQuestion)
        : [],
    move: (questionId, proposalId, write, now) =>
      change((inner) => move(inner, questionId, { id: proposalId, write, now, decide })),
  }
}
