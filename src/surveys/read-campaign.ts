import type { SurveyQuestion, SurveyWording } from '../core/survey-answer.ts'
import { scores } from '../core/survey-answer.ts'
import { isAsking, readScore, splitAtMark, tidyAnswer, type ScoreRead } from './read-score.ts'

/** What a message says to a campaign's question. */
export interface AnswerRead extends Omit<ScoreRead, 'score'> {
  readonly score: number
}

const mostNps = 10

/** Every answer that a question has. */
export const answersOf = (question: SurveyQuestion): readonly number[] => {
  switch (question.type) {
    case 'csat':
      return scores
    case 'nps':
      return Array.from({ length: mostNps + 1 }, (_, score) => score)
    case 'choice':
      return (question.options ?? []).map((_, place) => place + 1)
    default:
      return question.type satisfies never
  }
}

const numerals = '〇一二三四五六七八九十'
const numberOf = (given: string): number => {
  const place = given === '零' ? 0 : numerals.indexOf(given)
  return place === -1 ? Number(given) : place
}

const number = `(?<number>10|[0-9]|[零${numerals}])`
const ends = '[吧了哦啦呀呢的]*'
const bare = new RegExp(`^${number}$`, 'u')
const points = new RegExp(
  `^(?:我?(?:给|打|评)(?:打)?|评分|score|i(?:'d)? (?:give|rate)(?: it| you)?)?[\\s:是]*${number}\\s?(?:分(?![钟之钱期])|points?|\\/\\s?10|out of 10)${ends}$`,
  'u',
)
const chosen = new RegExp(
  `^(?:我?选(?:择)?|option|number|no\\.?)?\\s?(?:第)?\\s?${number}(?:个|项|号)?${ends}$`,
  'u',
)

type Whole = Pick<AnswerRead, 'score' | 'manner'>

const numbered = (text: string, sure: RegExp): Whole | undefined => {
  const alone = bare.exec(text)?.groups?.number
  if (alone !== undefined) return { score: numberOf(alone), manner: 'number' }
  const given = sure.exec(text)?.groups?.number
  return given === undefined ? undefined : { score: numberOf(given), manner: 'sure' }
}

const isNamed = (text: string, { zh, en }: SurveyWording): boolean =>
  [zh, en].some((label) => label !== undefined && tidyAnswer(label) === text)

const named = (text: string, { options = [] }: SurveyQuestion): Whole | undefined => {
  const place = options.findIndex((option) => isNamed(text, option))
  return place === -1 ? undefined : { score: place + 1, manner: 'sure' }
}

const whole = (text: string, question: SurveyQuestion): Whole | undefined => {
  const read =
    question.type === 'choice' ? (named(text, question) ?? numbered(text, chosen)) : numbered(text, points)
  return read !== undefined && answersOf(question).includes(read.score) ? read : undefined
}

/** Reads an answer, and what stands beside it; undefined: there is none, or something is asked. */
export const readAnswer = (question: SurveyQuestion, written: string): AnswerRead | undefined => {
  if (question.type === 'csat') return readScore(written)
  const text = tidyAnswer(written)
  const read = text === '' ? undefined : whole(text, question)
  if (read !== undefined || isAsking(text)) return read
  const { head, rest } = splitAtMark(text) ?? {}
  const first = head === undefined ? undefined : whole(head, question)
  // "1. … 2. …" counts matters.
  const counts = first?.manner === 'number' && /\D2\s?[.、)），,:：]/u.test(rest ?? '')
  return first === undefined || rest === undefined || counts ? undefined : { ...first, comment: rest }
}
