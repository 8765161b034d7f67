import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  evaluate,
  createTextTools,
  loadIntents,
  loadLexicons,
  outOfScopeTopic,
  prepareUnderstanding,
  readLabelled,
} from '../intents/index.ts'
import { createSearch, loadKnowledge } from '../knowledge/index.ts'
import { silentLog } from '../src/core/log.ts'
import { openEncoder, readModelFolder } from '../src/encoder/index.ts'

/** Measures understanding and search on the demo content; prints one JSON line. */
const root = join(import.meta.dirname, '..')
const timed = async <Result>(work: () => Promise<Result>): Promise<readonly [Result, number]> => {
  const started = performance.now()
  return [await work(), Math.round(performance.now() - started)]
}

const { intents, faults } = await loadIntents(join(root, 'intents'))
if (intents === undefined) throw new Error(`no intents: ${JSON.stringify(faults)}`)
const topics = intents.topics.map(({ topic }) => topic)
const { knowledge } = await loadKnowledge(join(root, 'knowledge/articles'), topics)
if (knowledge === undefined) throw new Error('no articles')
const { lexicons } = await loadLexicons(join(root, 'intents/lexicon'))
const cacheFolder = await mkdtemp(join(tmpdir(), 'tongda-bench-'))
// `-- FOLDER`: with the encoder in that folder instead of words alone.
const [folder] = process.argv.slice(2).filter((word) => word !== '--')
const encoder =
  folder === undefined
    ? undefined
    : await openEncoder({
        model: await readModelFolder(folder, 'name a folder that tongda models pull made'),
        log: silentLog,
        threads: 2,
      })
const content = { knowledge, intents, lexicons, cacheFolder, encoder }
const [, trainMs] = await timed(() => prepareUnderstanding(content))
const [prepared, cachedMs] = await timed(() => prepareUnderstanding(content))
await rm(cacheFolder, { recursive: true })

const { rows } = await readLabelled(join(root, 'test/fixtures/eval/demo.jsonl'), 'demo.jsonl')
const options = {
  thresholds: prepared.thresholds,
  answerable: new Set(knowledge.articles.map(({ topic }) => topic)),
  outOfScope: outOfScopeTopic,
}
await evaluate(prepared.understand, rows, options)
const evaluation = await evaluate(prepared.understand, rows, options)

const tools = createTextTools(lexicons)
const search = createSearch({ articles: knowledge.articles, ...tools })
const queries = rows.map(({ text }) => tools.normalise(text).text)
for (const query of queries) search(query, 5)
const started = performance.now()
for (const query of queries) search(query, 5)
const searchMs = (performance.now() - started) / queries.length

const { heldOut, labelled, thresholds } = prepared
const memoryMb = Math.round(process.memoryUsage().rss / 1e6)
process.stdout.write(
  `${JSON.stringify({ bench: 'understanding', trainMs, cachedMs, searchMs, memoryMb, thresholds, heldOut, labelled, evaluation })}\n`,
)
await encoder?.stop()
