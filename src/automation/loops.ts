import type { Rule, RuleFacts, TicketAction, TicketCondition } from '../core/automation.ts'
import { TongdaError } from '../core/errors.ts'
import type { TicketChangeName } from '../core/ticket.ts'

type Sample = Pick<Rule, 'id' | 'name' | 'on' | 'when' | 'actions'>

/** What an action sets, as conditions read it. */
const factOf = (action: TicketAction): readonly [fact: string, value: string] | undefined => {
  switch (action.do) {
    case 'set-priority':
      return ['priority', action.priority]
    case 'set-kind':
      return ['kind', action.kind]
    case 'set-topic':
      return ['topic', action.topic]
    case 'set-field':
      return [`field ${action.field}`, action.value === null ? '' : String(action.value)]
    case 'queue':
      return ['team', action.teamId]
    case 'hold':
      return ['state', 'on_hold']
    case 'solve':
      return ['state', 'solved']
    default:
      return undefined
  }
}

/** Every word of history that a rule's actions may leave, by themselves or by what they set going. */
const leaves = ({ actions }: Sample): ReadonlySet<TicketChangeName> => {
  const does = (name: TicketAction['do']): boolean => actions.some((action) => action.do === name)
  return new Set<TicketChangeName>([
    'changed',
    ...(does('solve') ? (['solved'] as const) : []),
    ...(does('hold') ? (['held', 'resumed'] as const) : []),
    ...(does('queue') ? (['transferred', 'assigned'] as const) : []),
    ...(does('note') ? (['noted'] as const) : []),
  ])
}

/** Whether a condition cannot be so once these actions are done. */
const excludes = (actions: readonly TicketAction[], { fact, name, op, values }: TicketCondition): boolean => {
  if (op === 'contains') return false
  if (fact === 'tag')
    return actions.some(
      (action) =>
        (action.do === 'add-tags' && op === 'is-not' && action.tags.some((tag) => values.includes(tag))) ||
        (action.do === 'remove-tags' && op === 'is' && values.every((tag) => action.tags.includes(tag))),
    )
  const wanted = fact === 'field' ? `field ${name ?? ''}` : fact
  // The last one that sets it counts.
  const set = actions.map(factOf).findLast((one) => one?.[0] === wanted)
  if (set === undefined) return false
  return values.includes(set[1]) !== (op === 'is')
}

/** Whether what one rule does can set another going. */
const sets = (one: Sample, other: Sample): boolean => {
  const left = leaves(one)
  return (
    other.on.some((change) => left.has(change)) &&
    !other.when.some((condition) => excludes(one.actions, condition))
  )
}

/** Everything that a rule can set going, itself perhaps among it. */
const reach = (from: Sample, rules: readonly Sample[]): ReadonlySet<Sample> => {
  const reached = new Set<Sample>()
  const look = (rule: Sample): void => {
    for (const next of rules)
      if (!reached.has(next) && sets(rule, next)) {
        reached.add(next)
        look(next)
      }
  }
  look(from)
  return reached
}

/** Done again it is done again: there is no state in which it has nothing more to do. */
const neverRests = ({ actions }: Sample): boolean =>
  actions.some((action) => action.do === 'note' || action.do === 'queue')

const tagsOf = ({ actions }: Sample, what: 'add-tags' | 'remove-tags'): readonly string[] =>
  actions.flatMap((action) => (action.do === what ? action.tags : []))

/** Whether two rules undo what the other does. */
const disagree = (one: Sample, other: Sample): boolean => {
  const facts = new Map(
    one.actions.flatMap((action) => [factOf(action)].filter((fact) => fact !== undefined)),
  )
  const differs = other.actions.some((action) => {
    const fact = factOf(action)
    const mine = fact === undefined ? undefined : facts.get(fact[0])
    return mine !== undefined && mine !== fact?.[1]
  })
  const removed = tagsOf(other, 'remove-tags')
  return differs || tagsOf(one, 'add-tags').some((tag) => removed.includes(tag))
}

const endless = (loop: readonly Sample[]): boolean =>
  loop.some(neverRests) || loop.some((one) => loop.some((other) => one !== other && disagree(one, other)))

/**
 * Throws `bad_input`, naming the rules, when with this rule some could set each other going without end. Rules that set
 * each other going and come to rest, because what they do is done then, may.
 */
export const checkLoops = (rule: Pick<Rule, 'id'> & RuleFacts, others: readonly Rule[]): void => {
  if (!rule.enabled) return
  const rules: readonly Sample[] = [rule, ...others.filter(({ id, enabled }) => enabled && id !== rule.id)]
  const loop = [...reach(rule, rules)].filter((one) => one === rule || reach(one, rules).has(rule))
  if (!loop.includes(rule) || !endless(loop)) return
  const names = loop.map(({ name }) => `“${name}”`).join(', ')
  throw new TongdaError(
    'bad_input',
    `this would never end: ${names} set each other going again and again; narrow what they react to (on, when), or what they do`,
    { rules: loop.map(({ name }) => name) },
  )
}
