import type { AgentDraft, AgentDrafts, DraftMode } from '../core/agent-drafts.ts'
import { TongdaError } from '../core/errors.ts'
import { toJson, type Database, type Row } from './database.ts'

interface DraftRow extends Row {
  readonly mode: DraftMode
  readonly text: string
  readonly files: AgentDraft['files']
  readonly draft_key: string
  readonly changed_at: Date
}

const fields = 'd.mode, d.text, d.files, d.draft_key, d.changed_at'

const toDraft = ({ mode, text, files, draft_key: key, changed_at: changedAt }: DraftRow): AgentDraft => ({
  ...{ mode, text, files, key, changedAt },
})

const list = `select ${fields} from agent_drafts d where d.agent_id = $1 and d.ticket_id = $2 order by d.mode`

// An empty draft has nothing to lose; times only grow, so that browsers can tell which one is newer.
const keep = `
insert into agent_drafts as d (agent_id, ticket_id, mode, text, files, draft_key, changed_at)
select $1, t.id, $3, $4, $5::jsonb, $6, $7::timestamptz from tickets t where t.id = $2
on conflict (agent_id, ticket_id, mode) do update set text = excluded.text, files = excluded.files,
  draft_key = excluded.draft_key, changed_at = greatest(excluded.changed_at, d.changed_at + interval '1 millisecond')
where d.changed_at = $8::timestamptz or d.draft_key = excluded.draft_key
  or (d.text = excluded.text and d.files = excluded.files) or (d.text = '' and d.files = '[]'::jsonb)
returning ${fields}`

/** Drafts of agents on one database. */
export const createAgentDrafts = ({ query }: Database): AgentDrafts => {
  const of = async (agentId: string, ticketId: string): Promise<readonly AgentDraft[]> =>
    (await query<DraftRow>(list, [agentId, ticketId])).map(toDraft)
  return {
    of,
    keep: async ({ agentId, ticketId, mode, text, files, key, seen }, now) => {
      const values = [agentId, ticketId, mode, text, toJson(files), key, now, seen ?? null]
      const [kept] = await query<DraftRow>(keep, values)
      if (kept !== undefined) return { outcome: 'kept', draft: toDraft(kept) }
      const other = (await of(agentId, ticketId)).find((draft) => draft.mode === mode)
      if (other === undefined) throw new TongdaError('not_found', 'there is no such ticket')
      return { outcome: 'other', draft: other }
    },
  }
}
