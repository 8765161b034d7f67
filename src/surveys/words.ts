import { scores, type Score } from '../core/survey-answer.ts'
import type { Part } from '../core/message.ts'
import type { PublicLanguage } from '../core/suggestions.ts'
import type { SurveysConfig } from './config.ts'

interface Words {
  /** From 1 to 5: the place of an option is its score, so that a number means the same on every channel. */
  readonly scores: Readonly<Record<Score, string>>
  readonly thanks: string
  readonly sorry: string
  readonly better: string
  readonly noted: string
  readonly skipped: string
  readonly stopped: string
  readonly over: string
  readonly agreed: string
  /** To a campaign's question. */
  readonly answered: string
}

const zh: Words = {
  scores: { 1: '很不满意', 2: '不满意', 3: '一般', 4: '满意', 5: '很满意' },
  thanks: '谢谢你的评价！',
  sorry: '谢谢你如实告诉我们，会有同事来看这次的问题。',
  better: '哪里可以做得更好？可以直接回复，也可以不理。',
  noted: '记下了，谢谢你花时间告诉我们。',
  skipped: '好的，谢谢你的评价！',
  stopped: '好的，之后不会再邀请你评价。',
  over: '这次评价已经结束了，谢谢你。有问题随时发给我。',
  answered: '收到，谢谢你的回答！',
  agreed: '好的，谢谢你愿意参加调研。不想再被问时，回复“退订调研”就行。',
}

const en: Words = {
  scores: { 1: 'Very dissatisfied', 2: 'Dissatisfied', 3: 'Neutral', 4: 'Satisfied', 5: 'Very satisfied' },
  thanks: 'Thank you for your rating!',
  sorry: 'Thank you for telling us frankly; a colleague will look into it.',
  better: 'What could we do better? Just reply, or leave it.',
  noted: 'Noted. Thank you for taking the time.',
  skipped: 'All right, thank you for your rating!',
  stopped: 'All right, we will not ask you to rate us again.',
  over: 'This survey is over, thank you. If there is anything else, just write.',
  answered: 'Got it, thank you for answering!',
  agreed: 'Thank you for taking part in surveys. To be asked no more, reply "stop surveys".',
}

const words: Readonly<Record<PublicLanguage, Words>> = { zh, en }

/** What is said about surveys. */
export const surveyWords = (language: PublicLanguage): Words => words[language]

/** What people call a score. */
export const scoreLabel = (answer: number, language: PublicLanguage): string | undefined => {
  const score = scores.find((one) => one === answer)
  return score === undefined ? undefined : words[language].scores[score]
}

const mark = 'survey:'

/** The id of the option that gives a score to an invitation. */
export const surveyOptionId = (invitationId: string, score: number): string =>
  `${mark}${invitationId}:${String(score)}`

/** A score that was pressed. */
export interface Press {
  readonly invitationId: string
  readonly score: number
}

/** Reads the id of an option; undefined: it is none of a survey. */
export const readPress = (id: string): Press | undefined => {
  if (!id.startsWith(mark)) return undefined
  const [invitationId = '', given] = id.slice(mark.length).split(':')
  return /^(?:10|\d)$/.test(given ?? '') ? { invitationId, score: Number(given) } : undefined
}

/** Asks how a ticket went: five options in the order of their scores. */
export const questionParts = (
  { question }: Pick<SurveysConfig, 'question'>,
  {
    invitationId,
    ticketNumber,
    language,
  }: { readonly invitationId: string; readonly ticketNumber: number; readonly language: PublicLanguage },
): readonly Part[] => [
  {
    kind: 'choices',
    prompt: question[language].replaceAll('{ticket}', String(ticketNumber)),
    choices: scores.map((score) => ({
      id: surveyOptionId(invitationId, score),
      label: words[language].scores[score],
    })),
  },
]
