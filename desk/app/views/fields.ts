import type { SavedView, ViewBody } from '../api/desk.ts'

export type Filter = ViewBody['filter']

/** As the form has it; `holder`: `any`, `me`, `nobody`, `somebody` or `agent:<id>`. */
export interface ViewFields extends Pick<
  Filter,
  'states' | 'kinds' | 'priorities' | 'inboxes' | 'teams' | 'tags'
> {
  readonly name: string
  /** Who has it in their list: `me`, `all` or `team:<id>`. */
  readonly share: string
  readonly order: SavedView['order']
  readonly holder: string
  readonly topic: string
  /** Null: whatever they are. */
  readonly waitingMinutes: number | null
  readonly dueMinutes: number | null
}

const agentMark = 'agent:'
export const agentOption = (id: string): string => `${agentMark}${id}`

const teamMark = 'team:'
export const teamOption = (id: string): string => `${teamMark}${id}`

const shareOf = ({ shared, teamId }: SavedView): string => {
  if (shared) return 'all'
  return teamId === undefined ? 'me' : teamOption(teamId)
}

const holderOf = ({ holder }: Filter): string => {
  if (holder === undefined) return 'any'
  return holder.who === 'agent' ? agentOption(holder.agentId) : holder.who
}

/** What the form shows of a view; undefined: of a new one. */
export const fieldsOf = (view: SavedView | undefined): ViewFields => {
  const filter: Filter = view?.filter ?? {
    ...{ states: [], kinds: [], priorities: [], inboxes: [], teams: [], tags: [] },
  }
  const { states, kinds, priorities, inboxes, teams, tags, topic, waitingMinutes, dueMinutes } = filter
  return {
    ...{
      name: view?.name ?? '',
      share: view === undefined ? 'me' : shareOf(view),
      order: view?.order ?? 'due',
    },
    ...{ states, kinds, priorities, inboxes, teams, tags, holder: holderOf(filter) },
    ...{ topic: topic ?? '', waitingMinutes: waitingMinutes ?? null, dueMinutes: dueMinutes ?? null },
  }
}

const readHolder = (text: string): Filter['holder'] => {
  if (text.startsWith(agentMark)) return { who: 'agent', agentId: text.slice(agentMark.length) }
  return text === 'me' || text === 'nobody' || text === 'somebody' ? { who: text } : undefined
}

/** The filter that the form describes. */
export const filterOf = (fields: ViewFields): Filter => {
  const { states, kinds, priorities, inboxes, teams, tags, waitingMinutes, dueMinutes } = fields
  const holder = readHolder(fields.holder)
  const topic = fields.topic.trim()
  return {
    ...{ states, kinds, priorities, inboxes, teams, tags },
    ...(holder === undefined ? {} : { holder }),
    ...(topic === '' ? {} : { topic }),
    ...(waitingMinutes === null ? {} : { waitingMinutes }),
    ...(dueMinutes === null ? {} : { dueMinutes }),
  }
}

export const bodyOf = (fields: ViewFields): ViewBody => ({
  ...{ name: fields.name.trim(), order: fields.order, filter: filterOf(fields) },
  shared: fields.share === 'all',
  teamId: fields.share.startsWith(teamMark) ? fields.share.slice(teamMark.length) : null,
})
