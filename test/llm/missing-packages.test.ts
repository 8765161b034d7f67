// The product after `npm ci --omit=optional`, in processes of its own in which LangChain cannot be found.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { createServerProcess } from '../../bench/server-process.ts'
import { freePort } from '../../src/app/free-port.ts'
import { tongda } from '../support/command.ts'
import { createVisitor } from '../support/visitor.ts'
import { withoutOptionalPackages } from '../support/without-optional/index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-missing-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A line of the log for what failed. */
const isError = /"level":(?:50|60|"error"|"fatal")/
const toInstall = 'LangChain is not installed; run: npm install --include=optional'
const model = { provider: 'openai', name: 'small', apiKey: 'sk-1', baseUrl: 'http://127.0.0.1:9/v1' }
const withModel = { llm: { model, answers: 'on', streaming: 'on' } }
const plain = { encoder: { model: 'none' }, inboxes: { web: { channel: 'web' } } }

/** Starts the product, asks it something it knows, and ends it. */
const serve = async (section: object) => {
  const { environment, wanted } = withoutOptionalPackages(folder)
  const server = createServerProcess({
    port: await freePort(),
    config: { ...plain, ...section },
    environment,
  })
  try {
    await server.start()
    const visitor = await createVisitor(server.url)
    visitor.says('怎么关闭大会员自动续费')
    await visitor.hears('续费管理')
    visitor.leaves()
    const status = await server.stop()
    const log = readFileSync(join(server.folder, 'server.log'), 'utf8').split('\n')
    return { status, errors: log.filter((line) => isError.test(line)), wanted: wanted() }
  } finally {
    await server.dispose()
  }
}

const doctor = async (section: object) => {
  const { environment } = withoutOptionalPackages(folder)
  const path = join(folder, 'tongda.yaml')
  writeFileSync(path, stringify({ ...plain, ...section }))
  return tongda(['doctor', '-c', path], {
    dataDir: join(folder, 'data'),
    environment: { ...environment, TONGDA_PORT: String(await freePort()) },
  })
}

// Each is a process, and the first makes the bundle: seconds, on a busy machine minutes.
describe('without the packages for language models', { timeout: 600_000 }, () => {
  it('starts, answers by the rules, and says in the log what to install', async () => {
    const { status, errors, wanted } = await serve(withModel)
    expect(status).toBe(0)
    expect(errors).toEqual([expect.stringContaining(toInstall)])
    expect(wanted).toContain('@langchain/openai')
  })

  it('tells by doctor what to install, and finds nothing else amiss', async () => {
    const { status, stdout, stderr } = await doctor(withModel)
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    const lines = stdout.split('\n')
    expect(lines.filter((line) => line.startsWith('✗'))).toEqual(['✗ 语言模型 language model openai/small'])
    expect(lines).toContainEqual(expect.stringContaining(toInstall))
  })

  it('looks for none of them where there is to be no model', async () => {
    const { status, errors, wanted } = await serve({})
    expect({ status, errors, wanted }).toEqual({ status: 0, errors: [], wanted: [] })
  })
})
