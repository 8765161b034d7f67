import type { TicketAction } from '../core/automation.ts'
import { TongdaError } from '../core/errors.ts'
import { checkLine, checkTags, checkText, maxReasonCharacters } from '../tickets/index.ts'
import { checkNames } from './words.ts'

const refuse = (message: string): TongdaError => new TongdaError('bad_input', message)

const checkOne = (action: TicketAction): TicketAction => {
  switch (action.do) {
    case 'add-tags':
    case 'remove-tags':
      return { ...action, tags: checkTags(action.tags) }
    case 'hold':
      return { ...action, reason: checkLine('reason', action.reason, maxReasonCharacters) }
    case 'note':
    case 'reply':
      checkNames(action.text)
      return { ...action, text: checkText(action.text) }
    default:
      return action
  }
}

const once: readonly TicketAction['do'][] = ['set-priority', 'set-kind', 'set-topic', 'reply']
const states: readonly TicketAction['do'][] = ['hold', 'solve', 'queue']

/** Actions as they are kept. Throws `bad_input` when they contradict each other or a text names nothing. */
export const checkActions = (actions: readonly TicketAction[]): readonly TicketAction[] => {
  const count = (names: readonly TicketAction['do'][]): number =>
    actions.filter((action) => names.includes(action.do)).length
  const twice = once.find((name) => count([name]) > 1)
  if (twice !== undefined) throw refuse(`${twice} stands there twice; one of them is enough`)
  if (count(states) > 1) throw refuse(`of ${states.join(', ')} only one can be done at once; choose one`)
  return actions.map(checkOne)
}

/** Actions of a rule: what is said to contacts is the bot's business, or a person's. */
export const checkRuleActions = (actions: readonly TicketAction[]): readonly TicketAction[] => {
  if (actions.some((action) => action.do === 'reply'))
    throw refuse('a rule does not write to contacts; make it a macro, or an article or form of the bot')
  return checkActions(actions)
}
