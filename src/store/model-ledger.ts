import { v7 as uuid } from 'uuid'
import type { ModelLedger, ModelSpending } from '../core/model-ledger.ts'
import type { Database, Row } from './database.ts'

const addCall = `
insert into model_calls
  (id, at, purpose, model, conversation_id, input_tokens, output_tokens, cost_micros, ms, outcome)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

const sumOf = (where: string): string => `
select coalesce(sum(input_tokens::bigint + output_tokens), 0)::float8 as tokens,
  coalesce(sum(cost_micros), 0)::float8 as cost_micros
from model_calls where ${where}`

const ofShare = 'at >= $1 and conversation_id = $2 and purpose = any($3)'

const retireCalls = 'delete from model_calls where at < $1'

interface SumRow extends Row {
  readonly tokens: number
  readonly cost_micros: number
}

const toSpending = ([row]: readonly SumRow[]): ModelSpending => ({
  tokens: row?.tokens ?? 0,
  costMicros: row?.cost_micros ?? 0,
})

/** What language models took, on one database: by it all nodes keep to the same budget, also after a restart. */
export const createModelLedger = ({ query }: Pick<Database, 'query'>): ModelLedger => ({
  record: async (call) => {
    await query(addCall, [
      ...[uuid(), call.at, call.purpose, call.model, call.conversationId ?? null],
      ...[call.inputTokens, call.outputTokens, call.costMicros, call.ms, call.outcome],
    ])
  },
  spent: async (since, share) => ({
    day: toSpending(await query<SumRow>(sumOf('at >= $1'), [since])),
    conversation:
      share === undefined
        ? { tokens: 0, costMicros: 0 }
        : toSpending(await query<SumRow>(sumOf(ofShare), [since, share.conversationId, share.purposes])),
  }),
  retire: async (before) => {
    await query(retireCalls, [before])
  },
})
