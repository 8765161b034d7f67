import { randomUUID } from 'node:crypto'
import type { Claim, DialogueState } from '../core/conversation.ts'
import type { Part } from '../core/message.ts'
import type { PendingToolCall } from '../core/tool.ts'
import type { PreparedCall } from './toolbox.ts'
import { cancelWords, confirmWords, listArguments, wordsIn } from './words.ts'
import type { Spoken } from '../core/understanding.ts'

/** Milliseconds for which a call waits for its confirmation. */
const waitMs = 600_000

const mark = 'tool:'
const confirmId = (id: string): string => `${mark}confirm:${id}`
const cancelId = (id: string): string => `${mark}cancel:${id}`

/** What a contact says to a call that waits, or to one that does not wait any more. */
export type Word = 'confirm' | 'cancel' | 'expired'

const typed = (text: string): string =>
  text
    .normalize('NFKC')
    .trim()
    .replace(/[。.!！~～]+$/u, '')
    .toLowerCase()

const read = (part: Part, open: PendingToolCall | undefined): Word | undefined => {
  if (part.kind === 'event' && part.name === 'choice' && part.value?.startsWith(mark) === true) {
    if (open !== undefined && part.value === confirmId(open.id)) return 'confirm'
    return open !== undefined && part.value === cancelId(open.id) ? 'cancel' : 'expired'
  }
  if (part.kind !== 'text' || open === undefined) return undefined
  const said = typed(part.text)
  if (confirmWords.has(said)) return 'confirm'
  return cancelWords.has(said) ? 'cancel' : undefined
}

/** The contact's word on the call that waits. Whoever says anything else besides has confirmed nothing. */
export const wordOn = ({ dialogue, pending }: Claim, now: Date): Word | undefined => {
  const { toolCall } = dialogue
  const said = pending.flatMap(({ parts }) => parts.map((part) => read(part, toolCall)))
  const [first] = said
  if (first === undefined || said.some((one) => one !== first)) return undefined
  const isLate = toolCall !== undefined && now.getTime() >= Date.parse(toolCall.until)
  return isLate && first === 'confirm' ? 'expired' : first
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
  const until = new Date(now.getTime() + waitMs).toISOString()
  return {
    say: [{ kind: 'choices', prompt: words.ask(title, listArguments(given)), choices }],
    state: { offered: choices, toolCall: { id, tool: tool.name, given, until } },
  }
}
