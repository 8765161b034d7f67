import type { Decision } from '../core/conversation.ts'
import type { DecideInput, Dialogue } from '../core/dialogue.ts'
import type { Doubt, Helped, HelpSoFar, ModelHelp } from '../core/model-help.ts'
import type { Classification } from '../core/understanding.ts'

/** Most milliseconds that a turn waits for a language model in all; its lease is longer by far. */
const mostMs = 8_000
/** What is kept of the time in which the answer can ride on the provider's request, for composing and sending it. */
const kept = 1_500
/** With less than this nobody is asked. */
const least = 500
/** The part of the time that rewording may take: the answer needs more. */
const rewordingShare = 0.4

const failed = { reason: { code: 'model-failed', values: {} } } as const

/** Help never rejects by its contract; a turn does not stand or fall with that. */
const asked = async <Found>(ask: () => Promise<Helped<Found>>): Promise<Helped<Found>> => {
  try {
    return await ask()
  } catch {
    return failed
  }
}

/** Milliseconds that a model may take for this claim. */
const timeFor = ({ claim, now }: DecideInput): number =>
  claim.pending.reduce(
    (shortest, { passiveUntil }) =>
      passiveUntil === undefined
        ? shortest
        : Math.min(shortest, passiveUntil.getTime() - now.getTime() - kept),
    mostMs,
  )

/** Counts down from when it was made, by the monotonic clock. */
const countdown = (ms: number) => {
  const until = performance.now() + ms
  return { left: (): number => Math.floor(until - performance.now()) }
}

/** The words understood once more; undefined: they stay as they are. */
const reworded = async (
  reword: ModelHelp['reword'],
  doubt: Doubt | undefined,
  ms: number,
): Promise<Classification | undefined> => {
  if (reword === undefined || doubt === undefined || ms < least) return undefined
  const helped = await asked(() => reword(doubt, ms))
  return 'found' in helped ? helped.found : undefined
}

const answered = async (
  answer: ModelHelp['answer'],
  doubt: Doubt | undefined,
  ms: number,
): Promise<HelpSoFar | undefined> => {
  if (answer === undefined || doubt === undefined || doubt.passages.length === 0 || ms < least)
    return undefined
  const helped = await asked(() => answer(doubt, ms))
  return 'found' in helped ? { answer: helped.found, reasons: [] } : { reasons: [helped.reason] }
}

/**
 * Decides; where the rules are unsure a language model is asked first, when there is one: for the words in another form,
 * then for an answer. What it gives is decided on by the same rules.
 */
export const decideWithHelp = async (
  { dialogue, help }: { readonly dialogue: Pick<Dialogue, 'decide'>; readonly help?: ModelHelp | undefined },
  input: DecideInput,
): Promise<Decision> => {
  if (help === undefined) return dialogue.decide(input)
  const time = countdown(timeFor(input))
  const none: HelpSoFar = { reasons: [] }
  const first = dialogue.decide({ ...input, help: none })
  const understood = await reworded(help.reword, first.doubt, Math.min(time.left(), mostMs) * rewordingShare)
  const again = understood === undefined ? input : { ...input, understood }
  const second = understood === undefined ? first : dialogue.decide({ ...again, help: none })
  const soFar = await answered(help.answer, second.doubt, time.left())
  return soFar === undefined ? second : dialogue.decide({ ...again, help: soFar })
}
