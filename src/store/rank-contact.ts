import type { Database } from './database.ts'

// What is owed to the contact is reckoned again: another tier may have other terms.
const rank = `
with ranked as (
  update contacts p set tier = $3 from contact_identities i
  where i.inbox_id = $1 and i.contact_key = $2 and p.id = i.contact_id and p.tier is distinct from $3
  returning p.id
)
update tickets t set reckoned_version = 0, updated_at = now() from ranked
where t.contact_id = ranked.id and t.state not in ('solved', 'closed')`

/** Ranks the contact who is reached so; nothing happens where nobody is. */
export const createRankContact =
  ({ query }: Database) =>
  async (inboxId: string, contactKey: string, tier: string): Promise<void> => {
    await query(rank, [inboxId, contactKey, tier])
  }
