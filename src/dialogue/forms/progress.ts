import type { DialogueState } from '../../core/conversation.ts'
import type { Form, FormSlot } from '../../core/form.ts'
import type { FormAnswer, FormProgress } from '../../core/form-progress.ts'

type Answers = Readonly<Record<string, FormAnswer>>

/** A form under way with what is known of it. */
export interface OpenForm {
  readonly form: Form
  readonly progress: FormProgress
}

/** The state without a form. */
export const withoutForm = (dialogue: DialogueState): DialogueState => {
  const { failedTurns, offered, context, greeted, lastRule } = dialogue
  return { failedTurns, offered, context, greeted, ...(lastRule === undefined ? {} : { lastRule }) }
}

/** Whether a question is asked, by the answers to earlier ones. */
export const applies = ({ when }: FormSlot, answers: Answers): boolean =>
  when === undefined || when.is.includes(answers[when.slot]?.value ?? '')

/** Whether anything was given: a value or a file. */
export const hasAnswers = ({ answers }: FormProgress): boolean =>
  Object.values(answers).some(({ value, files }) => value !== undefined || files !== undefined)

/** Questions that are still to be asked, in order; where the limit does not allow all, required ones come first. */
export const openSlots = (form: Form, progress: FormProgress, maxQuestions: number): readonly FormSlot[] => {
  const { answers, asked } = progress
  const open = form.slots.filter((slot) => answers[slot.name] === undefined && applies(slot, answers))
  const left = maxQuestions - asked.length
  const optional = Math.max(0, left - open.filter(({ required }) => required).length)
  let spared = 0
  return open.filter(({ name, required }) => required || asked.includes(name) || (spared += 1) <= optional)
}

/** How many questions there may be at most, those on conditions included. */
export const countQuestions = (form: Form, progress: FormProgress, maxQuestions: number): number => {
  const { answers } = progress
  const possible = form.slots.filter(
    ({ name, when }) =>
      answers[name] === undefined &&
      (when === undefined ||
        answers[when.slot] === undefined ||
        when.is.includes(answers[when.slot]?.value ?? '')),
  )
  const required = possible.filter((slot) => slot.required).length
  return Math.max(required, Math.min(possible.length, maxQuestions))
}

/** The form with further answers and the next question open. */
export const advance = ({ form, progress }: OpenForm, answers: Answers, maxQuestions: number): OpenForm => {
  const merged = { ...progress.answers, ...answers }
  const next = openSlots(form, { ...progress, answers: merged }, maxQuestions)[0]
  return {
    form,
    progress: { ...progress, answers: merged, misses: 0, wantsReason: false, slot: next?.name ?? '' },
  }
}

/** The same form with another question open, an answered one is asked again. */
export const reopen = ({ form, progress }: OpenForm, slot: string): OpenForm => {
  const answers = Object.fromEntries(Object.entries(progress.answers).filter(([name]) => name !== slot))
  return { form, progress: { ...progress, answers, misses: 0, wantsReason: false, slot } }
}

/** The open question. */
export const openSlot = ({ form, progress }: OpenForm): FormSlot | undefined =>
  form.slots.find(({ name }) => name === progress.slot)

/** Answered questions that still apply, in the order of the form: what the summary numbers. */
export const answeredSlots = ({ form, progress }: OpenForm): readonly FormSlot[] =>
  form.slots.filter((slot) => progress.answers[slot.name] !== undefined && applies(slot, progress.answers))
