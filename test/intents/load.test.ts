import { afterEach, describe, expect, it } from 'vitest'
import { loadIntents, loadLexicons } from '../../intents/index.ts'
import { createFolder } from '../knowledge/folder.ts'
import type { ContentFolder } from '../knowledge/folder.ts'

let folder: ContentFolder | undefined
afterEach(() => folder?.drop())

const topics = '- { topic: thanks, zh: 感谢, en: Thanks }\n- { topic: refund, zh: 退款, en: Refund }\n'
const thanks = '- intent: thanks.closing\n  topic: thanks\n  handling: chat\n  examples: [谢谢, 多谢]\n'
const load = async (files: Readonly<Record<string, string>>) => {
  folder = await createFolder({ 'topics.yaml': topics, 'taxonomy/thanks.yaml': thanks, ...files })
  return loadIntents(folder.path)
}

describe('loading intents', () => {
  it('reads topics, intents and labelled messages', async () => {
    const { intents, faults } = await load({
      'calibration/a.jsonl':
        '{"text":"怎么退","topic":"refund","article":"refund-how"}\n\n{"text":"谢啦","topic":"thanks"}\n',
    })
    expect(faults).toEqual([])
    expect(intents?.topics[0]).toEqual({ topic: 'thanks', zh: '感谢', en: 'Thanks' })
    expect(intents?.intents).toEqual([
      {
        intent: 'thanks.closing',
        topic: 'thanks',
        handling: 'chat',
        urgency: 'normal',
        examples: ['谢谢', '多谢'],
      },
    ])
    expect(intents?.calibration).toEqual([
      { text: '怎么退', topic: 'refund', articles: ['refund-how'] },
      { text: '谢啦', topic: 'thanks' },
    ])
  })

  it('reads how messages are meant, and takes what is left out for calm', async () => {
    const { intents, faults } = await load({
      'attitude/a.yaml':
        '- emotion: angry\n  abuse: us\n  examples: [垃圾平台]\n- wantsPerson: true\n  urgency: high\n  examples: [转人工]\n',
    })
    expect(faults).toEqual([])
    expect(intents?.attitude).toEqual([
      { text: '垃圾平台', emotion: 'angry', urgency: 'normal', abuse: 'us', wantsPerson: false },
      { text: '转人工', emotion: 'neutral', urgency: 'high', abuse: 'none', wantsPerson: true },
    ])
  })

  it('knows content by its attitudes too', async () => {
    const text = '- emotion: angry\n  examples: [气人]\n'
    const one = await load({ 'attitude/a.yaml': text })
    await folder?.drop()
    const other = await load({ 'attitude/a.yaml': text.replace('angry', 'sad') })
    expect(one.intents?.version).not.toBe(other.intents?.version)
  })

  it.each([
    [
      'an unknown emotion',
      { 'attitude/a.yaml': '- examples: [好]\n- emotion: cross\n  examples: [哼]\n' },
      'attitude/a.yaml',
      2,
      /只能是/,
    ],
    [
      'the same words meant otherwise',
      {
        'attitude/a.yaml': '- examples: [笑死我了]\n',
        'attitude/b.yaml': '- emotion: angry\n  examples:\n    - 烦\n    - 笑死我了！\n',
      },
      'attitude/b.yaml',
      4,
      /“笑死我了！” 在 attitude\/a\.yaml 里另有标注/,
    ],
    [
      'an unknown topic',
      { 'taxonomy/x.yaml': thanks.replaceAll('thanks', 'thnaks') },
      'x.yaml',
      2,
      /未知主题.*thnaks/,
    ],
    [
      'an intent outside its topic',
      { 'taxonomy/x.yaml': thanks.replace('thanks.closing', 'refund.ask') },
      'x.yaml',
      1,
      /没有以主题开头.*thanks/,
    ],
    ['an intent twice', { 'taxonomy/x.yaml': thanks }, 'x.yaml', 1, /已在.*thanks\.yaml/],
    [
      'an unknown handling',
      { 'taxonomy/x.yaml': thanks.replace('chat', 'talk').replace('closing', 'x') },
      'x.yaml',
      3,
      /只能是/,
    ],
    [
      'an example under two topics',
      {
        'taxonomy/x.yaml':
          '- intent: refund.ask\n  topic: refund\n  handling: faq\n  examples:\n    - 退\n    - 谢谢\n',
      },
      'x.yaml',
      6,
      /“谢谢” 已属于.*thanks\.closing/,
    ],
    ['broken YAML', { 'taxonomy/x.yaml': '- intent: [a\n' }, 'x.yaml', 2, /YAML/],
    [
      'a broken labelled line',
      { 'calibration/a.jsonl': '{"text":"a","topic":"thanks"}\n{"text":1}\n' },
      'calibration/a.jsonl',
      2,
      /这一行/,
    ],
    [
      'a topic twice',
      { 'topics.yaml': `${topics}- { topic: refund, zh: 退, en: R }\n` },
      'topics.yaml',
      3,
      /写了两次/,
    ],
  ])('names %s with file and line', async (_, files, file, line, problem) => {
    const { faults } = await load(files)
    expect(faults[0]).toMatchObject({ file, line })
    expect(faults[0]?.problem).toMatch(problem)
    expect(faults[0]?.fix).not.toBe('')
  })

  it('keeps the right intents beside a broken file', async () => {
    const { intents, faults } = await load({ 'taxonomy/x.yaml': 'nonsense' })
    expect(faults).toHaveLength(1)
    expect(intents?.intents).toHaveLength(1)
  })

  it('names a missing topic list', async () => {
    folder = await createFolder({ 'taxonomy/thanks.yaml': thanks })
    const { intents, faults } = await loadIntents(folder.path)
    expect(intents).toBeUndefined()
    expect(faults[0]?.problem).toMatch(/主题表/)
  })
})

describe('loading lexicons', () => {
  const lists = {
    'slang.yaml': '- { term: dhy, means: 大会员, kind: abbreviation }\n',
    'words.txt': '# comment\n大会员 20000 n\nB币\n',
    'concepts.yaml': 'refund: 退款, refund*\n',
    'emotion.yaml': 'angry: [{ term: 骗子, strength: 3 }]\n',
    'urgency.yaml': 'phrases: [{ phrase: 被盗, level: urgent, reason: account-stolen }]\n',
    'person.yaml': 'phrases: [转人工]\n',
  }

  it('reads all lists', async () => {
    folder = await createFolder(lists)
    const { lexicons, faults } = await loadLexicons(folder.path)
    expect(faults).toEqual([])
    expect(lexicons.words).toEqual(['大会员', 'B币'])
    expect(lexicons.concepts).toEqual([{ concept: 'refund', terms: ['退款', 'refund*'] }])
    expect(lexicons.emotion.happy).toEqual([])
    expect(lexicons.person).toEqual({ phrases: ['转人工'], alone: [], exceptions: [] })
  })

  it('names faults by file and line and goes on without that list', async () => {
    folder = await createFolder({
      ...lists,
      'words.txt': '大会员\n两个 词 不行\n',
      'urgency.yaml': 'phrases:\n  - { phrase: 被盗, level: now, reason: x }\n',
    })
    const { lexicons, faults } = await loadLexicons(folder.path)
    expect(faults.map(({ file, line }) => [file, line])).toEqual([
      ['words.txt', 2],
      ['urgency.yaml', 2],
    ])
    expect(lexicons.urgency.phrases).toEqual([])
    expect(lexicons.slang).toHaveLength(1)
  })
})
