import { TongdaError } from '../core/errors.ts'
import { usualPreferences, type Preferences, type PreferenceStore } from '../core/preferences.ts'
import type { Database, Row } from './database.ts'

interface PreferenceRow extends Row {
  readonly preferences: Preferences
}

const set = `
insert into agent_preferences (agent_id, preferences, updated_at)
select id, $2::text::jsonb, $3 from agents where id = $1
on conflict (agent_id) do update set preferences = excluded.preferences, updated_at = excluded.updated_at
returning agent_id`

/** What agents prefer, on one database. */
export const createPreferenceStore = ({ query }: Database): PreferenceStore => ({
  get: async (agentId) => {
    const [row] = await query<PreferenceRow>(
      'select preferences from agent_preferences where agent_id = $1',
      [agentId],
    )
    return row?.preferences ?? usualPreferences
  },
  set: async (agentId, preferences, now) => {
    const rows = await query(set, [agentId, JSON.stringify(preferences), now])
    if (rows.length === 0) throw new TongdaError('not_found', 'there is no such agent')
  },
})
