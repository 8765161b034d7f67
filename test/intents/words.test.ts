import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createConceptFinder } from '../../intents/concepts.ts'
import { createEmotionReader } from '../../intents/emotion.ts'
import { loadLexicons } from '../../intents/index.ts'
import { pointsBack, splitQuestions, withoutPointers } from '../../intents/follow-up.ts'
import { splitShared } from '../../intents/several.ts'
import { createPersonReader } from '../../intents/person.ts'
import { createBlanker, createPhraseFinder } from '../../intents/phrases.ts'
import { createUrgencyReader } from '../../intents/urgency.ts'
import { createNormaliser } from '../../src/text/index.ts'
import { busyMs, linearMs } from '../support/busy-time.ts'

const normalise = createNormaliser()
const read = (text: string): string => normalise(text).text

describe('phrases', () => {
  it('are found longest first, without overlaps, Latin ones as whole words', () => {
    const find = createPhraseFinder(['人工', '人工客服', 'agent'], (phrase) => phrase)
    expect(find('人工客服 agents agent 人工').map(({ entry }) => entry)).toEqual([
      '人工客服',
      'agent',
      '人工',
    ])
  })

  it('are blanked without joining what stands around them', () => {
    expect(createPhraseFinder(['ab'], (phrase) => phrase)(createBlanker(['中'])('a中b'))).toEqual([])
  })

  it('take little time however long the text', () => {
    const find = createPhraseFinder(
      Array.from({ length: 500 }, (_, at) => `啊${at}`),
      (phrase) => phrase,
    )
    const started = busyMs()
    find('啊'.repeat(50_000))
    expect(busyMs() - started).toBeLessThan(linearMs)
  })
})

describe('concepts', () => {
  const find = createConceptFinder(
    [
      { concept: 'refund', terms: ['退款', '退钱', 'refund*'] },
      { concept: 'tv', terms: ['tv', '電視'] },
    ],
    normalise,
  )
  it('are the same in any register, script or language', () => {
    expect(find('把钱退了,退钱')).toEqual(['refund'])
    expect(find('refunded on tv')).toEqual(['refund', 'tv'])
    expect(find('电视')).toEqual(['tv'])
    expect(find('ctv prerefund')).toEqual([])
  })
})

describe('urgency', () => {
  const urgency = createUrgencyReader(
    {
      phrases: [
        { phrase: '被盗', level: 'urgent', reason: 'account-stolen' },
        { phrase: '崩了', level: 'high', reason: 'outage' },
        { phrase: '想死', level: 'urgent', reason: 'self-harm' },
        { phrase: 'hacked', level: 'urgent', reason: 'account-stolen' },
      ],
      exceptions: ['想死你', '崩了好多集'],
    },
    normalise,
  )
  it.each([
    ['我的號被盜了', 'urgent', 'account-stolen'],
    ['I was HACKED', 'urgent', 'account-stolen'],
    ['app崩了', 'high', 'outage'],
    ['app崩了，号也被盗', 'urgent', 'account-stolen'],
    ['我想死', 'urgent', 'self-harm'],
  ])('%j is %s', (text, level, reason) => {
    expect(urgency(read(text))).toMatchObject({ urgency: level, reason })
  })
  it.each(['怎么防止被盗', '我的号没有被盗', '会不会被盗啊', '崩了好多集的番', '怎么退款'])(
    '%j is not',
    (text) => {
      expect(urgency(read(text)).urgency).toBe('normal')
    },
  )
  it('never explains danger to life away, but respects exceptions', () => {
    expect(urgency(read('我没有想死')).reason).toBe('self-harm')
    expect(urgency(read('我想死你了'))).toEqual({ urgency: 'normal', excused: true })
  })
})

describe('emotion', () => {
  const emotion = createEmotionReader(
    {
      angry: [
        { term: '骗子', strength: 3 },
        { term: '垃圾', strength: 2 },
        { term: '烦', strength: 1 },
        { term: '😡', strength: 3 },
        { term: '！！！', strength: 2 },
      ],
      sad: [{ term: '难过', strength: 2 }],
      anxious: [{ term: '急', strength: 2 }],
      happy: [{ term: '开心', strength: 2 }],
    },
    normalise,
  )
  const feel = (text: string) => {
    const { emotion: kind, strength } = emotion(normalise(text))
    return `${kind} ${strength}`
  }
  it.each([
    ['怎么退款', 'neutral 0'],
    ['有点烦', 'neutral 0'],
    ['烦烦，真的烦，烦！！！', 'angry 3'],
    ['垃圾平台', 'angry 2'],
    ['垃圾平台！！！！', 'angry 3'],
    ['你们这群骗子', 'angry 3'],
    ['😡', 'angry 3'],
    ['/::@', 'angry 2'],
    ['[大哭]会员没了', 'sad 2'],
    ['我很急', 'anxious 2'],
    ['不难过', 'neutral 0'],
    ['太开心了', 'happy 2'],
    ['怎么弄！！！', 'neutral 0'],
  ])('%j is %s', (text, expected) => {
    expect(feel(text)).toBe(expected)
  })
})

describe('asking for a person', () => {
  const person = createPersonReader(
    {
      phrases: ['转人工', '人工客服', '客服在吗', 'real person', 'speak to a person'],
      alone: ['人工', '客服', 'human', 'agent'],
      exceptions: ['人工智能', '人工审核', '不用转人工', '客服电话', 'user agent'],
    },
    normalise,
  )
  it.each([
    '转人工',
    '我的会员没到账，转人工',
    '請轉人工',
    '人工！人工！人工！',
    '你好，麻烦人工一下谢谢',
    '客服在吗',
    'AGENT please',
    'human',
    'can I speak to a person',
  ])('%j asks', (text) => {
    expect(person(read(text)).words).toBeDefined()
  })
  it.each([
    '人工智能是什么',
    '人工审核要多久',
    '不用转人工了',
    '客服电话多少',
    '客服态度真差',
    'user agent string',
    'humanity',
    '你好',
  ])('%j does not', (text) => {
    expect(person(read(text)).words).toBeUndefined()
  })
  it('knows when nothing else was said, and when the words were harmless', () => {
    expect(person(read('麻烦转人工，谢谢！')).only).toBe(true)
    expect(person(read('会员没到账转人工')).only).toBe(false)
    expect(person(read('不用转人工')).excused).toBe(true)
  })
})

describe('asking for a person in other languages, by the list that ships', async () => {
  const { lexicons } = await loadLexicons(join(import.meta.dirname, '../../intents/lexicon'))
  const person = createPersonReader(lexicons.person, normalise)
  it.each([
    'Quiero hablar con una persona, por favor',
    '¿puedo hablar con un agente?',
    'Je voudrais parler à un conseiller',
    'je peux parler a quelqu’un ?',
    "parler à quelqu'un svp",
    'Quero falar com um atendente',
    'posso falar com alguém',
    'Vorrei parlare con un operatore',
    'Ich möchte mit einem Mitarbeiter sprechen',
    'kann ich mit jemandem reden',
    'Conseiller',
    'quiero hablar con una persona real',
    'no quiero hablar con un bot, quiero hablar con una persona',
    'quiero hablar con alguien que me ayude',
    'Agente humano',
    'Ich will mit einem echten Menschen sprechen',
  ])('%j asks', (text) => {
    expect(person(read(text)).words).toBeDefined()
  })
  it.each([
    'persona 5 royal',
    'no puedo hablar con el micrófono',
    'je parle avec mes amis dans le chat',
    'die Mitarbeiter von dem Studio sprechen Deutsch',
    'o agente secreto sumiu da lista',
    'il conseille un film',
    '¿eres una persona real?',
    'é uma pessoa real?',
    '¿Es una persona real el streamer?',
    'gibt es Anime mit echten Menschen',
    'Ist das von echten Menschen gemacht?',
    'no quiero hablar con una persona',
    'no quiero un agente humano',
    'je ne veux pas parler à un agent',
    'não quero falar com um atendente',
    'non voglio parlare con un operatore',
    'ich möchte nicht mit einem Mitarbeiter sprechen',
    'como hablar con alguien que me bloqueó',
    'agente humano es una película',
    '西语里 hablar con una persona 是什么意思',
    'how to say hablar con una persona in Chinese',
  ])('%j does not', (text) => {
    expect(person(read(text)).words).toBeUndefined()
  })
})

describe('follow-ups and several questions', () => {
  it.each(['那退款呢', '手机上呢？', '如果是苹果', 'what about refunds'])('%j points back', (text) => {
    expect(pointsBack(read(text))).toBe(true)
  })
  it.each(['大会员怎么退款', '', '那个视频我昨天传的到现在还在审核中怎么办'])('%j does not', (text) => {
    expect(pointsBack(read(text))).toBe(false)
  })
  it('takes the pointers off', () => {
    expect(['那退款呢', '那退款呢？', '退款'].map((text) => withoutPointers(read(text)))).toEqual([
      '退款',
      '退款',
      '退款',
    ])
  })
  it('finds two matters before what is asked of both', () => {
    expect(splitShared(read('退款和发票怎么弄？'))).toEqual(['退款怎么弄', '发票怎么弄'])
    expect(splitShared(read('怎么和好友一起看'))).toEqual([])
    expect(splitShared(read('退款怎么弄'))).toEqual([])
  })
  it('splits sentences, at most six', () => {
    expect(splitQuestions(read('会员怎么退？另外发票怎么开'))).toEqual(['会员怎么退', '另外发票怎么开'])
    expect(splitQuestions(read('会员怎么退，还有怎么开发票'))).toEqual(['会员怎么退', '还有怎么开发票'])
    expect(splitQuestions(read('登不上 说环境异常'))).toEqual([])
    expect(splitQuestions(read('一二。三四。五六。七八。九十。甲乙。丙丁。'))).toHaveLength(6)
  })
})
