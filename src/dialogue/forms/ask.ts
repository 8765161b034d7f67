import type { DialogueState } from '../../core/conversation.ts'
import type { FormSlot } from '../../core/form.ts'
import type { Part } from '../../core/message.ts'
import { asking, text } from '../outcome.ts'
import type { Option } from '../options.ts'
import type { Turn } from '../turn.ts'
import { answerWords } from './gathered.ts'
import { answeredSlots, openSlot, type OpenForm } from './progress.ts'
import { formWords } from './words.ts'

/** Characters of a value shown in the summary's options. */
const maxShown = 24

/** What is said, and what it leaves in the state. */
export interface Asked {
  readonly say: readonly Part[]
  readonly state: Pick<DialogueState, 'offered' | 'form'>
}

const shorten = (value: string): string => {
  const characters = Array.from(value)
  return characters.length <= maxShown ? value : `${characters.slice(0, maxShown - 1).join('')}…`
}

const optionsOf = (slot: FormSlot, language: 'zh' | 'en'): readonly Option[] => {
  const words = formWords[language]
  const answers =
    slot.kind === 'yes-no'
      ? [
          { id: 'yes', label: words.yes },
          { id: 'no', label: words.no },
        ]
      : slot.options.map(({ id, label }) => ({ id, label: label[language] }))
  return [
    ...answers.map(({ id, label }) => ({ id: `form:slot:${slot.name}:${id}`, label })),
    ...(slot.required ? [] : [{ id: 'form:do:skip', label: words.skip }]),
  ]
}

const summaryOptions = (open: OpenForm, language: 'zh' | 'en'): readonly Option[] => [
  ...answeredSlots(open).map((slot) => {
    const answer = answerWords(slot, open.progress.answers[slot.name] ?? {})[language]
    return { id: `form:edit:${slot.name}`, label: `${slot.label[language]}: ${shorten(answer)}` }
  }),
  { id: 'form:do:submit', label: formWords[language].submit },
]

/** Asks the open question, or for the summary's confirmation, below what else is said. */
export const askOpen = (turn: Turn, open: OpenForm, before: readonly string[] = []): Asked => {
  const { language } = open.progress
  const words = formWords[language]
  const slot = openSlot(open)
  const { asked } = open.progress
  const progress =
    slot === undefined || asked.includes(slot.name)
      ? open.progress
      : { ...open.progress, asked: [...asked, slot.name] }
  const prompt = (question: string): string => [...before, question].filter((line) => line !== '').join('\n')
  if (slot === undefined) {
    const { say, state } = asking(turn, prompt(words.check), summaryOptions(open, language))
    return { say, state: { ...state, form: progress } }
  }
  if (slot.kind === 'choice' || slot.kind === 'yes-no') {
    const { say, state } = asking(turn, prompt(slot.ask[language]), optionsOf(slot, language))
    return { say, state: { ...state, form: progress } }
  }
  const question = `${slot.ask[language]}${slot.required ? '' : words.mayLack}`
  // No options here: a number is an answer.
  return { say: [text(prompt(question))], state: { offered: [], form: progress } }
}
