import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as langchain from '../../src/langchain/index.ts'
import type * as Declared from '../../src/langchain/node.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

// A project beside the product that has it as a package.
let project: string
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'tongda-project-'))
  mkdirSync(join(project, 'node_modules'))
  symlinkSync(root, join(project, 'node_modules', 'tongda'))
})
afterEach(() => rmSync(project, { recursive: true, force: true }))

/** What plain Node prints for a module of that project. */
const printed = async (code: string, file = 'chain.mjs'): Promise<unknown> => {
  writeFileSync(join(project, file), code)
  const { stdout } = await run(process.execPath, [file], { cwd: project })
  return JSON.parse(stdout)
}

/** What a module of that project becomes when the project bundles it for Node, run far from the product. */
const runBundled = async (code: string, external: string[] = []) => {
  writeFileSync(join(project, 'chain.mjs'), code)
  const outfile = join(project, 'out', 'chain.mjs')
  const entryPoints = [join(project, 'chain.mjs')]
  await build({ entryPoints, outfile, external, bundle: true, platform: 'node', format: 'esm' })
  return run(process.execPath, [outfile], { cwd: project })
}

// The first import makes a bundle: seconds, on a busy machine tens of them.
describe('the package in a project of its own', { timeout: 300_000 }, () => {
  it('is read by plain Node', async () => {
    const code = `
      import * as langchain from 'tongda/langchain'
      import * as client from 'tongda/client'
      const source = langchain.connectTongda({ url: 'http://127.0.0.1:1', key: 'tk_1' })
      const refused = await new langchain.TongdaRetriever({ source }).invoke('大会员').catch(({ code }) => code)
      console.log(JSON.stringify([Object.keys(langchain), Object.keys(client), refused]))`
    expect(await printed(code)).toEqual([Object.keys(langchain).sort(), ['createTongda'], 'unreachable'])
  })

  it('gives its client to what is bundled, and to CommonJS', async () => {
    const code = `
      import { createTongda } from 'tongda/client'
      console.log(JSON.stringify(Object.keys(createTongda({ url: 'http://127.0.0.1:1', key: 'tk_1' })).includes('GET')))`
    expect(JSON.parse((await runBundled(code)).stdout)).toBe(true)
    const common = `console.log(JSON.stringify(Object.keys(require('tongda/client'))))`
    expect(await printed(common, 'chain.cjs')).toEqual(['createTongda'])
  })

  it('says that a bundler must leave its chains outside', async () => {
    const code = `import { TongdaRetriever } from 'tongda/langchain'; console.log(TongdaRetriever.name)`
    await expect(runBundled(code, ['esbuild', 'tsx'])).rejects.toMatchObject({
      stderr: expect.stringContaining('leave this package external') as unknown,
    })
  })

  it('is to other compilers what it is', () => {
    // Checked by the compiler: what is declared for others is what is exported.
    const declared: typeof Declared = langchain
    expect(declared).toBe(langchain)
  })
})
