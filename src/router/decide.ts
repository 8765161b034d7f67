import { setTimeout as delay } from 'node:timers/promises'
import type { Decision } from '../core/conversation.ts'
import type { DecideInput, Dialogue } from '../core/dialogue.ts'
import { textOf } from '../core/message.ts'
import { leastModelMs } from '../core/language-model.ts'
import type { TurnPreview } from '../core/preview.ts'
import type { Doubt, Helped, HelpSoFar, ModelHelp } from '../core/model-help.ts'
import type { Reason } from '../core/reason.ts'
import type { TurnTools } from '../core/turn-tools.ts'
import type { Classification, Spoken } from '../core/understanding.ts'
import { asSpoken } from '../dialogue/index.ts'
import type { TimeLeft } from './time-left.ts'

/** The part of the time that rewording may take: the answer needs more. Too little of a short time, it is left out. */
const rewordingShare = 0.4
/** The part of what is left then that a look-up in the brand's systems may take; never what the answer needs. */
const lookUpShare = 0.4

const failed: Reason = { code: 'model-failed', values: {} }
const notReworded: Reason = { code: 'not-reworded', values: { why: 'failed' } }
const noBetter: Reason = { code: 'not-reworded', values: { why: 'no-better' } }

/** Help keeps to its time and never rejects, by its contract; a turn does not stand or fall with that. */
const asked = async <Found>(
  ask: (ms: number) => Promise<Found>,
  { ms, reason }: { readonly ms: number; readonly reason: Reason },
): Promise<Found | { readonly reason: Reason }> => {
  const over = new AbortController()
  try {
    return await Promise.race([ask(ms), delay(ms, { reason }, { signal: over.signal })])
  } catch {
    return { reason }
  } finally {
    over.abort()
  }
}

/** The words understood once more, or why not; undefined: nobody was asked. */
const reworded = async (
  reword: ModelHelp['reword'],
  doubt: Doubt | undefined,
  ms: number,
): Promise<Helped<Classification> | undefined> => {
  if (reword === undefined || doubt === undefined || ms < leastModelMs) return undefined
  return asked((within) => reword(doubt, within), { ms, reason: notReworded })
}

const answered = async (
  answer: NonNullable<ModelHelp['answer']>,
  doubt: Doubt,
  ms: number,
  preview: TurnPreview | undefined,
): Promise<HelpSoFar> => {
  if (doubt.passages.length === 0 || ms < leastModelMs) return { reasons: [] }
  const helped = await asked((within) => answer(doubt, within, preview?.show), { ms, reason: failed })
  // From here on nothing is shown, whatever is still being written.
  void preview?.end()
  return 'found' in helped ? { answer: helped.found, reasons: [] } : { reasons: [helped.reason] }
}

/** Shows what is written as it will be said: models write simplified characters to everybody. */
const previewIn = (spoken: Spoken | undefined, preview: TurnPreview | undefined): TurnPreview | undefined => {
  if (preview === undefined || spoken === undefined) return preview
  const show: TurnPreview['show'] = (text) => preview.show(textOf(asSpoken([{ kind: 'text', text }], spoken)))
  return { ...preview, show }
}

/** What decisions are made with. */
export interface DecidingDeps {
  readonly dialogue: Pick<Dialogue, 'decide'>
  readonly help?: ModelHelp | undefined
  readonly tools?: Pick<TurnTools, 'isWord' | 'lookUp'> | undefined
  /** Shows contacts what is being written. Absent: nobody sees it before it is decided on. */
  readonly preview?: TurnPreview | undefined
}

/** An answer from the articles, and from what the brand's systems know where one of them is to be asked. */
const answerFor = async (
  { help, tools, preview }: DecidingDeps,
  { claim }: DecideInput,
  { doubt, left }: { readonly doubt: Doubt; readonly left: TimeLeft },
): Promise<HelpSoFar> => {
  if (help?.answer === undefined || left() < leastModelMs) return { reasons: [] }
  const ms = Math.min(left() * lookUpShare, left() - leastModelMs)
  const found = (await tools?.lookUp({ claim, doubt, ms })) ?? { reasons: [] }
  const { passage, reasons } = found
  const passages = passage === undefined ? doubt.passages : [passage, ...doubt.passages]
  const soFar = await answered(help.answer, { ...doubt, passages }, left(), preview)
  return {
    ...soFar,
    reasons: [...reasons, ...soFar.reasons],
    ...(passage === undefined ? {} : { lookedUp: passage }),
  }
}

/** What was asked, in other words where those are of use, and what is decided without an answer from a model. */
const decideReworded = async (
  { dialogue }: DecidingDeps,
  input: DecideInput,
  { help: { reword }, left }: { readonly help: ModelHelp; readonly left: TimeLeft },
): Promise<{
  readonly decision: Decision
  readonly input: DecideInput
  readonly before: readonly Reason[]
}> => {
  const decision = dialogue.decide({ ...input, help: { reasons: [] } })
  const other = await reworded(reword, decision.doubt, left() * rewordingShare)
  if (other === undefined) return { decision, input, before: [] }
  if ('found' in other) {
    const again = { ...input, understood: other.found }
    const decided = dialogue.decide({ ...again, help: { reasons: [] } })
    // A person is called by what the contact wrote, never by what a model made of it.
    if (decided.escalation === undefined || decision.escalation !== undefined)
      return { decision: decided, input: again, before: [] }
  }
  const before = ['reason' in other ? other.reason : noBetter]
  return { decision: dialogue.decide({ ...input, help: { reasons: before } }), input, before }
}

/**
 * Decides; where the rules are unsure a language model is asked first, when there is one: for the words in another form,
 * then for an answer. What it gives is decided on by the same rules.
 */
export const decideWithHelp = async (
  deps: DecidingDeps,
  input: DecideInput,
  left: TimeLeft,
): Promise<Decision> => {
  const { dialogue, help, tools } = deps
  if (help === undefined || tools?.isWord(input.claim) === true) return dialogue.decide(input)
  const { decision, input: again, before } = await decideReworded(deps, input, { help, left })
  if (decision.doubt === undefined) return decision
  const preview = previewIn(decision.dialogue.spoken, deps.preview)
  const soFar = await answerFor({ ...deps, preview }, again, { doubt: decision.doubt, left })
  return dialogue.decide({ ...again, help: { ...soFar, reasons: [...before, ...soFar.reasons] } })
}
