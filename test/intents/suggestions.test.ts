import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  createSuggestionReader,
  createTextTools,
  loadLexicons,
  loadSuggestionWords,
} from '../../intents/index.ts'
import { createNormaliser } from '../../src/text/index.ts'
import type { RecogniseSuggestions } from '../../src/core/feedback.ts'

const root = join(import.meta.dirname, '../..')
const fixtures = join(root, 'test/fixtures/feedback')

interface Labelled {
  readonly text: string
  /** Sentences that wish; absent: all of the text. */
  readonly suggestions?: readonly string[]
}

const read = async (file: string): Promise<readonly Labelled[]> =>
  (await readFile(join(fixtures, file), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Labelled)

let reader: RecogniseSuggestions
beforeAll(async () => {
  const folder = join(root, 'intents/lexicon')
  const { lexicons } = await loadLexicons(folder)
  const { words, faults } = await loadSuggestionWords(folder)
  expect(faults).toEqual([])
  reader = createSuggestionReader(words, createTextTools(lexicons).normalise)
})

const sentences = (text: string): readonly string[] =>
  reader.suggestionsIn(text).map(({ sentence }) => sentence)

/** Precision and recall over sentences; of a text that is a wish as a whole, one sentence is enough. */
const measure = (rows: readonly Labelled[], isTaken: (isSure: boolean) => boolean) => {
  let [right, wrong, missed] = [0, 0, 0]
  for (const { text, suggestions } of rows) {
    const found = reader.suggestionsIn(text).filter(({ isSure }) => isTaken(isSure))
    if (suggestions === undefined) {
      if (found.length > 0) right += 1
      else missed += 1
      continue
    }
    const hits = found.filter(({ sentence }) => suggestions.includes(sentence)).length
    right += hits
    wrong += found.length - hits
    missed += suggestions.length - hits
  }
  return { precision: right / (right + wrong), recall: right / (right + missed) }
}

describe('suggestions in messages', () => {
  it('are found as people labelled them, on the half that the words were not chosen on', async () => {
    const messages = (await read('messages.jsonl')).filter((_, at) => at % 2 === 1)
    const rows = [...(await read('suggestions.held-back.jsonl')), ...messages]
    const all = measure(rows, () => true)
    expect(all.precision).toBeGreaterThan(0.95)
    expect(all.recall).toBeGreaterThan(0.9)
    const sure = measure(rows, (isSure) => isSure)
    expect(sure.precision).toBeGreaterThan(0.98)
    expect(sure.recall).toBeGreaterThan(0.87)
  })

  it('are each a sentence, as it was written', () => {
    expect(
      sentences('第一，字太小。第二，夜间模式希望能自动切换。第三，开屏广告摇一摇取消掉吧。怎么改昵称？'),
    ).toEqual(['第二，夜间模式希望能自动切换。', '第三，开屏广告摇一摇取消掉吧。'])
  })

  it('may be numbered behind a sentence that announces them', () => {
    expect(sentences('您好，提两点建议。1.收藏夹加搜索。2.失效视频保留标题。祝好。')).toEqual([
      '1.收藏夹加搜索。',
      '2.失效视频保留标题。',
    ])
    expect(sentences('1.收藏夹加搜索。')).toEqual([])
  })

  it('are told in English and in traditional characters too', () => {
    expect(sentences('The app is fine. Please add a sleep timer. How do I change my name?')).toEqual([
      'Please add a sleep timer.',
    ])
    expect(sentences('希望可以設定預設播放速度')).toHaveLength(1)
  })

  it.each([
    '能不能给我转人工',
    '希望你们尽快把钱退给我',
    '建议你们倒闭吧',
    '意见反馈在哪里提交',
    'Where is the dark mode setting?',
    'Can I get a refund?',
    '',
  ])('are none in %j', (text) => {
    expect(sentences(text)).toEqual([])
  })

  it('say by which words they were found, and when a question may be meant', () => {
    expect(reader.suggestionsIn('建议加个睡眠定时器')).toEqual([
      { sentence: '建议加个睡眠定时器', cues: ['suggest', 'add-one', 'product-change'], isSure: true },
    ])
    expect(reader.suggestionsIn('动态里能不能带定位')).toEqual([
      { sentence: '动态里能不能带定位', cues: ['asks-for-ability'], isSure: false },
    ])
  })

  it('keep nothing that tells who somebody is', () => {
    expect(
      sentences(
        '建议加个搜索，我手机138 1234 5678，邮箱 a.b@example.com，身份证11010119900307123X，卡6222 0212 3456 7890 123，UID 12345，群123456789',
      ),
    ).toEqual(['建议加个搜索，我手机[电话]，邮箱 [邮箱]，身份证[***]，卡[***]，[UID]，群[***]'])
  })

  it('are five at most, and an endless text is not read to its end', () => {
    expect(sentences('建议加个搜索。'.repeat(10_000))).toHaveLength(5)
    expect(sentences(`${'啊'.repeat(300_000)}建议加个搜索`)).toEqual([])
  })

  it.each(['不用再通知我了', '别再通知我', '退订建议通知', 'Stop notifying me.', 'stop suggestion news'])(
    'are not wanted any more: %s',
    (text) => {
      expect(reader.saysStop(text)).toBe(true)
      expect(sentences(text)).toEqual([])
    },
  )

  it.each(['建议加个搜索', '别再给我发短信了', '怎么关闭通知', '退订进展通知', 'Stop updates'])(
    '%s says nothing of stopping',
    (text) => {
      expect(reader.saysStop(text)).toBe(false)
    },
  )
})

describe('the list of words', () => {
  it('may be missing, is named when it is faulty, and then nothing is recognised', async () => {
    const asIs = createNormaliser()
    const folder = await mkdtemp(join(tmpdir(), 'tongda-words-'))
    const missing = await loadSuggestionWords(folder)
    expect(missing.faults).toEqual([])
    expect(createSuggestionReader(missing.words, asIs).suggestionsIn('建议加个搜索')).toEqual([])
    await writeFile(
      join(folder, 'suggestions.yaml'),
      'from: 2\nmaybe: 1\ncues:\n  - { cue: a, weight: 1, patterns: ["("] }\n',
    )
    const { words, faults } = await loadSuggestionWords(folder)
    expect(faults.map(({ line }) => line)).toEqual([4])
    expect(createSuggestionReader(words, asIs).suggestionsIn('建议加个搜索')).toEqual([])
    await rm(folder, { recursive: true })
  })
})
