import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { hashArticle } from '../../knowledge/index.ts'
import { articleFiles } from '../../src/app/article-files.ts'
import { openKnowledgeTerminal } from '../../src/app/knowledge-terminal.ts'
import { openStore } from '../../src/app/store.ts'
import { parseConfig, type Config } from '../../src/config.ts'
import { systemClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import { createPublishService } from '../../src/editing/index.ts'
import {
  createDraftStore,
  createEvaluationStore,
  createVersionStore,
  type Database,
} from '../../src/store/index.ts'
import { tongda } from '../support/command.ts'
import { startTestControl } from '../support/control.ts'
import { newDataFolder } from '../support/data-folder.ts'

const configOf = (dataDir: string): Config => {
  const parsed = parseConfig({ dataDir, knowledge: { review: 'optional' } })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.config
}

/** Publishes every open draft, as an editor does. */
const publishDrafts = async (config: Config, database: Database): Promise<void> => {
  const drafts = createDraftStore(database)
  const publishing = createPublishService({
    ...{ drafts, versions: createVersionStore(database), evaluations: createEvaluationStore(database) },
    ...{ files: articleFiles(config), hashOf: hashArticle, clock: systemClock, config: config.knowledge },
    preview: () => Promise.resolve([]),
    today: () => '2026-11-27',
    onPublished: () => undefined,
    onEvaluation: () => Promise.resolve(),
  })
  const open = await drafts.list({ states: ['draft'] }, { limit: 10 })
  await publishing.publish(
    { draftIds: open.map(({ id }) => id), reason: '月球基地开了', override: '先上线' },
    { actor: { kind: 'agent', id: 'li', name: '李然' } },
  )
}

const withDatabase = async (dataDir: string, work: (config: Config, database: Database) => Promise<void>) => {
  const config = configOf(dataDir)
  const database = await openStore(config, silentLog)
  await work(config, database)
  await database.close()
}

const similar = ['月球发票', '发票寄到月球基地', '月球基地能收到发票吗', '月球开票', '我住月球基地发票寄哪']
const wordings = [...similar, '寄月球的发票', '月球基地报销发票', 'moon base invoice'].join('\n')
const table = `ID,标准问,相似问,答案,分类\ninvoice-moon,月球基地的发票怎么寄,"${wordings}",由火箭寄送,invoice\n`
const faulty = 'Moon Base,月球基地在哪,,在月球,invoice\n'

const Imported = z.looseObject({ id: z.string(), draftIds: z.array(z.string()) })
const Versions = z.array(z.looseObject({ number: z.number(), kind: z.string(), reason: z.string() }))

// Each call starts a process, and most of them a database.
describe('tongda kb', { timeout: 180_000 }, () => {
  let dataDir: string
  beforeAll(() => {
    dataDir = newDataFolder('kb')
  })
  afterAll(() => {
    rmSync(dataDir, { recursive: true, force: true })
  })
  const run = (...args: string[]) => tongda(['kb', ...args], { dataDir })
  const file = (name: string, text?: string): string => {
    const path = join(dataDir, name)
    if (text !== undefined) writeFileSync(path, text)
    return path
  }

  it('writes what is live, and replaces a file only when told to', async () => {
    const path = file('articles.csv')
    expect((await run('export', path)).status).toBe(0)
    expect(readFileSync(path, 'utf8')).toContain('ID,标准问,相似问')
    const again = await run('export', path)
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('--force')])
    expect((await run('export', path, '--force')).status).toBe(0)
    const unchanged = await run('import', path)
    expect([unchanged.status, unchanged.stdout]).toEqual([0, expect.stringContaining('added 0,')])
  })

  it('shows what a file would change, makes drafts of it when told to, and takes them back', async () => {
    const path = file('moon.csv', table + faulty)
    const preview = await run('import', path)
    expect(preview.status).toBe(1)
    expect(preview.stdout).toMatch(/✓ 2 {2}invoice-moon {2}新增 added/)
    expect(preview.stdout).toMatch(/✗ 3 .*有错 faulty/)
    const refused = await run('import', path, '--apply', '--reason', '新基地')
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('--skip-faulty')])

    const args = ['import', path, '--apply', '--reason', '新基地', '--skip-faulty', '--json']
    const { id, draftIds } = Imported.parse(JSON.parse((await run(...args)).stdout))
    expect(draftIds).toHaveLength(1)
    expect((await run('undo', id)).stdout).toContain('discarded: 1')
  })

  it('lists versions and goes back, whether the product runs or not', async () => {
    expect((await run('versions')).stdout).toContain('nothing was published yet')
    await run('import', file('only.csv', table), '--apply', '--reason', '新基地')
    await withDatabase(dataDir, publishDrafts)
    expect((await run('rollback', '0', '--reason', '基地关了')).stdout).toMatch(
      /^✓ v2 .*back to v0.*基地关了/,
    )

    const config = configOf(dataDir)
    const database = await openStore(config, silentLog)
    const stop = await startTestControl({
      folder: dataDir,
      knowledge: openKnowledgeTerminal(config, database),
    })
    const same = await run('rollback', '0', '--reason', '再关一次')
    expect([same.status, same.stderr]).toEqual([1, expect.stringContaining('the same as version 0')])
    expect((await run('rollback', '1', '--reason', '又开了')).stdout).toContain('back to v1')
    const beside = await run('import', file('beside.csv', table.replace('由火箭寄送', '由飞船寄送')))
    expect(beside.stdout).toMatch(/invoice-moon {2}修改 changed {2}answer/)
    const applied = await run('import', file('beside.csv'), '--apply', '--reason', '换了飞船')
    const importId = /kb undo (\S+)/.exec(applied.stdout)?.[1] ?? ''
    expect((await run('undo', importId)).stdout).toContain('discarded: 1')
    expect((await run('export', file('beside.zip'))).status).toBe(0)
    stop()
    await database.close()

    const versions = Versions.parse(JSON.parse((await run('versions', '--json')).stdout))
    expect(versions.map(({ number, kind, reason }) => [number, kind, reason])).toEqual([
      [3, 'rollback', '又开了'],
      [2, 'rollback', '基地关了'],
      [1, 'publish', '月球基地开了'],
    ])
  })

  it.each([
    [['import', 'nowhere.csv'], 'cannot read'],
    [['import', 'articles.pdf'], 'use .csv, .xlsx'],
    [['export', 'articles.doc'], 'use .csv, .xlsx'],
    [['import', 'package.json', '--apply'], 'needs a reason'],
    [['rollback', 'last', '--reason', 'x'], 'a whole number'],
    [['rollback', '0', '--reason', ' '], 'needs a reason'],
    [['versions', '--limit', '0'], 'a whole number'],
    [['undo', 'last'], 'is no id of an import'],
  ])('says what is wrong with %j', async (args, says) => {
    const { status, stderr } = await run(...args)
    expect([status, stderr]).toEqual([2, expect.stringContaining(says)])
  })

  it('says how long a reason may be', async () => {
    const { status, stderr } = await run('rollback', '0', '--reason', '长'.repeat(2_001))
    expect([status, stderr]).toEqual([2, expect.stringContaining('at most 2000 characters, not 2001')])
  })
})
