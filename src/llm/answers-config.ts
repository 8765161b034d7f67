import { z } from 'zod'

const use = z.enum(['on', 'off']).default('off')

/** Members of the `llm` section about what a model is used for. */
export const answersConfig = {
  answers: use.describe(
    'on: where the bot would ask back, the model answers from the articles that may be meant, and each of its sentences is held against them before it is sent. Default off.',
  ),
  rewrites: use.describe(
    'on: a message that is not understood is reworded into questions that stand by themselves and understood again. Default off.',
  ),
  editing: use.describe(
    'on: editors may have similar questions, articles from settled tickets, contradictions between articles and the tone of an answer looked at by the model; all of it is checked by a person. Default off.',
  ),
  streaming: use.describe(
    'on: visitors of the web chat and contacts in private chats of Telegram see what the model is writing, each sentence once it is checked by itself; the answer takes its place, or it vanishes where a later sentence falls. Needs answers: on. Default off: a sentence may stand by itself and mislead without the next.',
  ),
  answerNotice: z
    .string()
    .max(100)
    .default('（以上内容由 AI 根据“{question}”整理）')
    .describe(
      'Said in Chinese below what a model wrote; {question} is the question of the article. Empty: nothing, where your law allows that.',
    ),
  answerNoticeEn: z
    .string()
    .max(200)
    .default('(Written by AI from “{question}”)')
    .describe('The same in English.'),
} as const

/** What contacts get from a model. */
export interface AnswersConfig {
  readonly answers: 'on' | 'off'
  readonly rewrites: 'on' | 'off'
  readonly answerNotice: string
  readonly answerNoticeEn: string
}
