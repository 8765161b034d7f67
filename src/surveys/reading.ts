import type { OpenSurvey, SurveyEffect, SurveyQuestion } from '../core/survey-answer.ts'
import type { SurveyHeard, SurveyReading, SurveyRemark, SurveyReply } from '../core/survey.ts'
import type { Part } from '../core/message.ts'
import type { PublicLanguage } from '../core/suggestions.ts'
import { simplify } from '../text/index.ts'
import type { SurveysConfig } from './config.ts'
import { wordingIn } from './campaign-words.ts'
import { answersOf, readAnswer, type AnswerRead } from './read-campaign.ts'
import { isAsking } from './read-score.ts'
import { readPress, surveyWords } from './words.ts'

const minuteMs = 60_000
const maxCommentCharacters = 1_000

const plain = (text: string): string =>
  simplify(text.normalize('NFKC'))
    .toLowerCase()
    .replace(/[\s，,。.!！~～…“”‘’「」『』"]+/gu, ' ')
    .trim()

/** Names surveys: means them at any time. */
const stopsSurveys =
  /^(?:请|麻烦)?(?:退订|取消|关闭|停止)(?:满意度)?(?:评价|调查|调研|问卷)(?:邀请|通知)?(?:了|吧)?$|^(?:请)?(?:别|不要|不用)再?(?:让|叫|找|请|邀请|问)?我?(?:做|发|写|填)?(?:满意度)?(?:评价|调查|调研|问卷)(?:了|啦|吧)?$|^(?:stop|no more) (?:surveys?|ratings?)$/u
/** Agrees to be asked. */
const agreesToSurveys =
  /^(?:我)?(?:也)?(?:愿意|同意)(?:参加|参与|接受)(?:你们的?)?(?:满意度)?(?:调研|调查|问卷)(?:了|啦|呀|哦)?$|^(?:join|yes to) surveys$|^i(?:'d| would)? (?:agree|like) to (?:take part in|join) surveys$/u
/** Means what was asked last, while it can be answered. */
const stopsAsking =
  /^(?:请|麻烦)?(?:别|不要|不用)再?(?:来)?(?:问|烦|打扰|骚扰|发)(?:我)?(?:了|啦|吧)?$|^不想再?被?问(?:了|啦)?$|^(?:退订|td|unsubscribe|stop(?: asking(?: me)?)?|(?:please )?(?:do not|don't) ask (?:me )?(?:again|any ?more))$/u

/** How a ticket went has no words of its own. */
const plainQuestion: SurveyQuestion = { type: 'csat', wording: { zh: '' } }

const text = (words: string): Part => ({ kind: 'text', text: words })

const isOpen = (survey: OpenSurvey | undefined, now: Date): survey is OpenSurvey =>
  survey !== undefined && now < survey.expiresAt

type Config = Pick<SurveysConfig, 'askComment' | 'commentMinutes' | 'lowScore' | 'reviewMinutes'>

/** When somebody looks at it: a low score waits a while for its comment. */
const reviewOf = (
  { lowScore, reviewMinutes }: Config,
  { score, comment }: Pick<AnswerRead, 'score' | 'comment'>,
  { survey, now }: { readonly survey: OpenSurvey; readonly now: Date },
): Pick<SurveyEffect, 'reviewAt'> => {
  if (score <= lowScore) {
    const waits = comment === undefined && !survey.commented
    return { reviewAt: waits ? new Date(now.getTime() + reviewMinutes * minuteMs) : now }
  }
  return survey.score !== undefined && survey.score <= lowScore ? { reviewAt: null } : {}
}

const stopReply = (survey: OpenSurvey | undefined, language: PublicLanguage): SurveyReply => ({
  act: 'stopped',
  effect: { stop: true, ...(survey === undefined ? {} : { invitationId: survey.id }) },
  say: [text(surveyWords(language).stopped)],
})

const isTaken = ({ manner }: AnswerRead, { survey, numbersTaken }: SurveyHeard): boolean =>
  (manner === 'number' && numbersTaken) || (manner === 'loose' && survey?.score !== undefined)

/** What is said to an answer, what is asked after it, and when somebody looks at it. */
const sequel = (
  config: Config,
  read: Pick<AnswerRead, 'score' | 'comment'>,
  { survey, now, language }: Answering,
): { readonly thanks: string; readonly ask?: string } & Pick<SurveyEffect, 'reviewAt'> => {
  const own = surveyWords(language)
  const { question } = survey
  if (question !== undefined) {
    const { followUp } = question
    return { thanks: own.answered, ...(followUp === undefined ? {} : { ask: wordingIn(followUp, language) }) }
  }
  return {
    thanks: read.score <= config.lowScore ? own.sorry : own.thanks,
    ...(config.askComment ? { ask: own.better } : {}),
    ...reviewOf(config, read, { survey, now }),
  }
}

interface Answering {
  readonly survey: OpenSurvey
  readonly now: Date
  readonly language: PublicLanguage
}

const scored = (
  config: Config,
  read: Pick<AnswerRead, 'score' | 'comment'>,
  answering: Answering,
): SurveyReply => {
  const { survey, now } = answering
  const { score, comment } = read
  const { thanks, ask, ...review } = sequel(config, read, answering)
  const asks = ask !== undefined && survey.score === undefined && !survey.commented && comment === undefined
  return {
    act: 'scored',
    effect: {
      ...{ invitationId: survey.id, score },
      ...(comment === undefined ? {} : { comment: comment.slice(0, maxCommentCharacters) }),
      ...review,
    },
    say: [text(asks ? `${thanks}\n${ask}` : thanks)],
    ...(asks ? { commentUntil: new Date(now.getTime() + config.commentMinutes * minuteMs) } : {}),
  }
}

/** The option that was pressed last; undefined: none of a survey was. */
const pressIn = (pressed: readonly string[]) => pressed.flatMap((id) => readPress(id) ?? []).at(-1)

const isAnswer = ({ question = plainQuestion }: OpenSurvey, score: number): boolean =>
  answersOf(question).includes(score)

const byPress = (config: Config, heard: SurveyHeard): SurveyReply | undefined => {
  const press = pressIn(heard.pressed)
  if (press === undefined) return undefined
  const { survey, now, language } = heard
  if (!isOpen(survey, now) || survey.id !== press.invitationId || !isAnswer(survey, press.score))
    return { act: 'over', say: [text(surveyWords(language).over)] }
  return scored(config, { score: press.score }, { survey, now, language })
}

const byWords = (config: Config, heard: SurveyHeard): SurveyReply | undefined => {
  const { survey: last, written, now, language } = heard
  const survey = isOpen(last, now) ? last : undefined
  const words = plain(written)
  if (stopsSurveys.test(words) || (survey !== undefined && stopsAsking.test(words)))
    return stopReply(survey, language)
  if (agreesToSurveys.test(words))
    return { act: 'agreed', effect: { consent: true }, say: [text(surveyWords(language).agreed)] }
  const read = survey === undefined ? undefined : readAnswer(survey.question ?? plainQuestion, written)
  if (survey === undefined || read === undefined || isTaken(read, heard)) return undefined
  return scored(config, read, { survey, now, language })
}

const skips =
  /^(?:没有?(?:了|啦)?|没什么(?:了)?|无|不用(?:了|啦)?|不想说|跳过|算了|no|nope|none|nothing|skip)$/u
const courtesies =
  /^(?:好的?|行|ok(?:ay)?|嗯+|哦+|收到|谢谢(?:你们?|您)?|感谢|辛苦(?:了|你们了)?|不客气|再见|拜拜|你好|在吗|hi|hello|thanks?(?: you)?|bye)(?:了|啦|哦)?$/u
/** Words of somebody who judges: what has an answer may still be a comment. */
const judges =
  /态度|太|慢|差|敷衍|不专业|机器人|客服|人工|服务|效率|等了|等太|没(?:有)?解决|希望|建议|应该|耐心|专业|很好|不错|辛苦|slow|rude|service|staff|should|wait|helpful|friendly|better/iu

const remarkOf = (
  config: Config,
  { survey, written, now, language }: SurveyHeard,
  answerable: boolean,
): SurveyRemark | undefined => {
  const words = plain(written)
  if (!isOpen(survey, now) || survey.commented || words === '' || courtesies.test(words)) return undefined
  const own = surveyWords(language)
  if (skips.test(words)) return { say: [text(own.skipped)] }
  if (isAsking(words) || (answerable && !judges.test(words))) return undefined
  const comment = written.trim().slice(0, maxCommentCharacters)
  const isLow = survey.question === undefined && survey.score !== undefined && survey.score <= config.lowScore
  return {
    effect: { invitationId: survey.id, comment, ...(isLow ? { reviewAt: now } : {}) },
    say: [text(own.noted)],
  }
}

/** Reads answers to surveys. */
export const createSurveyReading = (config: Config): SurveyReading => ({
  answer: (heard) => byPress(config, heard) ?? byWords(config, heard),
  remark: (heard, answerable) => remarkOf(config, heard, answerable),
})
