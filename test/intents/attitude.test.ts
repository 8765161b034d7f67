import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createAttitudeReader } from '../../intents/attitude.ts'
import type { AttitudeReading } from '../../intents/attitude.ts'
import { createConceptFinder } from '../../intents/concepts.ts'
import { createTextTools, loadIntents, loadLexicons } from '../../intents/index.ts'
import type { IntentSet, Lexicons } from '../../intents/index.ts'
import { headerOfAttitude, tablesOfAttitude } from '../../intents/model/attitude-cache.ts'
import type { AttitudeModel } from '../../intents/model/attitude.ts'
import { createExtractor } from '../../intents/model/features.ts'
import { trainAttitude } from '../../intents/train.ts'

const root = join(import.meta.dirname, '../..')

let intents: IntentSet
let lexicons: Lexicons
let hear: (text: string) => AttitudeReading
let listsAlone: (text: string) => AttitudeReading

const readerOf = (model: AttitudeModel | undefined) => {
  const tools = createTextTools(lexicons)
  const { normalise } = tools
  const extract = createExtractor(tools, createConceptFinder(lexicons.concepts, normalise))
  const read = createAttitudeReader(model, extract, { lexicons, normalise })
  return (text: string) => read(normalise(text))
}

beforeAll(async () => {
  const loaded = await loadIntents(join(root, 'intents'))
  expect(loaded.faults).toEqual([])
  if (loaded.intents === undefined) throw new Error('no intents')
  intents = loaded.intents
  lexicons = (await loadLexicons(join(root, 'intents/lexicon'))).lexicons
  hear = readerOf(await trainAttitude({ intents, lexicons }))
  listsAlone = readerOf(undefined)
})

const codesOf = ({ reasons }: AttitudeReading) => reasons.map(({ code }) => code)

describe('the labelled messages that ship', () => {
  it('are many, and every label has its share', () => {
    const { attitude = [] } = intents
    expect(attitude.length).toBeGreaterThanOrEqual(900)
    const shareOf = (holds: (row: (typeof attitude)[number]) => boolean) =>
      attitude.filter(holds).length / attitude.length
    for (const emotion of ['neutral', 'angry', 'sad', 'anxious', 'happy'])
      expect(
        shareOf((row) => row.emotion === emotion),
        emotion,
      ).toBeGreaterThan(0.05)
    for (const urgency of ['normal', 'high', 'urgent'])
      expect(
        shareOf((row) => row.urgency === urgency),
        urgency,
      ).toBeGreaterThan(0.05)
    for (const abuse of ['none', 'us', 'others'])
      expect(
        shareOf((row) => row.abuse === abuse),
        abuse,
      ).toBeGreaterThan(0.03)
    expect(shareOf(({ wantsPerson }) => wantsPerson)).toBeGreaterThan(0.08)
  })
})

describe('a head', () => {
  it.each([
    ['真行啊，花钱买的会员还得看广告', 'angry'],
    ['养了好多年的号没了，心里空空的', 'sad'],
    ['也太好听了吧，单曲循环了一天，爱你们', 'happy'],
  ] as const)('hears a mood that the word lists miss: %j is %s', (text, emotion) => {
    expect(listsAlone(text).mood.emotion).not.toBe(emotion)
    const found = hear(text)
    expect(found.mood.emotion).toBe(emotion)
    expect(found.mood.strength).toBeGreaterThan(0)
    expect(found.mood.words).toEqual([])
    expect(codesOf(found)).toContain('emotion-heard')
  })

  it('lets anger that no word says colour the tone, and no more', () => {
    for (const text of ['真行啊，花钱买的会员还得看广告', '封号理由一个字都不解释，这叫什么规则']) {
      expect(listsAlone(text).mood.emotion).toBe('neutral')
      expect(hear(text).mood).toMatchObject({ emotion: 'angry', strength: 1 })
    }
  })

  it.each(['我要投诉侵权', '字幕里有“滚”字会被屏蔽吗', '《愤怒的小鸟》在哪看', '急救包测评发哪个分区'])(
    'takes back what only sounds like a mood: %j',
    (text) => {
      expect(hear(text).mood).toMatchObject({ emotion: 'neutral', strength: 0 })
    },
  )

  it('raises urgency, and takes back alarming words that name a subject', () => {
    const pressing = '今晚九点前必须提交作品，页面一直报错，麻烦优先处理，谢谢'
    expect(listsAlone(pressing).urgency).toBe('normal')
    expect(hear(pressing).urgency).toBe('high')
    expect(codesOf(hear(pressing))).toContain('urgency-heard')
    const subject = '12315是什么电话，我想做一期科普'
    expect(listsAlone(subject)).toMatchObject({ urgency: 'urgent', phrase: { words: '12315' } })
    expect(hear(subject).urgency).toBe('normal')
    expect(hear(subject).phrase).toBeUndefined()
  })

  it.each([
    '哈哈哈谢谢，我想自杀',
    '我要投诉侵权，另外我不想活了',
    '歌单《安眠药》真好听',
    '开心，今晚就跳楼',
    '请问自残的视频放哪个分区可以吗',
  ])('never explains danger away: %j', (text) => {
    expect(hear(text).urgency).toBe(listsAlone(text).urgency)
    expect(hear(text).lists).toEqual(listsAlone(text).lists)
    expect(hear(text).urgency).toBe('urgent')
  })

  it('knows whom a message insults, and that a report insults nobody', () => {
    const insult = hear('你们这群废物脑子进水了')
    expect(insult.abuse).toBe('us')
    expect(codesOf(insult)).toContain('abuse-heard')
    expect(hear('那个主播就是条疯狗，恶心').abuse).toBe('others')
    for (const text of ['他评论里骂我“脑残”，怎么举报', '怎么退款', '客服真耐心，谢谢'])
      expect([text, hear(text).abuse]).toEqual([text, undefined])
  })

  it('hears a wish for a person in other words, and leaves a bare call alone', () => {
    const asked = '能不能安排工作人员跟我直接沟通'
    expect(listsAlone(asked).person.words).toBeUndefined()
    expect(hear(asked).wantsPerson).toBe(true)
    expect(codesOf(hear(asked))).toContain('person-heard')
    for (const text of ['人工', '转人工', '客服']) expect(hear(text).person).toEqual(listsAlone(text).person)
    expect(hear('人工智能区怎么投稿').wantsPerson).not.toBe(true)
  })

  it.each([
    'Je voudrais parler à un conseiller',
    'je voudrais parler a un conseiller',
    'Bonjour, je souhaite parler avec une personne',
    'Quiero hablar con un asesor por favor',
    'Ich möchte mit einem Mitarbeiter sprechen',
    'Quero falar com um atendente',
  ])('leaves alone what is listed in a language that no head has learned: %j', (text) => {
    expect(listsAlone(text).person.words).toBeDefined()
    expect(hear(text).person).toEqual(listsAlone(text).person)
  })

  it('says nothing of an empty message', () => {
    expect(hear('')).toEqual(listsAlone(''))
  })
})

describe('learning', () => {
  it('gives the same heads again, and none from too little', async () => {
    const bytesOf = async () => {
      const model = await trainAttitude({ intents, lexicons })
      if (model === undefined) throw new Error('nothing was learned')
      return [headerOfAttitude(model), tablesOfAttitude(model)]
    }
    expect(await bytesOf()).toEqual(await bytesOf())
    const few = { ...intents, attitude: (intents.attitude ?? []).slice(0, 20) }
    expect(await trainAttitude({ intents: few, lexicons })).toBeUndefined()
  })
})
