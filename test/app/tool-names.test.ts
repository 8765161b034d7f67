// Names that a tool's section takes from the content: of articles, intents and topics.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkContent, faultsWith } from '../../src/app/content-files.ts'
import { type Config, parseConfig } from '../../src/config.ts'
import { tongda } from '../support/command.ts'
import { newDataFolder } from '../support/data-folder.ts'

let dataDir: string
beforeAll(() => {
  dataDir = newDataFolder('tool-names')
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

const rawWith = ({ articles = ['order-mall-shipping'], intents = ['order-mall'] }) => {
  const tool = {
    ...{ title: { zh: '查订单', en: 'Order status' }, changesState: false, intents },
    answer: { articles, words: { zh: '好', en: 'ok' } },
  }
  const http = { status: { ...tool, url: 'https://orders.example.com/all', parameters: { type: 'object' } } }
  const mcp = { mall: { url: 'https://mcp.example.com/mcp', tools: { presale: tool } } }
  return { server: { port: 0 }, encoder: { model: 'none' }, tools: { http, mcp } }
}

const configWith = (names: Parameters<typeof rawWith>[0]): Config => {
  const parsed = parseConfig({ dataDir, ...rawWith(names) })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.config
}

describe('an article that a tool answers for', () => {
  it('is named as a fault of the content where there is none', async () => {
    expect(await faultsWith(configWith({}), [])).toEqual([])
    const faults = await faultsWith(
      configWith({ articles: ['order-mall-shipping', 'order-mall-shiping'] }),
      [],
    )
    expect(faults.map(({ file }) => file)).toEqual([
      'tools.http.status.answer.articles',
      'tools.mcp.mall.tools.presale.answer.articles',
    ])
    for (const { problem } of faults) expect(problem).toContain('“order-mall-shiping”')
  })

  it('may have been written at the desk, which the files do not tell', async () => {
    expect((await checkContent(configWith({ articles: ['written-at-the-desk'] }))).faults).toEqual([])
  })

  it('is missed when it is retired at the desk', async () => {
    const retired = await faultsWith(configWith({}), [{ articleId: 'order-mall-shipping' }])
    expect(retired.map(({ file }) => file)).toContain('tools.http.status.answer.articles')
  })
})

it('ends the start where it names an intent that there is not, though the topic is right', async () => {
  const file = join(dataDir, 'tongda.yaml')
  writeFileSync(file, JSON.stringify(rawWith({ intents: ['order-mall', 'order-mall.typo', 'typo'] })))
  const { status, stderr, stdout } = await tongda(['-c', file, 'serve'], { dataDir })
  expect(status, stdout + stderr).not.toBe(0)
  expect(stdout + stderr).toContain('status: order-mall.typo; status: typo; mall.presale: order-mall.typo')
})
