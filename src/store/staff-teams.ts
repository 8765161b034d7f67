import type { AgentRow } from './agents.ts'
import type { Query } from './database.ts'
import { recordAudit } from './record-audit.ts'
import { workingRoles } from './team-members.ts'

// Teams that were removed meanwhile are passed over; who is in one already keeps grade and skills.
const join = `
insert into team_members (team_id, agent_id, grade, skills)
select t.id, $1, 'agent', '{}' from teams t where t.id = any($2::uuid[]) and t.retired_at is null
on conflict (team_id, agent_id) do nothing returning team_id`

const recordJoined = async (query: Query, agentId: string, teamIds: readonly string[]): Promise<void> => {
  for (const id of teamIds)
    await recordAudit(query, {
      ...{ act: 'member.put', object: { kind: 'team', id } },
      detail: { agentId, grade: 'agent', skills: [] },
    })
}

/** Takes somebody whose role works tickets into teams. */
export const joinTeams = async (
  query: Query,
  { id: agentId, role }: Pick<AgentRow, 'id' | 'role'>,
  teamIds: readonly string[],
): Promise<void> => {
  if (!workingRoles.some((working) => working === role)) return
  const joined = await query<{ team_id: string }>(join, [agentId, [...teamIds]])
  await recordJoined(
    query,
    agentId,
    joined.map(({ team_id: id }) => id),
  )
}

/** Takes somebody out of all teams but these. */
export const leaveOtherTeams = async (
  query: Query,
  agentId: string,
  teamIds: readonly string[],
): Promise<void> => {
  const left = await query<{ team_id: string }>(
    'delete from team_members where agent_id = $1 and not team_id = any($2::uuid[]) returning team_id',
    [agentId, [...teamIds]],
  )
  for (const { team_id: id } of left)
    await recordAudit(query, { act: 'member.removed', object: { kind: 'team', id }, detail: { agentId } })
}
