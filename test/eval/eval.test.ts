import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { tongda, type Ran } from '../support/command.ts'
import { fillDataFolder } from '../support/data-folder.ts'
import { faqBase, intentLines, rasaFile, testLines } from './samples.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-eval-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Writes a file and gives its path. */
const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
/** By words alone: what these tests ask does not depend on an encoder. */
const run = (...args: readonly string[]): Promise<Ran> =>
  tongda(['-c', file('tongda.yaml', 'encoder: { model: none }\n'), 'eval', ...args], {
    dataDir: join(folder, 'data'),
  })
/** As the product comes, with what it learned once. */
const runAsItComes = (...args: readonly string[]): Promise<Ran> => {
  const dataDir = join(folder, 'data')
  fillDataFolder(dataDir)
  return tongda(['eval', ...args], { dataDir })
}
/** Every run starts the product and trains, on a machine that does other things too. */
const patience = { timeout: 180_000 }

const share = z.number().min(0).max(1)
const Common = z.object({
  ece: share,
  p50Ms: z.number().positive(),
  p99Ms: z.number().positive(),
  perSecond: z.number().positive(),
  rssMiB: z.number().positive(),
  n: z.number().int(),
  notes: z.array(z.string()),
  confusions: z.array(
    z.object({
      meant: z.string(),
      said: z.string(),
      count: z.number(),
      examples: z.array(z.string()).min(1),
    }),
  ),
})
const Intents = Common.extend({
  accuracy: share,
  macroF1: share,
  inScopeAccuracy: share,
  oosRecall: share.nullable(),
  oosPrecision: share.nullable(),
  oosAuroc: share.nullable(),
  trainMs: z.number().positive(),
})
const Faq = Common.extend({
  p1: share,
  mrr10: share,
  recall3: share,
  oosAuroc: share.nullable(),
  coverageAt3pctWrong: share,
  wrongRateAtThreshold: share,
  answeredRate: share,
  buildMs: z.number().positive(),
})
const parse = <Value>(schema: z.ZodType<Value>, { stdout, stderr }: Ran): Value => {
  expect(stderr).toBe('')
  return schema.parse(JSON.parse(stdout))
}

describe('tongda eval intents', patience, () => {
  it('learns labels and what is out of scope from one file, and is measured on another', async () => {
    const train = file('train.jsonl', intentLines({ outOfScope: true }))
    const test = file('test.jsonl', testLines)
    const found = parse(Intents, await run('intents', '--train', train, '--test', test, '--json'))
    expect(found.n).toBe(testLines.trim().split('\n').length)
    expect(found.accuracy).toBeGreaterThan(0.7)
    expect(found.macroF1).toBeGreaterThan(0.7)
    expect(found.oosAuroc).toBeGreaterThan(0.8)
    expect(found.notes).toEqual([])
  })

  it('learns what is out of scope without any example of it', async () => {
    const train = file('train.jsonl', intentLines({ outOfScope: false }))
    const test = file('test.jsonl', testLines)
    const found = parse(Intents, await run('intents', '--train', train, '--test', test, '--json'))
    expect(found.inScopeAccuracy).toBeGreaterThan(0.7)
    expect(found.oosAuroc).toBeGreaterThan(0.7)
    expect(found.notes.join()).toContain('out-of-scope')
  })

  it('refuses nothing within scope where it has little to learn from and no example of what is foreign', async () => {
    const lines = intentLines({ outOfScope: false }).trim().split('\n')
    const train = file('train.jsonl', lines.filter((_, at) => at % 5 === 0).join('\n'))
    const test = file('test.jsonl', testLines)
    const found = parse(Intents, await run('intents', '--train', train, '--test', test, '--json'))
    const refused = found.confusions.filter(({ meant, said }) => meant !== 'oos' && said === 'oos')
    expect(refused).toEqual([])
  })

  it('gives the same numbers twice, whatever order the test has', async () => {
    const train = file('train.jsonl', intentLines({ outOfScope: true }))
    const forwards = file('a.jsonl', testLines)
    const backwards = file('b.jsonl', testLines.trim().split('\n').reverse().join('\n'))
    const measure = async (test: string) => {
      const { accuracy, macroF1, oosAuroc, ece } = parse(
        Intents,
        await run('intents', '--train', train, '--test', test, '--json'),
      )
      return { accuracy, macroF1, oosAuroc, ece }
    }
    expect(await measure(forwards)).toEqual(await measure(backwards))
  })

  it('counts a label that train lacks as wrong and says so, and tells of texts that stand in both', async () => {
    const train = file('train.jsonl', intentLines({ outOfScope: true }))
    const [first = ''] = intentLines({ outOfScope: true }).split('\n')
    const test = file('test.jsonl', `${first}\n{"text":"帮我订一张机票","intent":"book_flight"}\n`)
    const found = parse(Intents, await run('intents', '--train', train, '--test', test, '--json'))
    expect(found.accuracy).toBe(0.5)
    expect(found.oosRecall).toBeNull()
    expect(found.confusions).toMatchObject([{ meant: 'book_flight', examples: ['帮我订一张机票'] }])
    expect(found.notes.join('\n')).toContain('book_flight')
    expect(found.notes.join('\n')).toContain('1 texts of test also stand in train')
  })

  it('reads a Rasa file as it is, and draws the calibration', async () => {
    const train = file('nlu.yml', rasaFile)
    const test = file('test.yml', rasaFile)
    const plot = join(folder, 'plot.svg')
    const { status, stdout } = await run('intents', '--train', train, '--test', test, '--plot', plot)
    expect(status).toBe(0)
    expect(stdout).toContain('accuracy')
    expect(stdout).toMatch(/0\.9–1\.0 {2}\d\.\d\d → \d\.\d\d/)
    const svg = readFileSync(plot, 'utf8')
    expect(svg).toMatch(/^<svg [^>]*xmlns/)
    expect(svg).toContain('<circle')
  })

  it('names file, line and what to do', async () => {
    const good = file('good.jsonl', testLines)
    const bad = file('bad.jsonl', '{"text":"退款","intent":"refund"}\n{"text":"退款"}\nnonsense\n')
    const broken = await run('intents', '--train', bad, '--test', good, '--json')
    expect(broken.status).toBe(2)
    expect(broken.stdout).toBe('')
    expect(broken.stderr).toContain(`${bad}:2`)
    expect(broken.stderr).toContain(`${bad}:3`)
    expect(broken.stderr).toContain('{"text": "…", "intent": "…"}')
    const yaml = file('bad.yml', 'nlu:\n- intent: a\n  examples: |\n    - 你好\n    没有横线\n')
    const rasa = await run('intents', '--train', yaml, '--test', good)
    expect(rasa.status).toBe(2)
    expect(rasa.stderr).toContain(`${yaml}:5`)
    const none = await run('intents', '--train', join(folder, 'none.jsonl'), '--test', good)
    expect(none.status).toBe(2)
    expect(none.stderr).toContain('check the path')
  })
})

describe('tongda eval faq', patience, () => {
  it('answers from a list of questions and knows what nothing answers', async () => {
    const kb = file('faq.json', JSON.stringify(faqBase({ alternatives: true })))
    const found = parse(Faq, await run('faq', '--kb', kb, '--json'))
    expect(found.p1).toBeGreaterThan(0.7)
    expect(found.mrr10).toBeGreaterThanOrEqual(found.p1)
    expect(found.recall3).toBeGreaterThanOrEqual(found.p1)
    expect(found.oosAuroc).toBeGreaterThan(0.8)
    expect(found.notes).toEqual([])
  })

  it('says when it had no wordings to calibrate on', async () => {
    const kb = file('faq.json', JSON.stringify(faqBase({ alternatives: false })))
    const found = parse(Faq, await run('faq', '--kb', kb, '--json'))
    expect(found.p1).toBeGreaterThan(0.5)
    expect(found.notes.join()).toContain('calibrated on shortened questions')
  })

  it('names the line of a query whose entry is missing', async () => {
    const kb = file(
      'faq.json',
      '{\n "kb": [{"id": "a", "question": "怎么退款"}],\n "queries": [\n  {"text": "退款", "id": "a"},\n  {"text": "退", "id": "b"}\n ]\n}\n',
    )
    const { status, stderr } = await run('faq', '--kb', kb)
    expect(status).toBe(2)
    expect(stderr).toContain(`${kb}:5`)
    expect(stderr).toContain('name an entry of kb, or null')
  })
})

describe('tongda eval pairs', patience, () => {
  const rows = [
    ['怎么退款', '如何申请退款', 1],
    ['怎么改手机号', '手机号怎么修改', 1],
    ['怎么退款', '明天天气如何', 0],
    ['怎么改手机号', '附近有什么吃的', 0],
  ]
  const Pairs = z.object({ spearman: z.number(), auroc: share.nullable(), n: z.number() })
  const lines = rows.map((row) => row.join('\t')).join('\n')

  it('measures with and without a header, the columns by their names', async () => {
    const bare = parse(Pairs, await run('pairs', '--test', file('a.tsv', lines), '--json'))
    expect(bare).toMatchObject({ auroc: 1, n: 4 })
    expect(bare.spearman).toBeGreaterThan(0.7)
    const swapped = rows.map(([first, second, label]) => [label, 'x', second, first].join('\t')).join('\n')
    const headed = file('b.tsv', `label\tsource\tsentence2\tsentence1\n${swapped}\n`)
    expect(parse(Pairs, await run('pairs', '--test', headed, '--json'))).toMatchObject({
      auroc: 1,
      spearman: bare.spearman,
      n: 4,
    })
  })

  it('has no AUROC for degrees, and names a line that it cannot read', async () => {
    const degrees = file('a.tsv', `${lines}\n怎么退款\t退钱\t0.5\n`)
    expect(parse(Pairs, await run('pairs', '--test', degrees, '--json')).auroc).toBeNull()
    const bad = file('b.tsv', `${lines}\n只有一句\t1\n`)
    const { status, stderr } = await run('pairs', '--test', bad)
    expect(status).toBe(2)
    expect(stderr).toContain(`${bad}:5`)
  })
})

describe('tongda eval demo', patience, () => {
  it('holds the committed floor, and ends with 1 below one', async () => {
    const held = await runAsItComes('demo', '--json')
    expect(held.status, held.stdout.slice(0, 800)).toBe(0)
    expect(JSON.parse(held.stdout)).toMatchObject({ passed: true, shortfalls: [] })
    const committed = JSON.parse(readFileSync('test/fixtures/eval/floor.json', 'utf8')) as object
    const floor = file('floor.json', JSON.stringify({ ...committed, accuracy: 1, ece: 0 }))
    const fallen = await runAsItComes('demo', '--floor', floor)
    expect(fallen.status).toBe(1)
    expect(fallen.stdout).toMatch(/✗ accuracy 0\.9\d+/)
    expect(fallen.stdout).toMatch(/✗ ece 0\.0\d+/)
  })

  it('says what a floor must hold', async () => {
    const { status, stderr } = await run('demo', '--floor', file('floor.json', '{"accuracy": 2}'))
    expect(status).toBe(2)
    expect(stderr).toContain('"accuracy": 0…1')
  })
})
