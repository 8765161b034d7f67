import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createUnderstanding,
  evaluate,
  loadIntents,
  loadLexicons,
  outOfScopeTopic,
  prepareUnderstanding,
  readLabelled,
  trainUnderstanding,
} from '../../intents/index.ts'
import type { IntentSet, LabelledText, Lexicons, Prepared } from '../../intents/index.ts'
import { decodeModel, encodeModel } from '../../intents/model/cache.ts'
import { learnBeside } from '../../intents/model/learn-thread.ts'
import { textsToEncode } from '../../intents/train.ts'
import { loadKnowledge } from '../../knowledge/index.ts'
import type { KnowledgeBase } from '../../src/core/knowledge.ts'
import { itUnderstands } from '../contract/understanding.ts'
import { busyMs } from '../support/busy-time.ts'

const root = join(import.meta.dirname, '../..')
let cacheFolder: string
let knowledge: KnowledgeBase
let intents: IntentSet
let lexicons: Lexicons
let prepared: Prepared
let heldOut: readonly LabelledText[]

beforeAll(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'tongda-model-'))
  const loaded = await loadIntents(join(root, 'intents'))
  if (loaded.intents === undefined) throw new Error('no intents')
  intents = loaded.intents
  const articles = await loadKnowledge(
    join(root, 'knowledge/articles'),
    intents.topics.map(({ topic }) => topic),
  )
  if (articles.knowledge === undefined) throw new Error('no articles')
  knowledge = articles.knowledge
  const words = await loadLexicons(join(root, 'intents/lexicon'))
  expect(words.faults).toEqual([])
  lexicons = words.lexicons
  prepared = await prepareUnderstanding({ knowledge, intents, lexicons, cacheFolder })
  heldOut = (await readLabelled(join(root, 'test/fixtures/eval/demo.jsonl'), 'demo.jsonl')).rows
  // Learns everything anew, on a processor that others want, too.
}, 300_000)
afterAll(() => rm(cacheFolder, { recursive: true, force: true }))

itUnderstands(() => ({ understand: prepared.understand, knowledge, thresholds: prepared.thresholds }))

describe('a cached model', () => {
  const fileName = async (): Promise<string> => join(cacheFolder, (await readdir(cacheFolder))[0] ?? '')

  it('understands exactly like the trained one', async () => {
    expect(prepared.cached).toBe(false)
    const again = await prepareUnderstanding({ knowledge, intents, lexicons, cacheFolder })
    expect(again.cached).toBe(true)
    expect(again.thresholds).toEqual(prepared.thresholds)
    for (const { text } of heldOut.slice(0, 200)) {
      expect(await again.understand(text, {})).toEqual(await prepared.understand(text, {}))
    }
  })

  it('is written back byte for byte, and refused when cut or changed', async () => {
    const bytes = await readFile(await fileName())
    const model = decodeModel(bytes)
    if (model === undefined) throw new Error('not decoded')
    expect(encodeModel(model).equals(bytes)).toBe(true)
    expect(decodeModel(bytes.subarray(0, bytes.length - 1))).toBeUndefined()
    expect(decodeModel(Buffer.alloc(0))).toBeUndefined()
    for (const at of [0, 40, 5000, bytes.length - 5]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(decodeModel(changed)).toBeUndefined()
    }
  })

  it('belongs to its content: other articles, other model', async () => {
    const before = await readdir(cacheFolder)
    const folder = await mkdtemp(join(tmpdir(), 'tongda-model-'))
    try {
      await copyFile(await fileName(), join(folder, before[0] ?? ''))
      await writeFile(join(folder, 'understanding-other.bin'), 'rubbish')
      const few = { ...knowledge, version: 'other', articles: knowledge.articles.slice(0, 6) }
      const small = await prepareUnderstanding({
        knowledge: few,
        intents: { ...intents, version: 'small', intents: intents.intents.slice(0, 6), calibration: [] },
        lexicons,
        cacheFolder: folder,
      })
      expect(small.cached).toBe(false)
      expect(await readdir(folder)).toHaveLength(3)
      const [article] = few.articles
      expect((await small.understand(article?.question ?? '', {})).candidates[0]?.articleId).toBe(article?.id)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('that cannot be stored costs nothing but the time', async () => {
    const few = { ...knowledge, version: 'few', articles: knowledge.articles.slice(0, 2) }
    const set = { ...intents, version: 'few', intents: intents.intents.slice(0, 2), calibration: [] }
    const options = { knowledge: few, intents: set, lexicons, cacheFolder: join(await fileName(), 'folder') }
    expect((await prepareUnderstanding(options)).cached).toBe(false)
  })
})

describe('training', () => {
  it('lets other work run all the while, and gives the same model again', async () => {
    const few = { ...knowledge, version: 'few', articles: knowledge.articles.slice(0, 20) }
    const set = { ...intents, version: 'few', intents: intents.intents.slice(0, 20) }
    let longest = 0
    let last = busyMs()
    const beat = setInterval(() => {
      longest = Math.max(longest, busyMs() - last)
      last = busyMs()
    }, 1)
    const options = { knowledge: few, intents: set, lexicons }
    const one = await trainUnderstanding(options)
    clearInterval(beat)
    expect(longest).toBeLessThan(1500)
    const two = await trainUnderstanding(options)
    expect(encodeModel(two).equals(encodeModel(one))).toBe(true)
    const text = few.articles[3]?.question ?? ''
    const understand = createUnderstanding({ knowledge: few, intents: set, lexicons, model: one })
    expect((await understand(text, {})).candidates[0]?.articleId).toBe(few.articles[3]?.id)
  })

  it('learns the same on several cores, and where a part cannot travel to a thread', async () => {
    const few = { ...knowledge, version: 'few', articles: knowledge.articles.slice(0, 12) }
    const set = { ...intents, version: 'few', intents: intents.intents.slice(0, 12) }
    const content = { knowledge: few, intents: set, lexicons }
    const texts = textsToEncode(content)
    const dimensions = 8
    const values = Float32Array.from({ length: texts.length * dimensions }, (_, at) => Math.sin(at))
    const options = { ...content, vectors: { encoder: 'waves', dimensions, texts, values } }
    const alone = encodeModel(await trainUnderstanding(options))
    for (const cores of [2, 4]) {
      const together = await trainUnderstanding(options, learnBeside(cores))
      expect(encodeModel(together).equals(alone)).toBe(true)
    }
    const bound = { ...options, intents: Object.assign({ stay: () => 0 }, set) }
    expect(encodeModel(await trainUnderstanding(bound, learnBeside(2))).equals(alone)).toBe(true)
    expect(learnBeside(1)).toBeUndefined()
  })
})

describe('quality on messages that nothing learned from', () => {
  it('holds the floor', async () => {
    const evaluation = await evaluate(prepared.understand, heldOut, {
      thresholds: prepared.thresholds,
      answerable: new Set(knowledge.articles.map(({ topic }) => topic)),
      outOfScope: outOfScopeTopic,
    })
    expect(evaluation.rows).toBeGreaterThan(500)
    expect(evaluation.accuracy).toBeGreaterThan(0.93)
    expect(evaluation.macroF1).toBeGreaterThan(0.93)
    expect(evaluation.outOfScopeRecall).toBeGreaterThan(0.8)
    expect(evaluation.outOfScopeFalse).toBeLessThan(0.02)
    expect(evaluation.outOfScopeAuroc).toBeGreaterThan(0.95)
    expect(evaluation.answers.wrong).toBeLessThan(0.045)
    // By words alone, and by the very article: the encoder answers a tenth more (test/eval).
    expect(evaluation.answers.coverage).toBeGreaterThan(0.55)
    expect(evaluation.coverageAtTarget).toBeGreaterThan(0.85)
    expect(evaluation.calibrationError).toBeLessThan(0.07)
  })

  it('none of them stands in the training content', () => {
    const labelled = new Set(intents.calibration.map(({ text }) => text))
    expect(heldOut.filter(({ text }) => labelled.has(text))).toEqual([])
  })

  it('reports its own quality by cross-validation', () => {
    const { heldOut: cross, labelled, thresholds } = prepared
    expect(labelled.wrongAnswers).toBeLessThanOrEqual(0.04)
    expect(labelled.topicError).toBeLessThan(0.06)
    expect(cross.topicAccuracy).toBeGreaterThan(0.65)
    expect(thresholds.clarify).toBeLessThanOrEqual(thresholds.answer)
  })
})
