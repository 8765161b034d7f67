// When a model is left alone, and what is no fault of its own.
import { setImmediate as immediate, setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createMemoryLedger } from '../../src/llm/index.ts'
import { openTestModel } from '../support/language-model.ts'
import { at, codeOf, good, openTwoModels, request } from './two-models.ts'

const two = openTwoModels()

describe('the breaker', () => {
  it('leaves a model alone that fails in a row, tries it after the pause, and asks again when it is well', async () => {
    const { model, clock, withheld } = await openTestModel({
      model: at(two.first.baseUrl),
      breaker: { failures: 2, pauseMs: 60_000 },
    })
    two.first.misbehave('broken')
    await codeOf(model.ask(request))
    expect(two.first.requests).toHaveLength(2)
    await codeOf(model.ask(request))
    expect(two.first.requests).toHaveLength(2)
    expect(withheld).toEqual(['answer left_alone'])
    const [standing] = model.standings()
    expect(standing).toMatchObject({ model: 'openai/small', breaker: 'open' })
    // Of the pause, what has not gone by.
    expect(Number(standing?.leftAloneUntil)).toBeLessThanOrEqual(clock.now().getTime() + 60_000)
    clock.advance(61_000)
    const staff = { breaker: 'closed' }
    expect(model.standings()).toEqual([{ model: 'openai/small', breaker: 'trying', staff }])
    await codeOf(model.ask(request))
    expect(two.first.requests).toHaveLength(3)
    two.first.misbehave(undefined)
    clock.advance(61_000)
    expect((await model.ask(request)).value).toEqual(good)
    expect(model.standings()).toEqual([{ model: 'openai/small', breaker: 'closed', staff }])
  })

  it('does not close the model to all because of what one contact makes it say', async () => {
    const { model } = await openTestModel({ model: at(two.first.baseUrl), breaker: { failures: 2 } })
    for (const fault of ['wrong_schema', 'prose', 'too_long', 'filtered'] as const) {
      two.first.misbehave(fault)
      await codeOf(model.ask(request))
    }
    two.first.misbehave(undefined)
    expect((await model.ask(request)).value).toEqual(good)
  })

  it('does not blame a model for what the ledger took', async () => {
    let answer = (): void => undefined
    const away = new Promise<void>((resolve) => {
      answer = resolve
    })
    const kept = createMemoryLedger()
    const ledger = {
      ...kept,
      spent: (...asked: Parameters<typeof kept.spent>) => away.then(() => kept.spent(...asked)),
    }
    const { model } = await openTestModel(
      { model: at(two.first.baseUrl), breaker: { failures: 1 } },
      { ledger },
    )
    const late = [1, 2, 3].map(() => codeOf(model.ask({ ...request, timeoutMs: 200 })))
    expect((await Promise.all(late)).map(({ code }) => code)).toEqual(Array(3).fill('model_unavailable'))
    expect([two.first.requests.length, model.standings()[0]?.breaker]).toEqual([0, 'closed'])
    answer()
    // What waited for it goes on now, and finds that time is up.
    await immediate()
    expect((await model.ask(request)).value).toEqual(good)
    expect(model.standings()[0]?.breaker).toBe('closed')
  })

  it('does not blame a model for being late where the ledger left it little time', async () => {
    const kept = createMemoryLedger()
    const slow = {
      ...kept,
      spent: (...asked: Parameters<typeof kept.spent>) => delay(700).then(() => kept.spent(...asked)),
    }
    const { model } = await openTestModel(
      { model: at(two.first.baseUrl), breaker: { failures: 1 } },
      { ledger: slow },
    )
    two.first.misbehave('hang')
    expect((await codeOf(model.ask({ ...request, timeoutMs: 1_000 }))).code).toBe('model_unavailable')
    expect(model.standings()[0]?.breaker).toBe('closed')
  })

  // What a web chat or the desk would notice of a channel whose replies leave a model half a two.second.
  it('does not blame a model for the little time that it was given', async () => {
    const { model } = await openTestModel({
      ...{ model: at(two.first.baseUrl), timeoutMs: 8_000, breaker: { failures: 2 } },
    })
    two.first.misbehave('unauthorized', 1)
    await codeOf(model.ask(request))
    two.first.misbehave('hang')
    for (const timeoutMs of [300, 600, 600])
      expect((await codeOf(model.ask({ ...request, timeoutMs }))).facts).toMatchObject({ outcome: 'timeout' })
    expect(model.standings()[0]?.breaker).toBe('closed')
    // Nor is it praised for that.
    two.first.misbehave('unauthorized', 1)
    await codeOf(model.ask(request))
    expect(model.standings()[0]?.breaker).toBe('open')
  })

  it('leaves a model alone that hangs for as long as it may take', async () => {
    const { model } = await openTestModel({
      ...{ model: at(two.first.baseUrl), timeoutMs: 700, breaker: { failures: 2 } },
    })
    two.first.misbehave('hang')
    await codeOf(model.ask(request))
    expect(model.standings()[0]?.breaker).toBe('closed')
    await codeOf(model.ask(request))
    await expect.poll(() => model.standings()[0]?.breaker).toBe('open')
  })

  it('gives all of a short time to the first model, and asks no second with what is left', async () => {
    const { model, calls } = await openTestModel({
      ...{ model: at(two.first.baseUrl), fallback: at(two.second.baseUrl) },
    })
    two.first.misbehave('hang')
    await codeOf(model.ask({ ...request, timeoutMs: 1_200 }))
    await expect.poll(() => calls.length).toBe(1)
    expect([two.first.requests.length, two.second.requests.length]).toEqual([1, 0])
  })

  it.each<[string, Record<string, string>, number]>([
    ['in seconds', { 'retry-after': '60' }, 60_000],
    ['in few seconds', { 'retry-after': '1' }, 1_000],
    ['in milliseconds', { 'retry-after-ms': '1500', 'retry-after': '2' }, 1_500],
    [
      'by a date, on its own clock',
      { 'retry-after': 'Wed, 21 Oct 2015 07:28:40 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' },
      40_000,
    ],
    ['too long', { 'retry-after': '99999' }, 300_000],
    ['not at all', {}, 30_000],
    ['in no way that is known', { 'retry-after': 'soon' }, 30_000],
  ])('leaves a model alone for as long as its provider asks: %s', async (_how, headers, ms) => {
    const { model, clock } = await openTestModel({
      ...{ model: at(two.first.baseUrl), fallback: at(two.second.baseUrl) },
    })
    two.first.askToWait(headers)
    two.first.misbehave('rate_limited', 1)
    await model.ask(request)
    clock.advance(ms - 1)
    await model.ask(request)
    expect(two.first.requests).toHaveLength(1)
    clock.advance(1)
    await model.ask(request)
    expect([two.first.requests.length, two.second.requests.length]).toEqual([2, 2])
  })
})

describe('work for agents and editors', () => {
  const article = { ...request, purpose: 'article' } as const

  it('may take longer than a contact waits', async () => {
    two.first.answerWith(() => delay(1_500).then(() => good))
    const { model } = await openTestModel({ model: at(two.first.baseUrl), timeoutMs: 600 })
    expect((await codeOf(model.ask(request))).facts).toMatchObject({ outcome: 'timeout' })
    expect((await model.ask(article)).value).toEqual(good)
  })

  it('takes no model away from contacts, nor they from it', async () => {
    const { model } = await openTestModel({
      ...{ model: at(two.first.baseUrl), staffTimeoutMs: 700, breaker: { failures: 1 } },
    })
    two.first.misbehave('hang')
    expect((await codeOf(model.ask(article))).facts).toMatchObject({ outcome: 'timeout' })
    await expect.poll(() => model.standings()[0]?.staff.breaker).toBe('open')
    two.first.misbehave(undefined)
    expect((await model.ask(request)).value).toEqual(good)
    await codeOf(model.ask(article))
    expect(model.standings()[0]).toMatchObject({ breaker: 'closed', staff: { breaker: 'open' } })
    const other = await openTestModel({ model: at(two.second.baseUrl), breaker: { failures: 1 } })
    two.second.misbehave('unauthorized', 1)
    await codeOf(other.model.ask(request))
    expect((await other.model.ask(article)).value).toEqual(good)
    expect(other.model.standings()[0]).toMatchObject({ breaker: 'open', staff: { breaker: 'closed' } })
  })
})
