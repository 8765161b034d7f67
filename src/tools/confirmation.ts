import { randomUUID } from 'node:crypto'
import type { Claim, Decision, DialogueState } from '../core/conversation.ts'
import type { Part } from '../core/message.ts'
import type { AskedQuestion, PendingToolCall } from '../core/tool-call.ts'
import type { PreparedCall } from './toolbox.ts'
import { cancelWords, confirmWords, listGiven, wordsIn, yesWords } from './words.ts'
import type { Spoken } from '../core/understanding.ts'

/** Milliseconds for which a call waits for its confirmation, and typed words may be about one that was made. */
const waitMs = 600_000
/** Until when words typed from now on may be about a call. */
export const typedUntil = (now: Date): string => new Date(now.getTime() + waitMs).toISOString()

const mark = 'tool:'
const confirmId = (id: string): string => `${mark}confirm:${id}`
const cancelId = (id: string): string => `${mark}cancel:${id}`

/**
 * What a contact says to the call that waits, or to one that waits no more; `id` is that call's. No word on it are `early`,
 * which came before the question was put, and `unseen`, which came before the channel had taken it.
 */
export interface Word {
  readonly kind: 'confirm' | 'cancel' | 'early' | 'unseen' | 'stale'
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

type Talked = Pick<DialogueState, 'toolCall' | 'toolDone'> & {
  /** A number means one of the choices that were offered since. */
  readonly isPicking?: boolean
}

/**
 * The place after which words are about what was asked. Where no question is known to have come, one whose arrival is uncertain is
 * not enough; whoever was asked again then is heard, or a provider that confirms nothing would lock them out.
 */
const shownSeqOf = (questions: readonly AskedQuestion[]): number => {
  const shown = questions.flatMap(({ shownSeq }) => (shownSeq === undefined ? [] : [shownSeq]))
  if (shown.length > 0) return Math.min(...shown)
  const isAskedAgain = questions.length > 1 && questions.some(({ mayStand }) => mayStand)
  return isAskedAgain ? (questions.at(-1)?.seq ?? Infinity) : Infinity
}

/** What a typed word at `seq` came too soon for; undefined: it came in time. Where nothing tells, it did. */
const tooSoon = (questions: readonly AskedQuestion[], seq: number): 'early' | 'unseen' | undefined => {
  const [first] = questions
  if (first === undefined || seq > shownSeqOf(questions)) return undefined
  // What waits for this very request comes with it.
  return seq < first.seq || questions.some(({ ridesNext }) => ridesNext) ? 'early' : 'unseen'
}

const read = (
  part: Part,
  { toolCall, toolDone, isPicking = false }: Talked,
  soon: ReturnType<typeof tooSoon>,
): Word | undefined => {
  if (part.kind === 'event' && part.name === 'choice') return pressed(part.value ?? '', toolCall)
  if (part.kind !== 'text') return undefined
  const said = typed(part.text)
  if (toolCall === undefined) {
    const isAbout = confirmWords.has(said) && !(isPicking && /^\d+$/u.test(said))
    return toolDone !== undefined && isAbout ? { kind: 'stale', id: toolDone.id } : undefined
  }
  const isYes = confirmWords.has(said) || yesWords.has(said)
  if (!isYes && !cancelWords.has(said)) return undefined
  if (soon !== undefined) return { kind: soon, id: toolCall.id }
  return { kind: isYes ? 'confirm' : 'cancel', id: toolCall.id }
}

/** Whether all that was said is a word on the call that waits, in time or not. */
export const isWord = ({ dialogue: { toolCall }, pending }: Claim): boolean =>
  toolCall !== undefined &&
  pending.every(({ parts }) => parts.every((part) => read(part, { toolCall }, undefined) !== undefined))

/** What typed words may be about: not a call that was made or left, once it is long ago or they mean something else. */
const talkedOf = (state: DialogueState, decision: Decision, now: Date): Talked => {
  const { toolCall, toolDone, offered, form } = state
  if (toolCall !== undefined) return { toolCall }
  const meansOther = form !== undefined || decision.survey !== undefined || decision.escalation !== undefined
  const isOver = toolDone?.until === undefined || now.getTime() >= Date.parse(toolDone.until)
  return meansOther || isOver ? {} : { toolDone, isPicking: offered.length > 0 }
}

/** The contact's word on the call that waits, or that was confirmed or left last. Whoever says anything else besides has confirmed nothing. */
export const wordOn = (
  { dialogue, pending, questions = [] }: Claim,
  decision: Decision,
  now: Date,
): Word | undefined => {
  const { toolCall } = dialogue
  const talked = talkedOf(dialogue, decision, now)
  const said = pending.flatMap(({ parts, seq }) =>
    parts.map((part) => read(part, talked, tooSoon(questions, seq))),
  )
  const inTime = said.filter((one) => one?.kind !== 'early' && one?.kind !== 'unseen')
  const unseen = said.filter((one) => one?.kind === 'unseen')
  const words = [inTime, unseen].find(({ length }) => length > 0) ?? said
  const [first] = words
  if (first === undefined || words.some((one) => one?.kind !== first.kind || one.id !== first.id))
    return undefined
  const isLate = toolCall !== undefined && now.getTime() >= Date.parse(toolCall.until)
  const isVoid = isLate && (first.kind === 'confirm' || first.kind === 'unseen')
  return isVoid ? { kind: 'stale', id: first.id } : first
}

/**
 * The question whether to go on, and what the dialogue keeps of it: arguments as they are shown, and one id. `again`: the id
 * under which it was asked before; what the contact wrote meanwhile was no word on it, and is told so.
 */
export const askConfirmation = (
  { tool, given }: Pick<PreparedCall, 'tool' | 'given'>,
  { spoken, now, again }: { readonly spoken: Spoken; readonly now: Date; readonly again?: string },
): { readonly say: readonly Part[]; readonly state: Pick<DialogueState, 'toolCall' | 'offered'> } => {
  const words = wordsIn(spoken)
  const id = again ?? randomUUID()
  const choices = [
    { id: confirmId(id), label: words.confirm },
    { id: cancelId(id), label: words.cancel },
  ]
  const title = spoken === 'en' ? tool.title.en : tool.title.zh
  const question = words.ask(title, listGiven(tool, given, spoken))
  const prompt = again === undefined ? question : `${words.tooSoon}\n${question}`
  return {
    say: [{ kind: 'choices', prompt, choices }],
    state: { offered: choices, toolCall: { id, tool: tool.name, given, until: typedUntil(now) } },
  }
}
