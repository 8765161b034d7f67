import { randomUUID } from 'node:crypto'
import type { Claim, Decision, DialogueState } from '../core/conversation.ts'
import type { Part } from '../core/message.ts'
import type { PendingToolCall } from '../core/tool-call.ts'
import type { PreparedCall } from './toolbox.ts'
import { cancelWords, confirmWords, listGiven, wordsIn } from './words.ts'
import type { Spoken } from '../core/understanding.ts'

/** Milliseconds for which a call waits for its confirmation, and typed words may be about one that was made. */
const waitMs = 600_000
/** Until when words typed from now on may be about a call. */
export const typedUntil = (now: Date): string => new Date(now.getTime() + waitMs).toISOString()

const mark = 'tool:'
const confirmId = (id: string): string => `${mark}confirm:${id}`
const cancelId = (id: string): string => `${mark}cancel:${id}`

/**
 * What a contact says to the call that waits, or to one that waits no more; `id` is that call's. `early`: written before the
 * question was there, and so no word on it.
 */
export interface Word {
  readonly kind: 'confirm' | 'cancel' | 'early' | 'stale'
  readonly id: string
}

const typed = (text: string): string =>
  text
    .normalize('NFKC')
    .trim()
    .replace(/[。.!！~～]+$/u, '')
    .toLowerCase()

const press = /^tool:(?<word>confirm|cancel):(?<id>.{1,60})$/u

const pressed = (value: string, open: PendingToolCall | undefined): Word | undefined => {
  const { word, id } = press.exec(value)?.groups ?? {}
  if (word === undefined || id === undefined) return undefined
  if (id !== open?.id) return { kind: 'stale', id }
  return { kind: word === 'confirm' ? 'confirm' : 'cancel', id }
}

type Talked = Pick<DialogueState, 'toolCall' | 'toolDone'>

const read = (part: Part, { toolCall, toolDone }: Talked, isEarly: boolean): Word | undefined => {
  if (part.kind === 'event' && part.name === 'choice') return pressed(part.value ?? '', toolCall)
  if (part.kind !== 'text') return undefined
  const said = typed(part.text)
  if (toolCall === undefined)
    return toolDone !== undefined && confirmWords.has(said) ? { kind: 'stale', id: toolDone.id } : undefined
  if (!confirmWords.has(said) && !cancelWords.has(said)) return undefined
  if (isEarly) return { kind: 'early', id: toolCall.id }
  return { kind: confirmWords.has(said) ? 'confirm' : 'cancel', id: toolCall.id }
}

/** What typed words may be about: not a call that was made, once it is long ago or they mean something else. */
const talkedOf = ({ toolCall, toolDone }: DialogueState, decision: Decision, now: Date): Talked => {
  if (toolCall !== undefined) return { toolCall }
  const meansOther = decision.survey !== undefined || decision.escalation !== undefined
  const isOver = toolDone?.until === undefined || now.getTime() >= Date.parse(toolDone.until)
  return meansOther || isOver ? {} : { toolDone }
}

/** The contact's word on the call that waits, or that was confirmed last. Whoever says anything else besides has confirmed nothing. */
export const wordOn = (
  { dialogue, pending, lastSaidSeq = 0 }: Claim,
  decision: Decision,
  now: Date,
): Word | undefined => {
  const { toolCall } = dialogue
  const talked = talkedOf(dialogue, decision, now)
  const said = pending.flatMap(({ parts, seq }) => parts.map((part) => read(part, talked, seq < lastSaidSeq)))
  const inTime = said.filter((one) => one?.kind !== 'early')
  const words = inTime.length === 0 ? said : inTime
  const [first] = words
  if (first === undefined || words.some((one) => one?.kind !== first.kind || one.id !== first.id))
    return undefined
  const isLate = toolCall !== undefined && now.getTime() >= Date.parse(toolCall.until)
  return isLate && first.kind === 'confirm' ? { kind: 'stale', id: first.id } : first
}

/** The question whether to go on, and what the dialogue keeps of it: arguments as they are shown, and one id. */
export const askConfirmation = (
  { tool, given }: Pick<PreparedCall, 'tool' | 'given'>,
  spoken: Spoken,
  now: Date,
): { readonly say: readonly Part[]; readonly state: Pick<DialogueState, 'toolCall' | 'offered'> } => {
  const words = wordsIn(spoken)
  const id = randomUUID()
  const choices = [
    { id: confirmId(id), label: words.confirm },
    { id: cancelId(id), label: words.cancel },
  ]
  const title = spoken === 'en' ? tool.title.en : tool.title.zh
  return {
    say: [{ kind: 'choices', prompt: words.ask(title, listGiven(tool, given, spoken)), choices }],
    state: { offered: choices, toolCall: { id, tool: tool.name, given, until: typedUntil(now) } },
  }
}
