import { useLanguage } from '../words/index.ts'
import { useWords, type WordKey } from '../words/automation.ts'
import type { Action, Condition } from './facts.ts'
import { useTeams } from './use-automation.ts'

/** Puts conditions and actions into sentences. */
export const useTelling = () => {
  const t = useWords()
  const language = useLanguage((state) => state.language)
  const { data: teams = [] } = useTeams()
  const known = <Key extends WordKey>(keys: Readonly<Record<string, Key>>, value: string): string => {
    const key = keys[value]
    return key === undefined ? value : t(key)
  }
  const teamName = (id: string): string => teams.find((team) => team.id === id)?.name[language] ?? id
  const valueName = ({ fact }: Condition, value: string): string => {
    switch (fact) {
      case 'kind':
        return known(kindKeys, value)
      case 'priority':
        return known(priorityKeys, value)
      case 'state':
        return known(stateKeys, value)
      case 'assigned':
        return known({ yes: 'rules.yes', no: 'rules.no' }, value)
      case 'team':
        return teamName(value)
      default:
        return value
    }
  }
  return {
    condition: (condition: Condition): string =>
      [
        t(`rules.fact.${condition.fact}`),
        condition.name ?? '',
        t(`rules.op.${condition.op}`),
        condition.values.map((value) => valueName(condition, value)).join(t('rules.or')),
      ]
        .filter((part) => part !== '')
        .join(' '),
    action: (action: Action): string => {
      const name = t(`rules.do.${action.do}`)
      switch (action.do) {
        case 'set-priority':
          return `${name} ${t(`priority.${action.priority}`)}`
        case 'set-kind':
          return `${name} ${t(`kind.${action.kind}`)}`
        case 'set-topic':
          return `${name} ${action.topic}`
        case 'add-tags':
        case 'remove-tags':
          return `${name} ${action.tags.join(' ')}`
        case 'set-field':
          return `${name} ${action.field} = ${String(action.value ?? t('rules.nothing'))}`
        case 'queue':
          return `${name} ${teamName(action.teamId)}`
        case 'hold':
          return `${name} ${action.reason}${action.hours === undefined ? '' : ` ${t('rules.hours.n', { n: action.hours })}`}`
        case 'solve':
          return name
        case 'note':
        case 'reply':
          return `${name} “${action.text}”`
        default:
          return action satisfies never
      }
    },
  }
}

const kindKeys = {
  question: 'kind.question',
  complaint: 'kind.complaint',
  feedback: 'kind.feedback',
  appeal: 'kind.appeal',
  'incident-report': 'kind.incident-report',
} as const
const priorityKeys = {
  normal: 'priority.normal',
  high: 'priority.high',
  urgent: 'priority.urgent',
} as const
const stateKeys = {
  new: 'state.new',
  open: 'state.open',
  pending: 'state.pending',
  on_hold: 'state.on_hold',
  solved: 'state.solved',
  closed: 'state.closed',
} as const
