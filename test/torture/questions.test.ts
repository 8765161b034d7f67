import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { questions } from '../../bench/questions.ts'
import { createAsk } from '../../src/app/ask.ts'
import { openContent, type Content } from '../../src/app/content.ts'
import { parseConfig } from '../../src/config.ts'
import { silentLog } from '../../src/core/log.ts'
import { newDataFolder } from '../support/data-folder.ts'

describe('what the benches and experiments ask', () => {
  const folder = newDataFolder('questions')
  const parsed = parseConfig({ dataDir: folder, encoder: { model: 'none' } })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  let content: Content

  beforeAll(async () => {
    content = await openContent(parsed.config, silentLog, { watch: false })
  })
  afterAll(async () => {
    content.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it.each(questions)('is answered in words alone, understood by words alone: %s', async (text) => {
    const ask = createAsk(parsed.config, content)
    const { kind, article } = await ask({ text, channel: 'wechat' })
    const found = content.knowledge().articles.find(({ id }) => id === article)
    expect(kind).toBe('answer')
    expect(found).toMatchObject({ handoff: false })
    expect(found?.pictures).toBeUndefined()
  })
})
