import { setTimeout as delay } from 'node:timers/promises'
import type { Decision } from '../core/conversation.ts'
import type { DecideInput, Dialogue } from '../core/dialogue.ts'
import type { OpenPreview } from '../core/preview.ts'
import type { Doubt, Helped, HelpSoFar, ModelHelp } from '../core/model-help.ts'
import type { Classification } from '../core/understanding.ts'
import type { TimeLeft } from './time-left.ts'

/** With less than this nobody is asked. */
const least = 500
/** The part of the time that rewording may take: the answer needs more. */
const rewordingShare = 0.4

const failed = { reason: { code: 'model-failed', values: {} } } as const

/** Help keeps to its time and never rejects, by its contract; a turn does not stand or fall with that. */
const asked = async <Found>(
  ask: (ms: number) => Promise<Helped<Found>>,
  ms: number,
): Promise<Helped<Found>> => {
  const over = new AbortController()
  try {
    return await Promise.race([ask(ms), delay(ms, failed, { signal: over.signal })])
  } catch {
    return failed
  } finally {
    over.abort()
  }
}

/** The words understood once more; undefined: they stay as they are. */
const reworded = async (
  reword: ModelHelp['reword'],
  doubt: Doubt | undefined,
  ms: number,
): Promise<Classification | undefined> => {
  if (reword === undefined || doubt === undefined || ms < least) return undefined
  const helped = await asked((within) => reword(doubt, within), ms)
  return 'found' in helped ? helped.found : undefined
}

const answered = async (
  answer: ModelHelp['answer'],
  doubt: Doubt | undefined,
  ms: number,
  open: () => ReturnType<OpenPreview>,
): Promise<HelpSoFar | undefined> => {
  if (answer === undefined || doubt === undefined || doubt.passages.length === 0 || ms < least)
    return undefined
  const preview = open()
  const helped = await asked((within) => answer(doubt, within, preview?.show), ms)
  // From here on nothing is shown, whatever is still being written.
  preview?.end('found' in helped)
  return 'found' in helped ? { answer: helped.found, reasons: [] } : { reasons: [helped.reason] }
}

export interface HelpedDeps {
  readonly dialogue: Pick<Dialogue, 'decide'>
  readonly help?: ModelHelp | undefined
  /** Shows contacts what is being written. Absent: nobody sees it before it is decided on. */
  readonly preview?: OpenPreview | undefined
}

/**
 * Decides; where the rules are unsure a language model is asked first, when there is one: for the words in another form,
 * then for an answer. What it gives is decided on by the same rules.
 */
export const decideWithHelp = async (
  { dialogue, help, preview }: HelpedDeps,
  input: DecideInput,
  left: TimeLeft,
): Promise<Decision> => {
  if (help === undefined) return dialogue.decide(input)
  const none: HelpSoFar = { reasons: [] }
  const first = dialogue.decide({ ...input, help: none })
  const understood = await reworded(help.reword, first.doubt, left() * rewordingShare)
  const again = understood === undefined ? input : { ...input, understood }
  const second = understood === undefined ? first : dialogue.decide({ ...again, help: none })
  const soFar = await answered(help.answer, second.doubt, left(), () => preview?.(input.claim))
  return soFar === undefined ? second : dialogue.decide({ ...again, help: soFar })
}
