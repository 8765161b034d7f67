import type { FormSlot } from '../../core/form.ts'
import type { BothWords, FormAnswer, TicketField, TicketForm } from '../../core/form-progress.ts'
import { applies, type OpenForm } from './progress.ts'
import { fieldWords } from './words.ts'

const same = (value: string): BothWords => ({ zh: value, en: value })

const valueWords = ({ kind, options }: FormSlot, value: string): BothWords => {
  if (kind === 'yes-no') return value === 'yes' ? fieldWords.yes : fieldWords.no
  return options.find(({ id }) => id === value)?.label ?? same(value)
}

/** An answer in words, for the contact and for agents. */
export const answerWords = (slot: FormSlot, answer: FormAnswer): BothWords => {
  const { value, files, skipped } = answer
  if (skipped !== undefined) return fieldWords.notGiven(skipped)
  const words = value === undefined ? undefined : valueWords(slot, value)
  if (files === undefined) return words ?? fieldWords.notAnswered
  const count = fieldWords.files(files.length)
  return words === undefined ? count : { zh: `${words.zh}，${count.zh}`, en: `${words.en}, ${count.en}` }
}

const fieldOf = (slot: FormSlot, answer: FormAnswer | undefined): TicketField => ({
  name: slot.name,
  label: slot.label,
  value: answer === undefined ? fieldWords.notAnswered : answerWords(slot, answer),
  ...(answer?.files === undefined ? {} : { files: answer.files }),
})

/** What the form gathered so far, as the ticket keeps it: every question that applies, answered or not. */
export const gathered = ({ form, progress }: OpenForm, complete: boolean): TicketForm => {
  const { answers, also = [] } = progress
  const slots = form.slots.filter((slot) => applies(slot, answers))
  const subject = form.titled === undefined ? undefined : answers[form.titled]?.value
  const titled = form.slots.find(({ name }) => name === form.titled)
  return {
    id: form.id,
    title: form.title,
    ...(subject === undefined || titled === undefined
      ? {}
      : { subject: valueWords(titled, subject).zh.slice(0, 60) }),
    complete,
    fields: [
      ...slots
        .filter(({ name, required }) => answers[name] !== undefined || (required && !complete))
        .map((slot) => fieldOf(slot, answers[slot.name])),
      ...(also.length === 0 ? [] : [{ name: 'also', label: fieldWords.also, value: same(also.join(' / ')) }]),
    ],
  }
}
