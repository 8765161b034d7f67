// `tongda eval llm` and `tongda ask --llm`: the product's own help for turns, asked from the command line.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type LlmRequest, type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { type Ran, tongda } from '../support/command.ts'

const fixtures = 'test/fixtures/eval/llm'
const set = `${fixtures}/set.jsonl`
/** Made anew, when the product asks models something else, by this test with TONGDA_RECORD_LLM=1. */
const recording = `${fixtures}/recording.jsonl`
const key = 'sk-canary-7f3a9c'

let folder: string
let provider: LlmSimulator
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-eval-llm-'))
  provider = await startLlmSimulator()
  // Content of its own: what editors change must not change what was recorded.
  cpSync(join(fixtures, 'intents'), join(folder, 'intents'), { recursive: true })
  cpSync('intents/lexicon', join(folder, 'intents', 'lexicon'), { recursive: true })
})
beforeEach(() => provider.reset())
afterAll(async () => {
  await provider.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The first plain sentence of an article that shares a word with the question. */
const write = ({ user, system }: LlmRequest): unknown => {
  if (system.includes('You judge')) return { right: !user.includes('外国公司') }
  if (system.includes('You reword')) return { questions: [] }
  for (const [, id = '', words = ''] of user.matchAll(/article:(\S+)\n([\s\S]*?)\n<<</gu)) {
    const sentence = words
      .split(/[\n。；]/u)
      .map((one) => one.replace(/^\d+\.\s*/u, ''))
      .find((one, at) => at > 0 && /^[\p{Script=Han}\d，、 ]{8,80}$/u.test(one))
    // Of one message it makes something up, and of another it says that nothing answers it.
    if (user.includes('积分'))
      return { answered: true, sentences: [{ text: '积分可以兑换一台手机', sources: [id] }] }
    if (user.includes('多少钱')) return { answered: false, sentences: [] }
    if (sentence !== undefined) return { answered: true, sentences: [{ text: sentence, sources: [id] }] }
  }
  return { answered: false, sentences: [] }
}

const run = (
  args: readonly string[],
  {
    model = true,
    llm = {},
    articles = `${fixtures}/articles`,
  }: { readonly model?: boolean; readonly llm?: object; readonly articles?: string } = {},
): Promise<Ran> => {
  const file = join(folder, 'tongda.yaml')
  const named = {
    model: {
      provider: 'openai',
      name: 'small',
      apiKey: key,
      baseUrl: provider.baseUrl,
      inputPrice: 2,
      outputPrice: 3,
    },
  }
  const config = {
    encoder: { model: 'none' },
    // Nothing is sure enough to be given by itself.
    dialogue: { thresholds: { answer: 1, clarify: 0.05 } },
    content: {
      articles,
      forms: join(folder, 'none'),
      intents: join(folder, 'intents'),
    },
    llm: { ...(model ? named : {}), ...llm },
  }
  writeFileSync(file, JSON.stringify(config))
  return tongda(['-c', file, ...args], { dataDir: join(folder, 'data') })
}

const count = z.number().int().min(0)
const Side = z.strictObject({
  ...{ answered: count, wrongByArticle: count.nullable(), wrongByJudge: count.nullable() },
  ...{ droppedByCheck: count, refused: count, refusedByModel: count, failed: count, calls: count },
  ...{ tokens: count, cost: z.number(), p50Ms: count, p95Ms: count },
})
const Report = z.strictObject({
  models: z.array(z.string()),
  messages: count,
  without: Side,
  with: Side,
  judge: z.strictObject({
    ...{ calls: count, tokens: count, cost: z.number() },
    failures: z.array(z.strictObject({ reason: z.string(), answers: count })),
  }),
  overBudget: count,
  changes: z.array(
    z.strictObject({
      ...{ text: z.string(), without: z.string(), with: z.string() },
      ...{ article: z.string().nullable(), wrong: z.array(z.enum(['article', 'judge'])) },
    }),
  ),
  missing: z.array(z.string()),
})
const reportOf = ({ stdout, stderr }: Ran) => {
  expect(stdout, stderr).not.toBe('')
  return Report.parse(JSON.parse(stdout))
}

describe('tongda eval llm', { timeout: 600_000 }, () => {
  it('records what the model says, and says the same from the recording without it', async () => {
    provider.answerWith(write)
    const file = process.env['TONGDA_RECORD_LLM'] === '1' ? recording : join(folder, 'made.jsonl')
    const live = reportOf(await run(['eval', 'llm', '--test', set, '--record', file, '--json']))
    expect(live).toMatchObject({ models: ['openai/small'], messages: 8, missing: [], overBudget: 0 })
    expect(live.with.answered).toBeGreaterThan(live.without.answered)
    expect(live.with).toMatchObject({ droppedByCheck: 1, failed: 0 })
    expect(live.with.cost).toBeGreaterThan(0)
    expect(live.without).toMatchObject({ calls: 0, cost: 0 })
    const kept = readFileSync(file, 'utf8')
    expect(kept).not.toContain(key)
    // Words of contacts and articles are not kept, only what was said.
    expect(kept).not.toContain('动态发出去别人看不到')
    const asked = provider.requests.length
    expect(asked).toBe(live.with.calls + live.judge.calls)

    // No model is configured here, and nobody could be reached.
    const again = reportOf(
      await run(['eval', 'llm', '--test', set, '--replay', file, '--json'], { model: false }),
    )
    const untimed = (side: z.infer<typeof Side>) => ({ ...side, p50Ms: 0, p95Ms: 0 })
    expect(untimed(again.with)).toEqual(untimed(live.with))
    expect(again.changes).toEqual(live.changes)
    expect(again.judge).toEqual(live.judge)
    expect(provider.requests.length).toBe(asked)
  })

  it('replays the recording that ships, as a table for people', async () => {
    const { status, stdout, stderr } = await run(['eval', 'llm', '--test', set, '--replay', recording], {
      model: false,
    })
    expect(status, stdout + stderr).toBe(0)
    expect(stdout).toContain('openai/small · 8 条消息 messages')
    expect(stdout).toMatch(/已回答 answered +0 +\d/)
    expect(stdout).toMatch(/核对不过，未发出 dropped by the check +0 +1/)
    expect(stdout).toMatch(/答错，按评审 wrong, by the judge +– +\d/)
    expect(stdout).toMatch(/“发票能开成外国公司的吗” .* 答错 wrong: article, judge/)
  })

  it('says which messages a recording lacks, and ends with 1', async () => {
    const other = join(folder, 'other.jsonl')
    writeFileSync(other, '{"text":"稿件审核一般要等多久呀"}\n{"text":"大会员能在电视上看吗"}\n')
    const found = await run(['eval', 'llm', '--test', other, '--replay', recording, '--json'], {
      model: false,
    })
    expect(found.status).toBe(1)
    expect(reportOf(found).missing).toEqual(['大会员能在电视上看吗'])
    const broken = join(folder, 'broken.jsonl')
    writeFileSync(broken, `${readFileSync(recording, 'utf8').split('\n')[0] ?? ''}\n{"key":1}\n`)
    const refused = await run(['eval', 'llm', '--test', set, '--replay', broken])
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('broken.jsonl:2')
  })

  it('has the judge read every article that was given, as it was given', async () => {
    const articles = join(folder, 'articles')
    cpSync(join(fixtures, 'articles'), articles, { recursive: true })
    const file = join(articles, 'invoice', 'invoice-apply.md')
    const onWeibo = '微博上请把抬头和税号用私信发来。'
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('\nupdated:', `\nchannels: { weibo: ${onWeibo} }\nupdated:`),
    )
    const some = join(folder, 'some.jsonl')
    const [weibo, english] = ['电子发票多久能发到邮箱', 'how long until the invoice comes by mail']
    writeFileSync(
      some,
      `${JSON.stringify({ text: weibo, channel: 'weibo' })}\n${JSON.stringify({ text: english })}\n`,
    )
    const cited: string[] = []
    provider.answerWith(({ system, user }) => {
      if (system.includes('You judge')) return { right: true }
      if (system.includes('You reword')) return { questions: [] }
      // A sentence of each of two articles, word for word.
      const sentences = [...user.matchAll(/article:(\S+)\n[^\n]*\n([\s\S]*?)\n<<</gu)]
        .slice(0, 2)
        .map(([, id = '', words = '']) => ({
          text: words.split(/[\n。；]|\. /u).find((one) => one.length > 7 && !/[>;]/u.test(one)) ?? '',
          sources: [id],
        }))
      cited.push(...sentences.flatMap(({ sources }) => sources))
      return { answered: true, sentences }
    })
    const report = reportOf(await run(['eval', 'llm', '--test', some, '--json'], { articles }))
    expect(report.with).toMatchObject({ answered: 2, droppedByCheck: 0 })
    const judged = provider.requests.filter(({ system }) => system.includes('You judge'))
    expect(judged).toHaveLength(2)
    expect(cited).toHaveLength(4)
    for (const [at, { user }] of judged.entries())
      for (const id of cited.slice(2 * at, 2 * at + 2)) expect(user).toContain(`article:${id}\n`)
    expect(cited.slice(0, 2)).toContain('invoice-apply')
    expect(judged[0]?.user).toContain(onWeibo)
    expect(judged[0]?.user).not.toContain('选个人或企业抬头')
    const [, articlesOfEnglish = ''] = /(article:[\s\S]*)/u.exec(judged[1]?.user ?? '') ?? []
    expect(articlesOfEnglish).not.toMatch(/\p{Script=Han}/u)
  })

  it('says why answers have no verdict', async () => {
    provider.answerWith((request) =>
      request.system.includes('You judge') ? { right: 'perhaps' } : write(request),
    )
    const args = ['eval', 'llm', '--test', set]
    const { judge, ...report } = reportOf(await run([...args, '--json']))
    expect(report.with.wrongByJudge).toBeNull()
    const [first] = judge.failures
    expect(first?.reason).not.toBe('')
    const answers = judge.failures.reduce((sum, one) => sum + one.answers, 0)
    expect(answers).toBe(report.without.answered + report.with.answered)
    const { stdout } = await run(args)
    expect(stdout).toContain(
      `评审没有结论 no verdict: ${String(first?.answers)} 条回答 answers – ${first?.reason ?? ''}`,
    )
  })

  it('keeps to the budget', async () => {
    provider.answerWith(write)
    const poor = reportOf(
      await run(['eval', 'llm', '--test', set, '--no-judge', '--json'], {
        llm: { budget: { tokensPerDay: 0 } },
      }),
    )
    expect(provider.requests).toHaveLength(0)
    expect(poor.overBudget).toBeGreaterThan(0)
    expect(poor.with).toMatchObject({ answered: poor.without.answered, wrongByJudge: null, cost: 0 })
  })
})

describe('tongda ask', { timeout: 600_000 }, () => {
  it('asks the model with --llm only, and says where there is none', async () => {
    provider.answerWith(write)
    const question = '稿件审核一般要等多久呀'
    const alone = await run(['ask', question])
    expect(alone.stdout).toContain('clarify')
    expect(provider.requests).toHaveLength(0)
    const helped = await run(['ask', '--llm', question])
    expect(helped.stdout, helped.stderr).toContain('以上内容由 AI 根据')
    const none = await run(['ask', '--llm', question], { model: false })
    expect(none.status).toBe(2)
    expect(none.stderr).toContain('llm.model')
  })
})
