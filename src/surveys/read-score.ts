import type { Score } from '../core/survey-answer.ts'
import { simplify } from '../text/index.ts'

/** What a message says about a score. */
export interface ScoreRead {
  readonly score: Score
  /** What stands beside it. */
  readonly comment?: string
  /**
   * `sure`: can mean nothing else ("5 分", "不满意"). `number`: a bare number. `loose`: a word that answers a survey which
   * was just asked, and little else ("还行", "good").
   */
  readonly manner: 'sure' | 'number' | 'loose'
}

const numbers: Readonly<Record<string, Score>> = {
  ...{ '1': 1, '2': 2, '3': 3, '4': 4, '5': 5 },
  ...{ 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5 },
  ...{ one: 1, two: 2, three: 3, four: 4, five: 5 },
}

// 分 and 星 begin other words: minutes, fractions, cents, weeks.
const unit = String.raw`(?:\s?(?:分(?![钟之钱期])|颗?星(?!期)|stars?\b|points?\b|\/\s?5|out of 5))`
const number = '(?<number>[1-5一二两三四五]|one|two|three|four|five)'
const lead = String.raw`(?:(?:我?(?:给|打|评)(?:你们?|客服)?(?:打|评)?|评分|打分|满意度|score|rating|rate|i(?:'d)? (?:give|rate)(?: it| you)?)[\s:：是]*)`
const particles = '[吧了哦啦呀呢的]*'

const bareNumber = new RegExp(`^${number}$`, 'u')
const ratedNumber = new RegExp(
  `^(?:${lead}?${number}${unit}|${lead}${number})${particles}$`.replace('<number>', '<first>'),
  'u',
)
const ratedStart = new RegExp(`^${lead}?${number}${unit}${particles}\\s*(?<rest>\\P{P}.*)$`, 'su')
const counted =
  '[天年月日个次块元号条秒周季集话层楼人岁倍件张本只台瓶箱份单套双盒位名笔期种款项步级页篇轮万千百折度米斤]'
const countedLatin = String.raw`(?:days?|hours?|minutes?|weeks?|months?|years?|times?|items?|orders?|people|more|of)\b`
const bareStart = new RegExp(`^(?<number>[1-5])\\s+(?<rest>(?!${counted}|${countedLatin})\\D.*)$`, 'su')
/** Several matters that are counted: "1. … 2. …". */
const isList = (text: string): boolean => /^1\s?[.、)，,:：]/u.test(text) && /\D2\s?[.、)，,:：]/u.test(text)

const very = '(?:很|非常|特别|十分|超级?|相当|太|极其?)'
const sureWords: readonly (readonly [RegExp, Score])[] = [
  [new RegExp(`^(?:${very}不满意|一星差评|差评|very (?:dissatisfied|unsatisfied))${particles}$`, 'u'), 1],
  [
    new RegExp(
      `^(?:(?:有点|有些)?不(?:太|怎么|够|是很)?满意|dissatisfied|unsatisfied|not (?:very )?satisfied)${particles}$`,
      'u',
    ),
    2,
  ],
  [new RegExp(`^(?:(?:挺|蛮|比较|还算?|还挺|基本)?满意|satisfied)${particles}$`, 'u'), 4],
  [new RegExp(`^(?:${very}满意|满分|五星好评|好评|very satisfied)${particles}$`, 'u'), 5],
]
const looseWords: readonly (readonly [RegExp, Score])[] = [
  [/^(?:(?:很|太|非常|特别)(?:差|糟糕?|烂)了?|terrible|awful|very bad)$/u, 1],
  [/^(?:不(?:太|怎么)?好|bad|not good)$/u, 2],
  [/^(?:一般般?|马马虎虎|凑合|凑活|还行吧?|还可以吧?|neutral|so[- ]so|average)$/u, 3],
  [/^(?:还?不错|挺好的?|good)$/u, 4],
  [/^(?:超赞|完美|很棒|太棒了|非常好|excellent|perfect|great|very good)$/u, 5],
]

const starsOnly = /^(?:[⭐★🌟]\s?){1,5}$/u

const scoreIn = (found: RegExpExecArray | null): Score | undefined => {
  const { number: second, first } = found?.groups ?? {}
  return numbers[first ?? second ?? '']
}

const scoreOfWords = (text: string): Omit<ScoreRead, 'comment'> | undefined => {
  const sure = sureWords.find(([pattern]) => pattern.test(text))
  if (sure !== undefined) return { score: sure[1], manner: 'sure' }
  const loose = looseWords.find(([pattern]) => pattern.test(text))
  return loose === undefined ? undefined : { score: loose[1], manner: 'loose' }
}

const starScores: readonly (Score | undefined)[] = [undefined, 1, 2, 3, 4, 5]

/** A text that is nothing but a score. */
const wholeScore = (text: string): Omit<ScoreRead, 'comment'> | undefined => {
  const bare = scoreIn(bareNumber.exec(text))
  if (bare !== undefined) return { score: bare, manner: 'number' }
  const rated = scoreIn(ratedNumber.exec(text))
  if (rated !== undefined) return { score: rated, manner: 'sure' }
  const stars = starsOnly.test(text) ? starScores[text.match(/[⭐★🌟]/gu)?.length ?? 0] : undefined
  return stars === undefined ? scoreOfWords(text) : { score: stars, manner: 'sure' }
}

// Not within a number, a time or a date.
const marks = String.raw`(?:[，,。!！;；：、~～…\n]|[.:](?!\d))`
const atMark = new RegExp(`^(?<head>[^，,。.!！;；:：、~～…\\n]{1,20}?)\\s*${marks}+\\s*(?<rest>.+)$`, 'su')
const lastMark = new RegExp(
  `^(?<rest>.+?)\\s*(?:${marks}|\\s)+(?<tail>[^，,。.!！;；:：、~～…\\n\\s]{1,20})$`,
  'su',
)
const endMarks = new RegExp(`(?:${marks}|\\s)+$`, 'u')

const courtesy =
  /^(?:谢谢|多谢|感谢|谢了|辛苦了?|好的?|哈+|嗯+|thanks?(?: you)?|thx)(?:你们?|您|客服|啦|了|哦|！|!)*$/iu

const withComment = (
  read: Omit<ScoreRead, 'comment'> | undefined,
  rest: string | undefined,
): ScoreRead | undefined => {
  const comment = rest?.replace(endMarks, '').trim() ?? ''
  if (read === undefined || comment === '' || courtesy.test(comment)) return read
  return { ...read, comment }
}

const markless = /[\uFE0F\u20E3]/gu
/** As answers are compared. */
export const tidyAnswer = (text: string): string =>
  simplify(text.normalize('NFKC').replace(markless, '')).toLowerCase().trim().replace(endMarks, '')

/** What stands before the first mark, and after it. */
export const splitAtMark = (text: string): { readonly head: string; readonly rest: string } | undefined => {
  const { head, rest } = atMark.exec(text)?.groups ?? {}
  return head === undefined || rest === undefined ? undefined : { head, rest }
}

/** Words in which somebody asks or wants something. */
const asks =
  /[?？]|吗(?:$|[，。！,.!])|怎么|如何|为什么|为啥|什么时候|多久|在哪|哪里能|哪儿|能不能|可不可以|是不是|有没有|请问|帮我|我(?:想|要)(?:问|退|找|查|取消|申请)|\b(?:how|what|when|where|why|can i|could you|can you|please help)\b/iu

/** Whether a text asks for something: then it is no answer to a survey. */
export const isAsking = (text: string): boolean => asks.test(text)

/** Reads a score, and what stands beside it; undefined: there is none, or something is asked. */
export const readScore = (written: string): ScoreRead | undefined => {
  const text = tidyAnswer(written)
  if (text === '' || isAsking(text) || isList(text)) return undefined
  const whole = wholeScore(text)
  if (whole !== undefined) return whole
  const [started, bare] = [ratedStart.exec(text), bareStart.exec(text)]
  const [head, tail] = [splitAtMark(text), lastMark.exec(text)?.groups]
  const score = scoreIn(started)
  if (score !== undefined) return withComment({ score, manner: 'sure' }, started?.groups?.rest)
  const first = head?.head === undefined ? undefined : wholeScore(head.head)
  if (first !== undefined) return withComment(first, head?.rest)
  const number = scoreIn(bare)
  if (number !== undefined) return withComment({ score: number, manner: 'number' }, bare?.groups?.rest)
  const last = tail?.tail === undefined ? undefined : wholeScore(tail.tail)
  return last?.manner === 'sure' ? withComment(last, tail?.rest) : undefined
}
