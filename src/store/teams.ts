import { validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { Team, TeamFacts, TeamStore } from '../core/queue.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { keyedId } from './keyed-id.ts'
import { recordAudit } from './record-audit.ts'

interface TeamRow extends Row {
  readonly id: string
  readonly name_zh: string
  readonly name_en: string
  readonly spread: Team['spread']
  readonly is_default: boolean
  readonly kinds: Team['takes']['kinds']
  readonly topics: readonly string[]
  readonly priorities: Team['takes']['priorities']
  readonly channels: Team['takes']['channels']
  readonly skills: Readonly<Record<string, string>>
  readonly created_at: Date
  readonly updated_at: Date
  readonly version: number
}

const fields = `id, name_zh, name_en, spread, is_default, kinds, topics, priorities, channels, skills, created_at,
  updated_at, version`

const toTeam = (row: TeamRow): Team => {
  const { kinds, topics, priorities, channels } = row
  return {
    id: row.id,
    name: { zh: row.name_zh, en: row.name_en },
    spread: row.spread,
    takes: { kinds, topics, priorities, channels },
    skills: row.skills,
    isDefault: row.is_default,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  }
}

const unknown = (): TongdaError =>
  new TongdaError('not_found', 'there is no such team; it may have been removed')

/** The row of a team that was not removed. Throws `not_found`. */
const find = async (query: Query, teamId: string, lock = ''): Promise<TeamRow> => {
  const [row] = validate(teamId)
    ? await query<TeamRow>(`select ${fields} from teams where id = $1 and retired_at is null ${lock}`, [
        teamId,
      ])
    : []
  if (row === undefined) throw unknown()
  return row
}

/** Throws `not_found` unless the team is there; it stays until the transaction ends. */
export const checkTeam = async (query: Query, teamId: string): Promise<void> => {
  await find(query, teamId, 'for share')
}

const valuesOf = ({ name, spread, isDefault, takes, skills }: TeamFacts): readonly unknown[] => [
  name.zh,
  name.en,
  spread,
  isDefault,
  [...takes.kinds],
  [...takes.topics],
  [...takes.priorities],
  [...takes.channels],
  toJson(skills),
]

const insert = `
insert into teams as t (id, name_zh, name_en, spread, is_default, kinds, topics, priorities, channels, skills, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $11)
on conflict (id) do update set version = t.version returning ${fields}`

const update = `
update teams set name_zh = $2, name_en = $3, spread = $4, is_default = $5, kinds = $6, topics = $7, priorities = $8,
  channels = $9, skills = $10::jsonb, updated_at = $11, version = version + 1
where id = $1 returning ${fields}`

const stepDown = `
update teams set is_default = false, updated_at = $2, version = version + 1
where is_default and retired_at is null and id <> $1`

/** Writes one team; the default team before it steps down. */
const write = async (
  query: Query,
  text: string,
  { id, facts, now }: { readonly id: string; readonly facts: TeamFacts; readonly now: Date },
): Promise<Team> => {
  if (facts.isDefault) await query(stepDown, [id, now])
  const [row] = await query<TeamRow>(text, [id, ...valuesOf(facts), now])
  if (row === undefined) throw unknown()
  return toTeam(row)
}

/** Teams change seldom: one at a time, so that two that become the default one do not meet. */
const lockTeams = 'lock table teams in share row exclusive mode'

const change = async (
  query: Query,
  teamId: string,
  { facts, expectedVersion }: Parameters<TeamStore['change']>[1],
  now: Date,
): Promise<Team> => {
  await query(lockTeams)
  const before = toTeam(await find(query, teamId))
  if (expectedVersion !== undefined && expectedVersion !== before.version)
    throw new TongdaError('conflict', 'the team was changed meanwhile; look at what is new, then try again', {
      version: before.version,
      yours: expectedVersion,
    })
  const team = await write(query, update, { id: teamId, facts: { ...before, ...facts }, now })
  await recordAudit(query, {
    act: 'team.changed',
    object: { kind: 'team', id: teamId },
    detail: { name: team.name.zh, changed: Object.keys(facts) },
  })
  return team
}

/** What waits is routed anew; whoever has a ticket keeps it. */
const freeTickets = `
update tickets set team_id = null, queued_at = null where team_id = $1 and state not in ('solved', 'closed')`

const remove = async (query: Query, teamId: string, now: Date): Promise<void> => {
  await query(lockTeams)
  await find(query, teamId)
  await query('delete from team_members where team_id = $1', [teamId])
  await query(freeTickets, [teamId])
  await query('update teams set retired_at = $2, version = version + 1 where id = $1', [teamId, now])
  await recordAudit(query, { act: 'team.removed', object: { kind: 'team', id: teamId } })
}

/** The teams of one database. */
export const createTeamStore = (database: Database): TeamStore => {
  const { query } = database
  return {
    list: async () =>
      (await query<TeamRow>(`select ${fields} from teams where retired_at is null order by name_zh, id`)).map(
        toTeam,
      ),
    get: async (teamId) => toTeam(await find(query, teamId)),
    create: (facts, now, idempotencyKey) =>
      database.transaction(async (within) => {
        await within(lockTeams)
        const team = await write(within, insert, { id: keyedId(idempotencyKey), facts, now })
        await recordAudit(within, {
          act: 'team.created',
          object: { kind: 'team', id: team.id },
          detail: { name: team.name.zh },
        })
        return team
      }),
    change: (teamId, wanted, now) => database.transaction((within) => change(within, teamId, wanted, now)),
    remove: (teamId, now) =>
      retryCollisions(() => database.transaction((within) => remove(within, teamId, now))),
  }
}
