import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createUnderstanding, loadIntents, loadLexicons, trainUnderstanding } from '../../intents/index.ts'
import { encodeModel } from '../../intents/model/cache.ts'
import type { IntentSet, Lexicons, TrainOptions } from '../../intents/index.ts'
import { loadKnowledge } from '../../knowledge/index.ts'
import type { KnowledgeBase } from '../../src/core/knowledge.ts'
import type { Understand } from '../../src/core/understanding.ts'

const root = join(import.meta.dirname, '../..')
const kept = [
  'crisis',
  'insult',
  'human-agent',
  'thanks',
  'greeting',
  'vague',
  'out-of-scope',
  'harassment-report',
]

let intents: IntentSet
let lexicons: Lexicons
let knowledge: KnowledgeBase
let heard: Understand
let listsAlone: Understand

const optionsWith = (set: IntentSet): TrainOptions => ({ knowledge, intents: set, lexicons })
const understandingOf = async (set: IntentSet): Promise<Understand> => {
  const options = optionsWith(set)
  return createUnderstanding({ ...options, model: await trainUnderstanding(options) })
}

beforeAll(async () => {
  const loaded = await loadIntents(join(root, 'intents'))
  if (loaded.intents === undefined) throw new Error('no intents')
  const all = loaded.intents
  intents = { ...all, intents: all.intents.filter(({ topic }) => kept.includes(topic)), calibration: [] }
  const articles = await loadKnowledge(
    join(root, 'knowledge/articles'),
    all.topics.map(({ topic }) => topic),
  )
  knowledge = { version: 'few', articles: (articles.knowledge?.articles ?? []).slice(0, 20) }
  lexicons = (await loadLexicons(join(root, 'intents/lexicon'))).lexicons
  heard = await understandingOf(intents)
  listsAlone = await understandingOf({ ...intents, attitude: [] })
}, 120_000)

const hear = (text: string) => heard(text, {})
const codesOf = ({ reasons }: Awaited<ReturnType<Understand>>) => reasons.map(({ code }) => code)

describe('the labelled messages that ship', () => {
  it('are many, without fault, and every label has its share', async () => {
    const { attitude = [] } = intents
    expect((await loadIntents(join(root, 'intents'))).faults).toEqual([])
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
    ['离谱，也太好听了吧，单曲循环了', 'happy'],
  ] as const)('hears a mood that the word lists miss: %j is %s', async (text, emotion) => {
    expect((await listsAlone(text, {})).emotion).not.toBe(emotion)
    const found = await hear(text)
    expect(found.emotion).toBe(emotion)
    expect(found.emotionStrength).toBeGreaterThan(0)
    expect(codesOf(found)).toContain('emotion-heard')
    expect(codesOf(found)).not.toContain('emotion-words')
  })

  it.each(['我要投诉侵权', '字幕里有“滚”字会被屏蔽吗', '《愤怒的小鸟》在哪看', '急救包测评发哪个分区'])(
    'takes back what only sounds like a mood: %j',
    async (text) => {
      expect(await hear(text)).toMatchObject({ emotion: 'neutral', emotionStrength: 0 })
    },
  )

  it('raises urgency, and takes back alarming words that name a subject', async () => {
    const pressing = '今晚九点前必须提交作品，页面一直报错，麻烦优先处理，谢谢'
    expect((await listsAlone(pressing, {})).urgency).toBe('normal')
    expect((await hear(pressing)).urgency).toBe('high')
    expect(codesOf(await hear(pressing))).toContain('urgency-heard')
    const subject = '律师证在哪里上传认证'
    const named = '想做一期诉讼流程的讲解，放知识区可以吗'
    for (const text of [subject, named]) expect([text, (await hear(text)).urgency]).toEqual([text, 'normal'])
    expect((await listsAlone(named, {})).urgency).toBe('urgent')
  })

  it('never explains danger away', async () => {
    for (const text of [
      '哈哈哈谢谢，我想自杀',
      '我要投诉侵权，另外我不想活了',
      '《安眠药》这首歌真好听，我刚吞了安眠药',
      '开心，今晚就跳楼',
    ]) {
      const found = await hear(text)
      expect([text, found.urgency, found.topic]).toEqual([text, 'urgent', 'crisis'])
    }
  })

  it('knows whom a message insults, and that a report insults nobody', async () => {
    expect((await hear('你们这群饭桶脑子进水了')).abuse).toBe('us')
    expect((await hear('那个主播就是条疯狗，恶心')).abuse).toBe('others')
    for (const text of ['他评论里骂我“脑残”，怎么举报', '怎么退款', '客服真耐心，谢谢'])
      expect([text, (await hear(text)).abuse]).toEqual([text, undefined])
    expect((await hear('他评论里骂我“脑残”，怎么举报')).topic).not.toBe('insult')
    expect(codesOf(await hear('你们这群饭桶脑子进水了'))).toContain('abuse-heard')
  })

  it('hears a wish for a person in other words, and leaves a bare call alone', async () => {
    const asked = '能不能安排个同事跟我直接沟通'
    expect((await listsAlone(asked, {})).asksForPerson).toBe(false)
    expect((await hear(asked)).asksForPerson).toBe(true)
    expect(codesOf(await hear(asked))).toContain('person-heard')
    for (const text of ['人工', '转人工', '人工人工人工']) expect((await hear(text)).asksForPerson).toBe(true)
    for (const text of ['人工智能区怎么投稿', '人工字幕怎么传'])
      expect([text, (await hear(text)).asksForPerson]).toEqual([text, false])
  })
})

describe('learning', () => {
  it('gives the same model again, and none from nothing', async () => {
    const [one, again] = [
      await trainUnderstanding(optionsWith(intents)),
      await trainUnderstanding(optionsWith(intents)),
    ]
    expect(one.attitude).toBeDefined()
    expect(encodeModel(one).equals(encodeModel(again))).toBe(true)
    expect((await trainUnderstanding(optionsWith({ ...intents, attitude: [] }))).attitude).toBeUndefined()
  })

  it('says nothing of an empty message', async () => {
    expect(await hear('')).toMatchObject({ emotion: 'neutral', urgency: 'normal', asksForPerson: false })
    expect((await hear('')).abuse).toBeUndefined()
  })
})
