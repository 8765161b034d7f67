import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openContent, type Content } from '../../src/app/content.ts'
import { parseConfig, type Config } from '../../src/config.ts'
import type { Encoder } from '../../src/core/encoder.ts'
import { keepLog, openTiny, tinyModel } from '../support/tiny-encoder.ts'

let folder: string
let config: Config
let encoder: Encoder
let contents: Content[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-content-'))
  // A small part of what ships learns in a second or two.
  const articles = join(folder, 'articles')
  for (const topic of ['invoice', 'vip-refund'])
    cpSync(`knowledge/articles/${topic}`, join(articles, topic), { recursive: true })
  const forms = join(folder, 'forms')
  mkdirSync(forms)
  const intents = join(folder, 'intents')
  for (const part of ['topics.yaml', 'lexicon', 'taxonomy/greeting.yaml', 'taxonomy/out-of-scope.yaml'])
    cpSync(`intents/${part}`, join(intents, part), { recursive: true })
  const parsed = parseConfig({ dataDir: join(folder, 'data'), content: { articles, forms, intents } })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  config = parsed.config
  encoder = await openTiny(tinyModel, { log: keepLog().log })
  contents = []
})
afterEach(async () => {
  for (const content of contents) content.stop()
  await encoder.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Opens the content and keeps what is logged. */
const open = async () => {
  const { log, lines } = keepLog()
  const content = await openContent(config, log, { encoder })
  contents.push(content)
  const told = (event: RegExp) => lines.filter((line) => event.test(line.event))
  return {
    topicOf: async (text: string) => (await content.understand(text, {})).topic,
    told,
    inUse: () => told(/new content is in use/).map(({ facts }) => facts),
  }
}
const patience = { timeout: 120_000, interval: 200 }
const faulty = '---\nid: [broken\n---\n'

describe('content with an encoder', { timeout: 240_000 }, () => {
  it('answers by words at the first start and learns meanings behind them; later it starts with both', async () => {
    const first = await open()
    expect(first.told(/answers go by words until/)).toHaveLength(1)
    expect(await first.topicOf('发票怎么开')).toBe('invoice')
    await expect.poll(first.inUse, patience).toEqual([expect.objectContaining({ byMeaning: true })])
    expect(await first.topicOf('发票怎么开')).toBe('invoice')

    const second = await open()
    expect(second.told(/answers go by words until/)).toEqual([])
    expect(await second.topicOf('发票怎么开')).toBe('invoice')
  })

  it('learns meanings without an article that was faulty at the start; a further fault changes nothing', async () => {
    writeFileSync(join(config.content.articles, 'invoice', 'broken.md'), faulty)
    const content = await open()
    expect(content.told(/content is faulty/)).toContainEqual(
      expect.objectContaining({
        facts: expect.objectContaining({ file: expect.stringMatching(/broken\.md$/) }),
      }),
    )
    await expect.poll(content.inUse, patience).toEqual([expect.objectContaining({ byMeaning: true })])
    writeFileSync(join(config.content.articles, 'invoice', 'other.md'), faulty)
    await expect.poll(() => content.told(/last good version/), patience).toHaveLength(1)
    expect(content.inUse()).toHaveLength(1)
  })
})
