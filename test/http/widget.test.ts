import { readFile, readdir } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { mountWidget } from '../../src/http/index.ts'

/** What a page may be asked to load before anybody writes, and in all, in bytes as sent. */
const coreLimit = 20 * 1_024
const wholeLimit = 30 * 1_024

const app = new Hono()
mountWidget(app, silentLog)

const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  Promise.resolve(app.request(path, { headers }))

interface Script {
  readonly text: string
  readonly bytes: number
  readonly statics: readonly string[]
  readonly lazies: readonly string[]
}

const read = async (path: string): Promise<Script> => {
  const response = await ask(path, { 'accept-encoding': 'gzip' })
  expect([path, response.status, response.headers.get('content-encoding')]).toEqual([path, 200, 'gzip'])
  const packed = Buffer.from(await response.arrayBuffer())
  const text = gunzipSync(packed).toString('utf8')
  const names = (pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].map(([, name]) => `/widget/${name ?? ''}`)
  return {
    text,
    bytes: packed.byteLength,
    statics: names(/(?:from|import)\s*"\.\/([\w-]+\.js)"/g),
    lazies: names(/import\("\.\/([\w-]+\.js)"\)/g),
  }
}

/** A script with everything that has to be there before it runs. */
const withStatics = async (path: string, known: Map<string, Script>): Promise<void> => {
  if (known.has(path)) return
  const script = await read(path)
  known.set(path, script)
  for (const next of script.statics) await withStatics(next, known)
}

describe('the widget’s scripts', () => {
  let loader: Script
  let corePath: string
  const core = new Map<string, Script>()
  const whole = new Map<string, Script>()
  const bytesOf = (scripts: Map<string, Script>): number =>
    [...scripts.values()].reduce((sum, { bytes }) => sum + bytes, loader.bytes)

  beforeAll(async () => {
    loader = await read('/widget.js')
    corePath = `/widget/${/core-[A-Z\d]+\.js/.exec(loader.text)?.[0] ?? ''}`
    await withStatics(corePath, core)
    for (const [path, script] of core) whole.set(path, script)
    for (let before = -1; before !== whole.size;) {
      before = whole.size
      for (const script of [...whole.values()])
        for (const lazy of script.lazies) await withStatics(lazy, whole)
    }
  })

  it('stay small', () => {
    expect(bytesOf(core)).toBeLessThanOrEqual(coreLimit)
    expect(bytesOf(whole)).toBeLessThanOrEqual(wholeLimit)
    expect(whole.size).toBeGreaterThan(core.size)
  })

  it('can be loaded by any page, and are kept as long as they do not change', async () => {
    const first = await ask('/widget.js')
    expect(first.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(first.headers.get('access-control-allow-origin')).toBe('*')
    expect(first.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(first.headers.get('cache-control')).toBe('public, max-age=300')
    expect(await first.text()).toBe(loader.text)
    const again = await ask('/widget.js', { 'if-none-match': first.headers.get('etag') ?? '' })
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect((await ask(corePath)).headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  it('are nothing else', async () => {
    for (const path of ['/widget/widget.js.map', '/widget/..%2fpackage.json', '/widget/core.js', '/widget/'])
      expect((await ask(path)).status, path).toBe(404)
  })

  it('have no way from text to markup or code', async () => {
    for (const [path, { text }] of whole)
      expect(text, path).not.toMatch(
        /outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function/,
      )
    // Preact has one for pages that ask for it; ours never do.
    const folder = new URL('../../widget/', import.meta.url)
    for (const name of await readdir(folder, { recursive: true })) {
      if (!/\.tsx?$/.test(name)) continue
      expect(await readFile(new URL(name, folder), 'utf8'), name).not.toMatch(/innerHTML|dangerouslySet/i)
    }
  })
})
