import { describe, expect, it } from 'vitest'
import { failingFaults } from '../../sandbox/llm/index.ts'
import type { Claim } from '../../src/core/conversation.ts'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { Classification } from '../../src/core/understanding.ts'
import { article, claimOf, text } from '../dialogue/builders.ts'
import {
  candidate,
  mistake,
  openContactWorld,
  progress,
  refund,
  sound,
  type Told,
  unsure,
} from './contact-world.ts'

const { provider, turnWith } = openContactWorld()
const ask = (words: string, over: Partial<Claim> = {}): Claim => claimOf([[text(words)]], over)

describe('a question that the rules would ask back about', () => {
  it('is answered from the articles, says from which and by whom, and keeps its source', async () => {
    provider().answerWith(() => sound)
    const turn = await turnWith()
    const { outcome, said, reasons } = await turn(ask('买错了咋整'))
    expect(outcome.decision).toMatchObject({ kind: 'answer', rule: 'grounded', articleId: refund.id })
    expect(said).toBe(
      '购买后15天内没有使用过可以申请退款。\n（以上内容由 AI 根据“大会员买错了可以退款吗”整理）',
    )
    expect(reasons).toContain('grounded')
    expect(outcome.outbound[0]?.parts[0]).toMatchObject({ source: refund.question })
    expect(outcome.dialogue).toMatchObject({ given: [refund.id], failedTurns: 0 })
    expect(outcome.openTicket).toBeUndefined()
  })

  it('goes out apart from the instructions, with the articles that a machine may give', async () => {
    provider().answerWith(() => sound)
    await (
      await turnWith()
    )(ask('买错了咋整'))
    const [request] = provider().requests
    expect(request?.system).not.toContain('买错了咋整')
    expect(request?.system).not.toContain(refund.answer)
    expect(request?.user).toContain('买错了咋整')
    expect(request?.user).toContain(refund.answer)
    expect(request?.user).toContain(progress.answer)
    expect(request?.user).not.toContain(mistake.answer)
  })

  it('is shown in traditional characters, too, while it is written to who writes them', async () => {
    provider().answerWith(() => sound)
    const shown: string[] = []
    const preview = {
      show: (words: string) => void shown.push(words),
      end: () => Promise.resolve(),
      withdraw: () => {},
    }
    const { said } = await (await turnWith())(ask('買錯了怎麼辦'), preview)
    expect(said).toContain('購買後15天內沒有使用過可以申請退款。')
    expect(shown).toEqual(['購買後15天內沒有使用過可以申請退款。'])
  })

  it('can be told that this was not meant', async () => {
    provider().answerWith(() => sound)
    const turn = await turnWith()
    const first = await turn(ask('买错了咋整'))
    const again = await turn(ask('不是这个', { dialogue: first.outcome.dialogue }))
    expect(again.outcome.decision.rule).toBe('corrected')
    expect(again.reasons).toContain('corrected')
    expect(provider().requests).toHaveLength(1)
  })

  it('gives the article itself when that is asked for next', async () => {
    provider().answerWith(() => sound)
    const sure = { confidence: 0.9, candidates: [candidate(refund, 0.9)] }
    const turn = await turnWith({ meanings: (words) => (words === '怎么退款' ? sure : undefined) })
    const first = await turn(ask('买错了咋整'))
    const next = await turn(ask('怎么退款', { dialogue: first.outcome.dialogue }))
    expect(next.said).toContain(refund.answer)
  })

  it('is answered in English to who writes another Latin language, and never in words that cannot be checked', async () => {
    const meanings = () => ({ language: 'other' }) as const
    const asked = 'quiero un reembolso de mi suscripción'
    provider().answerWith(() => ({
      answered: true,
      sentences: [{ text: 'Monthly plans are not returned', sources: [refund.id] }],
    }))
    const { said } = await (await turnWith({ meanings }))(ask(asked))
    expect(said).toContain('Monthly plans are not returned.')
    expect(provider().requests[0]?.system).toContain('Language: English.')
    provider().answerWith(() => ({
      answered: true,
      sentences: [{ text: 'Los planes mensuales no se devuelven', sources: [refund.id] }],
    }))
    const foreign = await (await turnWith({ meanings }))(ask(asked))
    expect(foreign.reasons).toContain('model-unfounded')
    expect(foreign.said).not.toContain('planes')
    const before = provider().requests.length
    await (
      await turnWith({ meanings })
    )(ask('환불해 주세요'))
    expect(provider().requests).toHaveLength(before)
  })

  it('is answered in English from what is written in English', async () => {
    provider().answerWith(() => ({
      answered: true,
      sentences: [{ text: 'Monthly plans are not returned', sources: [refund.id] }],
    }))
    const turn = await turnWith({ meanings: () => ({ language: 'en' }) })
    const { said } = await turn(ask('money back for a monthly plan'))
    expect(said).toBe(
      'Monthly plans are not returned.\n(Written by AI from “Can I get a refund for a membership?”)',
    )
    expect(provider().requests[0]?.user).not.toContain(progress.answer)
  })

  it('needs no notice where none is wanted', async () => {
    provider().answerWith(() => sound)
    const { said } = await (await turnWith({ section: { answerNotice: '' } }))(ask('买错了咋整'))
    expect(said).toBe('购买后15天内没有使用过可以申请退款。')
  })
})

it('answers what is asked about the answer that was just given', async () => {
  provider().answerWith(() => ({
    answered: true,
    sentences: [{ text: '审核通过后1-3个工作日原路退回', sources: [refund.id] }],
  }))
  const turn = await turnWith({ meanings: () => ({ confidence: 0.9, candidates: [candidate(refund, 0.9)] }) })
  const first = await turn(ask('怎么退款'))
  expect(first.outcome.decision.rule).toBe('confident-answer')
  expect(provider().requests).toHaveLength(0)
  const next = await turn(ask('那多久退回来', { dialogue: first.outcome.dialogue }))
  expect(next.outcome.decision).toMatchObject({ rule: 'grounded', articleId: refund.id })
})

describe('without an answer that stands, the bot asks back as ever', () => {
  const plainly = async (words: string) => (await turnWith({ section: null }))(ask(words))

  it.each<[string, unknown, string]>([
    ['the articles do not answer', { answered: false, sentences: [] }, 'model-refused'],
    ['nothing was written', { answered: true, sentences: [] }, 'model-refused'],
    [
      'half of it does not stand',
      {
        ...sound,
        sentences: [...sound.sentences, { text: '购买后30天内可以申请退款', sources: [refund.id] }],
      },
      'model-unfounded',
    ],
    [
      'it comes from an article that belongs to people',
      { answered: true, sentences: [{ text: '机密内容，由同事核实', sources: [mistake.id] }] },
      'model-unfounded',
    ],
    ['it is something else', { reply: '可以退' }, 'model-failed'],
    ['it is no JSON', '可以退', 'model-failed'],
  ])('because %s', async (_why, answer, reason) => {
    provider().answerWith(() => answer)
    const { outcome, said, reasons } = await (await turnWith())(ask('买错了咋整'))
    const plain = await plainly('买错了咋整')
    expect(said).toBe(plain.said)
    expect(outcome.dialogue).toEqual(plain.outcome.dialogue)
    expect(outcome.decision).toMatchObject({ kind: 'clarify', rule: 'clarify' })
    expect(reasons).toContain(reason)
  })

  it.each(failingFaults)('because of the fault %s', async (fault) => {
    provider().answerWith(() => sound)
    provider().misbehave(fault)
    const turn = await turnWith({ section: { timeoutMs: 700 } })
    const { said, reasons } = await turn(ask('买错了咋整'))
    expect(said).toBe((await plainly('买错了咋整')).said)
    expect(reasons.some((one) => ['model-failed', 'model-refused'].includes(one))).toBe(true)
  })
})

it('does not wait for help that does not come', async () => {
  const turn = await turnWith({ help: { answer: () => new Promise(() => undefined) } })
  const claim = ask('买错了咋整')
  const { said, reasons } = await turn({
    ...claim,
    pending: claim.pending.map((one) => ({ ...one, passiveMs: 2_800 })),
  })
  expect(said).toBe((await (await turnWith({ section: null }))(ask('买错了咋整'))).said)
  expect(reasons).toContain('model-failed')
})

describe('nobody is asked', () => {
  const soon = (): Claim => {
    const claim = ask('买错了咋整')
    return { ...claim, pending: claim.pending.map((one) => ({ ...one, passiveMs: 2_400 })) }
  }
  it.each<[string, Partial<Classification>, Claim]>([
    ['a person is asked for', { asksForPerson: true }, ask('买错了咋整')],
    ['the matter presses', { urgency: 'high' }, ask('买错了咋整')],
    ['it is urgent', { urgency: 'urgent' }, ask('买错了咋整')],
    ['the contact is angry', { emotion: 'angry', emotionStrength: 1 }, ask('买错了咋整')],
    ['it insults', { abuse: 'others' }, ask('买错了咋整')],
    ['it is none of the brand’s business', { outOfScope: 0.9 }, ask('买错了咋整')],
    ['the topic belongs to people', { topic: 'complaint-service' }, ask('买错了咋整')],
    ['an article is sure', { candidates: [candidate(refund, 0.9)] }, ask('买错了咋整')],
    ['only people may answer', { candidates: [candidate(mistake, 0.4)] }, ask('买错了咋整')],
    ['a person leads', {}, ask('买错了咋整', { mode: 'human' })],
    ['a ticket is open', {}, ask('买错了咋整', { ticket: { id: 't', number: 1, state: 'open' } })],
    [
      'the contact was misunderstood',
      {},
      ask('不是这个，我要发票', { dialogue: { ...initialDialogue, given: [refund.id] } }),
    ],
    [
      'a person is called by rule',
      {},
      ask('买错了咋整', { dialogue: { ...initialDialogue, failedTurns: 1, lastRule: 'clarify' } }),
    ],
    ['the time in which an answer can ride on the request is short', {}, soon()],
  ])('when %s', async (_why, over, claim) => {
    provider().answerWith(() => sound)
    const turn = await turnWith({ meanings: () => over, section: { rewrites: 'on' } })
    const plain = await turnWith({ meanings: () => over, section: null })
    const told = await turn(claim)
    expect(provider().requests).toHaveLength(0)
    expect(told.said).toBe((await plain(claim)).said)
    expect(told.outcome.decision.rule).not.toBe('grounded')
  })

  it('where both are switched off', async () => {
    await (
      await turnWith({ section: { answers: 'off' } })
    )(ask('买错了咋整'))
    expect(provider().requests).toHaveLength(0)
  })
})

describe('rewording', () => {
  const lost = { confidence: 0.2, candidates: [candidate(refund, 0.05)] }
  const sure = { confidence: 0.9, candidates: [candidate(refund, 0.9)] }
  const where = { confidence: 0.9, topic: 'vip-refund', candidates: [candidate(progress, 0.85)] }
  const meanings = (words: string) =>
    ({ 大会员买错了可以退款吗: sure, 退款进度在哪里查: where, 我要退30元吗: sure, 退款呢: lost })[words] ??
    lost
  const section = { answers: 'off', rewrites: 'on' }
  const reword = (...questions: readonly string[]) => provider().answerWith(() => ({ questions }))

  it('finds the article that the words as they came did not', async () => {
    reword('大会员买错了可以退款吗')
    const turn = await turnWith({ meanings, section })
    const { outcome, said, reasons } = await turn(ask('手滑点成一年的了咋整'))
    expect(outcome.decision).toMatchObject({ rule: 'confident-answer', articleId: refund.id })
    expect(said).toContain(refund.answer)
    expect(reasons).not.toContain('model-failed')
    expect(JSON.stringify(outcome.decision.classification?.reasons)).toContain('reworded')
    expect(provider().requests[0]?.system).not.toContain('手滑')
  })

  it('answers each of several questions', async () => {
    reword('大会员买错了可以退款吗', '退款进度在哪里查')
    const { outcome, said } = await (
      await turnWith({ meanings, section })
    )(ask('手滑点了一年，能弄回来不，到哪看'))
    expect(outcome.decision.rule).toBe('several-questions')
    expect(said).toContain(refund.answer)
    expect(said).toContain(progress.answer)
  })

  it('tells at the desk the questions that it was understood by, and no others', async () => {
    reword('退款进度', '退款进度在哪里查', '大会员买错了可以退款吗')
    const { outcome } = await (await turnWith({ meanings, section }))(ask('手滑点了一年，能弄回来不，到哪看'))
    expect(outcome.decision.classification?.reasons).toContainEqual({
      code: 'reworded',
      values: { question: '大会员买错了可以退款吗 / 退款进度在哪里查' },
    })
  })

  it.each([
    ['its instructions', (system: string) => system.slice(0, 110)],
    ['the rules', (system: string) => system.slice(system.indexOf('The user message holds')).slice(0, 110)],
  ])('is not used where a question repeats %s', async (_what, placeIn) => {
    let echo = ''
    provider().answerWith(({ system }) => {
      echo = placeIn(system).replaceAll(/\s+/gu, ' ').trim()
      return { questions: [echo, '大会员买错了可以退款吗'] }
    })
    const heard = (words: string) => (words === echo ? where : meanings(words))
    const told = await (await turnWith({ meanings: heard, section }))(ask('手滑点成一年的了咋整'))
    expect(whyNot(told)).toEqual({ code: 'not-reworded', values: { why: 'unfounded' } })
    expect(JSON.stringify(told.outcome)).not.toContain(echo)
  })

  const whyNot = ({ outcome }: Told): unknown =>
    outcome.decision.reasons.find((one) => typeof one !== 'string' && one.code === 'not-reworded')

  it.each<[string, readonly string[], string]>([
    ['it invents a number', ['我要退30元吗'], 'unfounded'],
    ['it is no clearer', ['退款呢'], 'no-better'],
    ['it asks nothing', [], 'no-better'],
    ['it is a book', ['大会员买错了可以退款吗'.repeat(20)], 'no-better'],
  ])('is not used where %s, and the record says why', async (_why, questions, why) => {
    reword(...questions)
    const told = await (await turnWith({ meanings, section }))(ask('手滑点成一年的了咋整'))
    const plain = await (await turnWith({ meanings, section: null }))(ask('手滑点成一年的了咋整'))
    expect(provider().requests).toHaveLength(1)
    expect(told.said).toBe(plain.said)
    expect(whyNot(told)).toEqual({ code: 'not-reworded', values: { why } })
  })

  it('is left out where a short time would leave it too little; the answer has all of that', async () => {
    provider().answerWith(() => sound)
    const claim = ask('手滑点成一年的了咋整')
    const riding = { ...claim, pending: claim.pending.map((one) => ({ ...one, passiveMs: 3_700 })) }
    const told = await (await turnWith({ meanings, section: { rewrites: 'on' } }))(riding)
    expect(told.outcome.decision.rule).toBe('grounded')
    expect(provider().requests).toHaveLength(1)
    expect(whyNot(told)).toBeUndefined()
  })

  it('that failed leaves a reason, beside an answer from the articles, too', async () => {
    provider().answerWith(({ system }) => (system.includes('reword') ? { reply: '好的' } : sound))
    const told = await (
      await turnWith({ meanings, section: { rewrites: 'on' } })
    )(ask('手滑点成一年的了咋整'))
    expect(told.outcome.decision.rule).toBe('grounded')
    expect(whyNot(told)).toEqual({ code: 'not-reworded', values: { why: 'failed' } })
    provider().misbehave('hang')
    const late = await (
      await turnWith({ meanings, section: { ...section, timeoutMs: 600 } })
    )(ask('手滑点成一年的了咋整'))
    expect(whyNot(late)).toEqual({ code: 'not-reworded', values: { why: 'failed' } })
  })

  describe('calls nobody that the words as they came do not call', () => {
    const gift = { confidence: 0.9, topic: mistake.topic, candidates: [candidate(mistake, 0.9)] }
    const stolen = article('account-stolen', {
      topic: 'account',
      question: '账号被盗怎么办',
      urgency: 'urgent',
    })
    const danger = { confidence: 0.9, topic: stolen.topic, candidates: [candidate(stolen, 0.9)] }

    it.each<[string, string, Partial<Classification>]>([
      ['an article that a person handles', mistake.question, gift],
      ['an urgent article', stolen.question, danger],
      ['urgent words', stolen.question, { ...sure, urgency: 'urgent' }],
      ['urgent words of a topic that is urgent', stolen.question, { ...danger, urgency: 'urgent' }],
    ])('by %s', async (_why, question, meant) => {
      reword(question)
      const heard = (words: string) => (words === question ? meant : lost)
      const articles = [refund, progress, mistake, stolen]
      const claim = ask('手滑点成一年的了咋整')
      const told = await (await turnWith({ articles, meanings: heard, section }))(claim)
      expect(provider().requests).toHaveLength(1)
      expect(told.outcome.openTicket).toBeUndefined()
      expect(told.outcome.decision.kind).not.toBe('escalate')
      expect(told.outcome.decision.classification?.urgency).toBe('normal')
    })

    it('and the record says that the other words were no better', async () => {
      reword(mistake.question)
      const heard = (words: string) => (words === mistake.question ? gift : lost)
      const claim = ask('手滑点成一年的了咋整')
      const told = await (await turnWith({ meanings: heard, section }))(claim)
      const plain = await (await turnWith({ meanings: heard, section: null }))(claim)
      expect(told.said).toBe(plain.said)
      expect(whyNot(told)).toEqual({ code: 'not-reworded', values: { why: 'no-better' } })
    })
  })

  it('does not calm down who is in trouble', async () => {
    reword('大会员买错了可以退款吗')
    const sad = (words: string) => ({
      ...meanings(words),
      ...(words.startsWith('手滑') ? { emotion: 'sad' as const, emotionStrength: 2 } : {}),
    })
    const { outcome } = await (await turnWith({ meanings: sad, section }))(ask('手滑点成一年的了咋整'))
    expect(outcome.decision.classification).toMatchObject({ emotion: 'sad', emotionStrength: 2 })
  })

  it('leaves alone what is clear enough to ask back about', async () => {
    const told = await (await turnWith({ meanings: () => unsure, section }))(ask('买错了咋整'))
    expect(whyNot(told)).toBeUndefined()
    expect(provider().requests).toHaveLength(0)
  })
})
