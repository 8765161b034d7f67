import { describe, expect, it } from 'vitest'
import type { ReviewCriterion } from '../../src/core/review-form.ts'
import type { ReviewAnswer, ReviewAnswers } from '../../src/core/review.ts'
import { builtInForms } from '../../src/quality/built-in-forms.ts'
import { checkForm } from '../../src/quality/check-form.ts'
import { checkAnswers, totalOf } from '../../src/quality/total.ts'

const buildCriterion = (over: Partial<ReviewCriterion> = {}): ReviewCriterion => ({
  ...{ id: 'tone', group: 'all', name: { zh: '语气' }, kind: 'scale', weight: 1 },
  ...{ mayNotApply: false, critical: false, wrongAnswer: false },
  ...over,
})
const buildForm = (criteria: readonly ReviewCriterion[]) => ({
  ...{ name: { zh: '表' }, subject: 'ticket' as const, groups: [{ id: 'all', name: { zh: '全部' } }] },
  criteria,
})

/** Numbers that look random and are the same every time. */
const createNumbers = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

describe('a total', () => {
  it('is what repeating each criterion as often as it weighs, and taking the plain mean, gives', () => {
    const next = createNumbers(7)
    for (let round = 0; round < 500; round += 1) {
      const criteria = Array.from({ length: 1 + next(8) }, (_, place) => {
        const kind = next(2) === 0 ? 'scale' : 'yes-no'
        const critical = kind === 'yes-no' && next(4) === 0
        return buildCriterion({
          id: `c${String(place)}`,
          kind,
          weight: 1 + next(9),
          critical,
          mayNotApply: !critical,
        })
      })
      const answers: Record<string, ReviewAnswer> = {}
      const units: number[] = []
      let failed = false
      for (const { id, kind, weight, critical, mayNotApply } of criteria) {
        if (mayNotApply && next(4) === 0) {
          answers[id] = { value: 'not-applicable' }
          continue
        }
        const points = kind === 'scale' ? next(6) : next(2) * 5
        answers[id] = { value: kind === 'scale' ? points : points === 5 ? 'yes' : 'no' }
        units.push(...Array.from({ length: weight }, () => points * 20))
        failed ||= critical && points === 0
      }
      if (units.length === 0) {
        expect(() => totalOf({ criteria }, answers)).toThrow('at least one criterion must apply')
        continue
      }
      const mean = units.reduce((sum, one) => sum + one, 0) / units.length
      const got = totalOf({ criteria }, answers)
      expect(got.failed).toBe(failed)
      expect(Math.abs(got.total - (failed ? 0 : mean))).toBeLessThanOrEqual(0.005 + 1e-9)
    }
  })

  it('needs every criterion answered, and as the form asks it', () => {
    const form = buildForm([
      buildCriterion(),
      buildCriterion({ id: 'privacy', kind: 'yes-no', critical: true }),
      buildCriterion({ id: 'procedure', mayNotApply: true }),
    ])
    expect(() => totalOf(form, { tone: { value: 5 } })).toThrow('privacy, procedure')
    const refused: readonly [ReviewAnswers, string][] = [
      [{ mood: { value: 1 } }, 'no criterion mood'],
      [{ tone: { value: 6 } }, 'from 0 to 5'],
      [{ tone: { value: 2.5 } }, 'from 0 to 5'],
      [{ tone: { value: 'yes' } }, 'from 0 to 5'],
      [{ tone: { value: 'not-applicable' } }, 'always applies'],
      [{ privacy: { value: 1 } }, 'yes or no'],
    ]
    for (const [answers, rule] of refused) expect(() => checkAnswers(form, answers)).toThrow(rule)
    checkAnswers(form, {
      tone: { value: 0 },
      privacy: { value: 'no' },
      procedure: { value: 'not-applicable' },
    })
  })

  it('says that a bot was wrong by the criteria that tell it', () => {
    const criteria = [
      buildCriterion({ id: 'right', wrongAnswer: true, mayNotApply: true }),
      buildCriterion({ id: 'tone' }),
    ]
    const wrong = (right: ReviewAnswer['value'], tone: number) =>
      totalOf({ criteria }, { right: { value: right }, tone: { value: tone } }).wrongAnswer
    expect([wrong(1, 5), wrong(2, 5), wrong(5, 0), wrong('not-applicable', 0)]).toEqual([
      true,
      false,
      false,
      false,
    ])
  })
})

describe('a form', () => {
  it('is refused with the rule it breaks', () => {
    const refused: readonly [readonly ReviewCriterion[], string][] = [
      [[], 'a criterion at least'],
      [[buildCriterion({ group: 'other' })], 'group other'],
      [[buildCriterion(), buildCriterion()], 'tone stands twice'],
      [[buildCriterion({ critical: true })], 'must be yes-no'],
      [[buildCriterion({ critical: true, kind: 'yes-no', mayNotApply: true })], 'always applies'],
      [[buildCriterion({ wrongAnswer: true })], 'only forms for bot-answer'],
    ]
    for (const [criteria, rule] of refused) expect(() => checkForm(buildForm(criteria))).toThrow(rule)
    const empty = {
      ...buildForm([buildCriterion()]),
      groups: [...buildForm([]).groups, { id: 'x', name: { zh: 'x' } }],
    }
    expect(() => checkForm(empty)).toThrow('group x has no criterion')
  })

  it('that the product brings breaks none, in both languages', () => {
    for (const form of builtInForms) {
      checkForm(form)
      for (const { name, guidance } of form.criteria)
        expect([name.zh, name.en, guidance?.zh, guidance?.en].every((text) => (text ?? '') !== '')).toBe(true)
    }
    expect(builtInForms.map(({ subject }) => subject)).toEqual(['ticket', 'bot-answer'])
  })
})
