import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { readLabelled, timeEach } from '../intents/index.ts'
import { createAsk } from '../src/app/ask.ts'
import { openContent } from '../src/app/content.ts'
import { openConfiguredEncoder } from '../src/app/encoder.ts'
import { parseConfig } from '../src/config.ts'
import { silentLog } from '../src/core/log.ts'
import { hardMessages } from './hard-messages.ts'
import { megabytes, report } from './report.ts'

const root = join(import.meta.dirname, '..')
const articlesFolder = join(root, 'knowledge/articles')

const Front = z.looseObject({ id: z.string(), question: z.string(), similar: z.array(z.string()) })

/** Names of invented products: each stands before all questions of its copy of the demo. */
const products = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => {
    const letters = Array.from('星海云山林风雪月花鸟鱼虫金木水火土雷电光影音画书琴棋茶酒饭糖')
    const pick = (place: number): string => letters[place % letters.length] ?? ''
    return `${pick(at)}${pick(at * 7 + 3)}${at < letters.length ? '宝' : '通'}`
  })

interface Page {
  readonly front: z.infer<typeof Front>
  readonly body: string
}

const readPages = async (): Promise<readonly Page[]> => {
  const files = (await readdir(articlesFolder, { recursive: true })).filter((name) => name.endsWith('.md'))
  return Promise.all(
    files.sort().map(async (name) => {
      const [, front = '', ...body] = (await readFile(join(articlesFolder, name), 'utf8')).split('---\n')
      return { front: Front.parse(parse(front)), body: body.join('---\n') }
    }),
  )
}

/** What people put before a question. */
const openings = [
  '请问',
  '想问下',
  '你好，',
  '在吗，',
  '麻烦问一下，',
  '那个',
  '急，',
  '亲，',
  '客服，',
  '我想知道',
  '求助，',
  '大佬，',
]

/** So many wordings: those that were written, then the same behind an opening. */
const wordings = (similar: readonly string[], count: number): readonly string[] =>
  ['', ...openings].flatMap((opening) => similar.map((text) => opening + text)).slice(0, count)

/** How much content there is to be. */
export interface ContentSize {
  readonly articles: number
  /** Similar questions of an article, where more are wanted than were written. */
  readonly similar?: number
}

/** Writes the demo's articles, then copies of them about other products. Gives the number of questions. */
const writeArticles = async (
  folder: string,
  { articles: count, similar: most }: ContentSize,
): Promise<number> => {
  const pages = await readPages()
  let questions = 0
  for (const [copy, product] of ['', ...products(Math.ceil(count / pages.length) - 1)].entries()) {
    for (const { front, body } of pages.slice(0, count - copy * pages.length)) {
      const { id, question } = front
      const similar = most === undefined ? front.similar : wordings(front.similar, most)
      questions += 1 + similar.length
      const own = {
        ...front,
        id: copy === 0 ? id : `${id}-${String(copy)}`,
        question: product + question,
        similar: similar.map((text) => product + text),
        followups: [],
        en: undefined,
      }
      // Pictures lie beside the demo's articles only.
      const text = body.replaceAll(/!\[[^\]]*\]\([^)]*\)/gu, '')
      await writeFile(join(folder, `${basename(own.id)}.md`), `---\n${stringify(own)}---\n${text}`)
    }
  }
  return questions
}

/** The message that no contact means well which takes longest, the second time it comes. */
const timeHard = async (ask: (text: string) => Promise<unknown>) => {
  let longest = { name: '', ms: 0 }
  for (const [name, text] of Object.entries(hardMessages)) {
    await ask(text)
    const startedAt = performance.now()
    // Unlike the first time, so that no cache answers.
    await ask(`${text}。`)
    const ms = performance.now() - startedAt
    if (ms > longest.ms) longest = { name, ms }
  }
  return longest
}

/**
 * Time of a whole turn (normalise, encode, understand, decide, put into words) over the demo's measuring messages, with
 * so many articles; the encoder as configured by default.
 */
export const wholeTurn = async (size: ContentSize): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'tongda-bench-'))
  const [own, forms] = [join(folder, 'articles'), join(folder, 'forms')]
  await Promise.all([mkdir(own), mkdir(forms)])
  const questions = await writeArticles(own, size)
  const parsed = parseConfig({ dataDir: join(folder, 'data'), content: { articles: own, forms } })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const encoder = await openConfiguredEncoder(parsed.config, silentLog)
  const open = () => openContent(parsed.config, silentLog, { watch: false, encoder })
  const timed = async () => {
    const startedAt = performance.now()
    return { content: await open(), ms: Math.round(performance.now() - startedAt) }
  }
  const first = await timed()
  const { content, ms: cachedMs } = await timed()
  const ask = createAsk(parsed.config, content)
  const { rows } = await readLabelled(join(root, 'test/fixtures/eval/demo.jsonl'), 'demo.jsonl')
  const { timing } = await timeEach(rows, ({ text }) => ask({ text, channel: 'web' }))
  const hard = await timeHard((text) => ask({ text, channel: 'web' }))
  report('turn', {
    ...{ articles: size.articles, questions, learnMs: first.ms, cachedMs },
    ...timing,
    ...{ hardMs: hard.ms, hardest: hard.name },
    rssMb: megabytes(process.memoryUsage().rss),
  })
  await encoder?.stop()
  await rm(folder, { recursive: true })
}
