import type { Part } from '../core/message.ts'
import type { SurveyQuestion, SurveyWording } from '../core/survey-answer.ts'
import type { PublicLanguage } from '../core/suggestions.ts'
import { answersOf } from './read-campaign.ts'
import { scoreLabel, surveyOptionId } from './words.ts'

const hints: Readonly<Record<PublicLanguage, { readonly nps: string; readonly stop: string }>> = {
  zh: {
    nps: '请回复 0 到 10 的数字：0 是完全不会，10 是一定会。',
    stop: '不想再被问，回复“别再问我了”。',
  },
  en: {
    nps: 'Reply with a number from 0 (not at all) to 10 (certainly).',
    stop: 'To be asked no more, reply "stop".',
  },
}

/** In the language where there are words in it. */
export const wordingIn = ({ zh, en }: SurveyWording, language: PublicLanguage): string =>
  language === 'en' ? (en ?? zh) : zh

/** What people call an answer; undefined: by its number. */
export const answerLabel = (
  { type, options = [] }: SurveyQuestion,
  answer: number,
  language: PublicLanguage,
): string | undefined => {
  const option = options[answer - 1]
  if (type === 'csat') return scoreLabel(answer, language)
  return type === 'choice' && option !== undefined ? wordingIn(option, language) : undefined
}

/**
 * Asks what a campaign asks, and says how to be asked no more. Options stand from 1 on, so that a number means the same on
 * every channel; 0 to 10 are no options, because the first of them would be known as 1.
 */
export const campaignParts = (
  question: SurveyQuestion,
  { invitationId, language }: { readonly invitationId: string; readonly language: PublicLanguage },
): readonly Part[] => {
  const { nps, stop } = hints[language]
  const wording = wordingIn(question.wording, language)
  if (question.type === 'nps') return [{ kind: 'text', text: `${wording}\n${nps}\n${stop}` }]
  const choices = answersOf(question).map((answer) => ({
    id: surveyOptionId(invitationId, answer),
    label: answerLabel(question, answer, language) ?? String(answer),
  }))
  return [{ kind: 'choices', prompt: `${wording}\n${stop}`, choices }]
}
