import { v7, validate } from 'uuid'
import type {
  ArticlePair,
  Contradiction,
  ContradictionCheck,
  ContradictionChecks,
  ContradictionState,
  ContradictionStore,
  PauseReason,
  RefusedPair,
} from '../core/editing-help.ts'
import { TongdaError } from '../core/errors.ts'
import type { FeedbackActor } from '../core/suggestions.ts'
import { checkVersion } from './check-version.ts'
import { toJson, type Database, type Row } from './database.ts'

const listPairs = 'select first_id, second_id, first_hash, second_hash from knowledge_pairs'
const keepPair = `
insert into knowledge_pairs (first_id, second_id, first_hash, second_hash, model, judged_at)
values ($1, $2, $3, $4, $5, $6)
on conflict (first_id, second_id) do update set first_hash = excluded.first_hash,
  second_hash = excluded.second_hash, model = excluded.model, judged_at = excluded.judged_at`
const dropFinding = 'delete from knowledge_contradictions where first_id = $1 and second_id = $2'
const addFinding = `
insert into knowledge_contradictions
  (id, first_id, second_id, first_hash, second_hash, first_quote, second_quote, first_text, second_text, why, model,
   state, found_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12)`
const dropPair = 'delete from knowledge_pairs where first_id = $1 and second_id = $2'
const dropRefusal = 'delete from knowledge_refusals where first_id = $1 and second_id = $2'
const listRefusals = 'select * from knowledge_refusals order by refused_at desc, first_id, second_id'
const keepRefusal = `
insert into knowledge_refusals (first_id, second_id, first_hash, second_hash, why, models, refused_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (first_id, second_id) do update set first_hash = excluded.first_hash, second_hash = excluded.second_hash,
  why = excluded.why, models = excluded.models, refused_at = excluded.refused_at`
const listFindings = `
select * from knowledge_contradictions where state = $1 order by found_at desc, id desc limit 1000`
const lockFinding = 'select * from knowledge_contradictions where id = $1 for update'
const settleFinding = `
update knowledge_contradictions set state = $2, settled_at = $3, settled_by = $4::jsonb, version = version + 1
where id = $1 returning *`

interface PairRow extends Row {
  readonly first_id: string
  readonly second_id: string
  readonly first_hash: string
  readonly second_hash: string
}

interface RefusalRow extends PairRow {
  readonly why: RefusedPair['why']
  readonly models: string
  readonly refused_at: Date
}

interface FindingRow extends PairRow {
  readonly id: string
  readonly first_quote: string
  readonly second_quote: string
  readonly first_text: string
  readonly second_text: string
  readonly why: string
  readonly model: string
  readonly state: ContradictionState
  readonly found_at: Date
  readonly settled_at: Date | null
  readonly settled_by: FeedbackActor | null
  readonly version: number
}

const toPair = (row: PairRow): ArticlePair => ({
  ...{ firstId: row.first_id, secondId: row.second_id },
  ...{ firstHash: row.first_hash, secondHash: row.second_hash },
})

const toFinding = (row: FindingRow): Contradiction => ({
  ...toPair(row),
  ...{ id: row.id, firstQuote: row.first_quote, secondQuote: row.second_quote, why: row.why },
  ...{ firstText: row.first_text, secondText: row.second_text },
  ...{ model: row.model, state: row.state, foundAt: row.found_at, version: row.version },
  ...(row.settled_at === null ? {} : { settledAt: row.settled_at }),
  ...(row.settled_by === null ? {} : { settledBy: row.settled_by }),
})

const noFinding = (): TongdaError =>
  new TongdaError('not_found', 'there is no such contradiction any more; load the list again')

/** Contradictions between articles, and the pairs that were compared. */
export const createContradictionStore = (database: Database): ContradictionStore => ({
  judged: async () => (await database.query<PairRow>(listPairs, [])).map(toPair),
  keep: ({ firstId, secondId, firstHash, secondHash }, { judgement, model }, now) =>
    database.transaction(async (query) => {
      await query(keepPair, [firstId, secondId, firstHash, secondHash, model, now])
      await query(dropFinding, [firstId, secondId])
      await query(dropRefusal, [firstId, secondId])
      if (judgement === undefined) return
      const { firstQuote, secondQuote, firstText, secondText, why } = judgement
      const pair = [firstId, secondId, firstHash, secondHash]
      const places = [firstQuote, secondQuote, firstText, secondText]
      await query(addFinding, [v7(), ...pair, ...places, why, model, now])
    }),
  refused: async () =>
    (await database.query<RefusalRow>(listRefusals, [])).map((row) => ({
      ...toPair(row),
      ...{ why: row.why, models: row.models, refusedAt: row.refused_at },
    })),
  refuse: ({ firstId, secondId, firstHash, secondHash }, { why, models }, now) =>
    database.transaction(async (query) => {
      await query(dropPair, [firstId, secondId])
      await query(dropFinding, [firstId, secondId])
      await query(keepRefusal, [firstId, secondId, firstHash, secondHash, why, models, now])
    }),
  forgetRefusals: async () => {
    await database.query('delete from knowledge_refusals', [])
  },
  list: async (state) => (await database.query<FindingRow>(listFindings, [state])).map(toFinding),
  settle: (id, to, { actor, version }, now) =>
    database.transaction(async (query) => {
      const [found] = validate(id) ? await query<FindingRow>(lockFinding, [id]) : []
      if (found === undefined) throw noFinding()
      checkVersion(found.version, version)
      if (found.state === to) return toFinding(found)
      const [row] = await query<FindingRow>(settleFinding, [id, to, now, toJson(actor)])
      if (row === undefined) throw noFinding()
      return toFinding(row)
    }),
})

const latestCheck = 'select * from knowledge_checks order by started_at desc, id desc limit 1'
const addCheck = `
insert into knowledge_checks (id, state, pairs, judged, found, by, started_at, updated_at)
values ($1, 'waiting', 0, 0, 0, $2::jsonb, $3, $3) returning *`
/** Only the latest is ever read. */
const dropChecks = 'delete from knowledge_checks where id <> $1'
const writeCheck = `
update knowledge_checks set state = $2, why = $3, pairs = $4, judged = $5, found = $6, updated_at = $7 where id = $1`

interface CheckRow extends Row {
  readonly id: string
  readonly state: ContradictionCheck['state']
  readonly why: PauseReason | null
  readonly pairs: number
  readonly judged: number
  readonly found: number
  readonly by: FeedbackActor
  readonly started_at: Date
  readonly updated_at: Date
}

const toCheck = (row: CheckRow): ContradictionCheck => ({
  ...{ id: row.id, state: row.state, pairs: row.pairs, judged: row.judged, found: row.found, by: row.by },
  ...{ startedAt: row.started_at, updatedAt: row.updated_at },
  ...(row.why === null ? {} : { why: row.why }),
})

/** Looks at all articles for contradictions: the latest counts. */
export const createContradictionChecks = (database: Database): ContradictionChecks => ({
  latest: async () => (await database.query<CheckRow>(latestCheck, [])).map(toCheck)[0],
  start: (by, now) =>
    database.transaction(async (query) => {
      const [row] = await query<CheckRow>(addCheck, [v7(), toJson(by), now])
      if (row === undefined) throw new Error('the check was not stored')
      await query(dropChecks, [row.id])
      return toCheck(row)
    }),
  progress: async (id, { state, why, pairs, judged, found }, now) => {
    await database.query(writeCheck, [id, state, why ?? null, pairs, judged, found, now])
  },
})
