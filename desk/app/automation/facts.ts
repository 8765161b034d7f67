import type { Schemas } from '../api/v1.ts'

export type Rule = Schemas['Rule']
export type Macro = Schemas['Macro']
export type Action = Schemas['TicketAction']
export type Condition = Schemas['TicketCondition']
export type Change = Rule['on'][number]

/** Words of a ticket's history that a rule reacts to. */
export const changes = [
  'opened',
  'contact-wrote',
  'taken',
  'replied',
  'noted',
  'handed-back',
  'solved',
  'reopened',
  'closed',
  'changed',
  'routed',
  'assigned',
  'unassigned',
  'transferred',
  'held',
  'resumed',
  'promise-in-danger',
  'promise-broken',
  'withdrawn',
  'moved',
  'merged',
  'absorbed',
  'split',
  'linked',
  'unlinked',
] as const satisfies readonly Change[]

export const conditionFacts = [
  'kind',
  'topic',
  'priority',
  'state',
  'channel',
  'inbox',
  'tier',
  'tag',
  'team',
  'assigned',
  'title',
  'field',
] as const satisfies readonly Condition['fact'][]

export const operators = ['is', 'is-not', 'contains'] as const satisfies readonly Condition['op'][]

export const kinds = ['question', 'complaint', 'feedback', 'appeal', 'incident-report'] as const
export const priorities = ['normal', 'high', 'urgent'] as const
export const states = ['new', 'open', 'pending', 'on_hold', 'solved', 'closed'] as const

/** What is done, as the form offers it. */
export const deeds = [
  'set-priority',
  'set-kind',
  'set-topic',
  'add-tags',
  'remove-tags',
  'set-field',
  'queue',
  'hold',
  'solve',
  'note',
  'reply',
] as const satisfies readonly Action['do'][]

/** One action of a form: whatever its kind needs stands in one of these. */
export interface TypedAction {
  readonly do: Action['do']
  readonly priority?: (typeof priorities)[number]
  readonly kind?: (typeof kinds)[number]
  readonly topic?: string
  readonly tags?: readonly string[]
  readonly field?: string
  readonly value?: string | number | boolean | null
  readonly teamId?: string
  readonly reason?: string
  readonly hours?: number | null
  readonly text?: string
}

/** What is kept of a typed value: numbers and yes and no are what they look like, nothing takes the field away. */
const valueOf = (value: TypedAction['value']): string | number | boolean | null => {
  if (typeof value !== 'string') return value ?? null
  const text = value.trim()
  if (text === '') return null
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : text
}

/** An action as the API takes it. The form has seen to it that what the kind needs is there. */
export const actionOf = (typed: TypedAction): Action => {
  const { priority = 'normal', kind = 'question', topic = '', tags = [], field = '' } = typed
  const { teamId = '', reason = '', hours, text = '' } = typed
  switch (typed.do) {
    case 'set-priority':
      return { do: typed.do, priority }
    case 'set-kind':
      return { do: typed.do, kind }
    case 'set-topic':
      return { do: typed.do, topic: topic.trim() }
    case 'add-tags':
    case 'remove-tags':
      return { do: typed.do, tags: [...tags] }
    case 'set-field':
      return { do: typed.do, field: field.trim(), value: valueOf(typed.value) }
    case 'queue':
      return { do: typed.do, teamId }
    case 'hold':
      return { do: typed.do, reason: reason.trim(), ...(hours == null ? {} : { hours }) }
    case 'solve':
      return { do: typed.do }
    case 'note':
    case 'reply':
      return { do: typed.do, text: text.trim() }
    default:
      return typed.do satisfies never
  }
}
