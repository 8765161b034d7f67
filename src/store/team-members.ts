import { permissions, roles, type Role } from '../core/agent.ts'
import { TongdaError } from '../core/errors.ts'
import type { Grade, TeamMember, TeamMembers } from '../core/queue.ts'
import type { Database, Query, Row } from './database.ts'
import { recordAudit } from './record-audit.ts'
import { checkTeam } from './teams.ts'

/** Roles that work tickets. */
export const workingRoles: readonly Role[] = roles.filter((role) => permissions[role].includes('ticket.take'))

interface MemberRow extends Row {
  readonly team_id: string
  readonly agent_id: string
  readonly agent_name: string
  readonly grade: Grade
  readonly skills: readonly string[]
}

const toMember = (row: MemberRow): TeamMember => ({
  teamId: row.team_id,
  agentId: row.agent_id,
  agentName: row.agent_name,
  grade: row.grade,
  skills: row.skills,
})

/** Throws `not_found`; `bad_input` when the agent's role works no tickets. */
export const checkAgent = async (query: Query, agentId: string): Promise<void> => {
  const [agent] = await query<{ role: Role }>(
    'select role from agents where id = $1 and deactivated_at is null for share',
    [agentId],
  )
  if (agent === undefined) throw new TongdaError('not_found', 'there is no such agent')
  if (!workingRoles.includes(agent.role))
    throw new TongdaError('bad_input', `the role ${agent.role} works no tickets; name somebody who does`)
}

const list = `
select m.team_id, m.agent_id, g.name as agent_name, m.grade, m.skills
from team_members m join agents g on g.id = m.agent_id where m.team_id = $1 order by g.name, m.agent_id`

const put = `
with written as (
  insert into team_members (team_id, agent_id, grade, skills) values ($1, $2, $3, $4)
  on conflict (team_id, agent_id) do update set grade = excluded.grade, skills = excluded.skills
  returning team_id, agent_id, grade, skills
)
select w.*, g.name as agent_name from written w join agents g on g.id = w.agent_id`

/** Who is in which team, on one database. */
export const createTeamMembers = (database: Database): TeamMembers => ({
  list: async (teamId) => {
    await checkTeam(database.query, teamId)
    return (await database.query<MemberRow>(list, [teamId])).map(toMember)
  },
  put: ({ teamId, agentId, grade, skills }) =>
    database.transaction(async (query) => {
      await checkTeam(query, teamId)
      await checkAgent(query, agentId)
      const [row] = await query<MemberRow>(put, [teamId, agentId, grade, [...new Set(skills)]])
      if (row === undefined) throw new Error('a member was not stored')
      await recordAudit(query, {
        act: 'member.put',
        object: { kind: 'team', id: teamId },
        detail: { agentId, grade, skills: row.skills },
      })
      return toMember(row)
    }),
  remove: (teamId, agentId) =>
    database.transaction(async (query) => {
      await checkTeam(query, teamId)
      const gone = await query(
        'delete from team_members where team_id = $1 and agent_id = $2 returning agent_id',
        [teamId, agentId],
      )
      if (gone.length === 0) throw new TongdaError('not_found', 'this agent is not in the team')
      await recordAudit(query, {
        act: 'member.removed',
        object: { kind: 'team', id: teamId },
        detail: { agentId },
      })
    }),
})
