import { describe, expect, it } from 'vitest'
import type { OpenSurvey, SurveyQuestion } from '../../src/core/survey-answer.ts'
import { npsOf } from '../../src/core/estimate.ts'
import { surveysConfig } from '../../src/surveys/config.ts'
import { campaignCsv, campaignResults, createSurveyReading } from '../../src/surveys/index.ts'

const now = new Date('2026-11-27T04:00:00Z')
const reading = createSurveyReading(surveysConfig.parse({}))
const nps: SurveyQuestion = { type: 'nps', wording: { zh: '会推荐吗' }, followUp: { zh: '为什么？' } }
const choice: SurveyQuestion = {
  ...{ type: 'choice', wording: { zh: '最想要什么' } },
  options: [{ zh: '更快', en: 'Faster' }, { zh: '更便宜' }, { zh: '更多动画' }],
}
const surveyOf = (question: SurveyQuestion): OpenSurvey => ({
  ...{ id: '0198c0de-0000-7000-8000-0000000000e0', question, commented: false },
  expiresAt: new Date(now.getTime() + 60_000),
})
const hear = (question: SurveyQuestion, written: string, pressed: readonly string[] = []) =>
  reading.answer({
    survey: surveyOf(question),
    ...{ written, pressed, numbersTaken: false, now, language: 'zh' },
  })

describe('an answer to a campaign', () => {
  it.each([
    [nps, '0', 0],
    [nps, '10', 10],
    [nps, '十分', 10],
    [nps, '给9分', 9],
    [nps, '7/10', 7],
    [choice, '2', 2],
    [choice, '第三个', 3],
    [choice, '选2', 2],
    [choice, '更快', 1],
    [choice, 'faster', 1],
  ])('to %o is read from “%s”', (question, words, score) => {
    expect(hear(question, words)?.effect?.score).toBe(score)
  })

  it.each([
    [nps, '11'],
    [nps, '10分钟了'],
    [nps, '怎么退款'],
    [nps, '1. 登录不了 2. 闪退'],
    [choice, '4'],
    [choice, '0'],
    [choice, '更好'],
  ])('to %o is not read from “%s”', (question, words) => {
    expect(hear(question, words)).toBeUndefined()
  })

  it('may come with a comment or a press, asks what follows once, and opens no ticket', () => {
    expect(hear(nps, '2，太慢了')?.effect).toEqual({
      ...{ invitationId: surveyOf(nps).id, score: 2 },
      comment: '太慢了',
    })
    const first = hear(nps, '2')
    expect(first?.effect).toEqual({ invitationId: surveyOf(nps).id, score: 2 })
    expect(JSON.stringify(first?.say)).toContain('为什么？')
    expect(hear(choice, '', [`survey:${surveyOf(choice).id}:3`])?.effect?.score).toBe(3)
    expect(hear(choice, '', [`survey:${surveyOf(choice).id}:4`])?.act).toBe('over')
    expect(JSON.stringify(hear(choice, '1')?.commentUntil)).toBeUndefined()
  })
})

describe('consent', () => {
  it.each(['愿意参加调研', '我愿意参与你们的调研', 'join surveys'])('is heard in “%s”', (words) => {
    expect(hear(nps, words)).toMatchObject({ act: 'agreed', effect: { consent: true } })
  })
  it.each(['退订调研', '不要再发调研了', 'stop surveys'])('ends with “%s”', (words) => {
    expect(hear(nps, words)).toMatchObject({ act: 'stopped', effect: { stop: true } })
  })
  it.each(['不愿意参加调研', '愿意参加调研吗'])('is not heard in “%s”', (words) => {
    expect(hear(nps, words)?.effect?.consent).toBeUndefined()
  })
})

describe('results of a campaign', () => {
  it('have the NPS with its standard error', () => {
    // Six promoters, two passives, two detractors: 40, variance (0.8 - 0.16) / 9.
    const one = npsOf([1, 0, 0, 0, 0, 0, 1, 1, 1, 3, 3])
    expect(one?.value).toBeCloseTo(40, 10)
    expect(one?.standardError).toBeCloseTo(26.6667, 3)
    expect(one?.low).toBeCloseTo(-12.266, 2)
    expect(one?.high).toBeCloseTo(92.266, 2)
    expect(npsOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9])).toEqual({ value: 100 })
    expect(npsOf([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])).toEqual({ value: 0 })
  })

  it('have a share with its interval for each option, as a table too', () => {
    const count = {
      asked: 20,
      refused: 1,
      undelivered: 0,
      answers: new Map([
        [1, 8],
        [3, 2],
      ]),
    }
    const results = campaignResults(choice, count, 'zh')
    expect(results.responseRate?.value).toBe(0.5)
    const lost = campaignResults(choice, { ...count, undelivered: 4 }, 'zh')
    expect(lost).toMatchObject({ asked: 20, undelivered: 4, responseRate: { value: 0.625 } })
    expect(results.answers.map(({ count: one }) => one)).toEqual([8, 0, 2])
    expect(results.answers[0]?.share?.low).toBeCloseTo(0.4902, 4)
    expect(results.nps).toBeUndefined()
    expect(campaignCsv(results, 'en')).toContain('answer 1,更快,8,0.8,0.4902,0.9433')
  })
})
