import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import { openDeskApp } from '../../src/app/desk-app.ts'
import type { BrowserBundle } from '../../src/core/browser-bundle.ts'
import { mountDeskApp } from '../../src/http/desk-app.ts'
import { createMemoryLog, type LogLine } from './world.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const bundle: BrowserBundle = {
  scripts: ['main-A.js'],
  styles: [],
  files: new Map([['main-A.js', { bytes: bytes('start()'), contentType: 'text/javascript; charset=utf-8' }]]),
}

/** The desk of a node that is still building it. */
const building = () => {
  let finish: (built: BrowserBundle) => void = () => undefined
  const built = new Promise<BrowserBundle>((resolve) => (finish = resolve))
  return { deskApp: () => built, finish: () => finish(bundle) }
}

const serve = (deskApp: () => Promise<BrowserBundle>) => {
  const app = new Hono()
  mountDeskApp(app, deskApp, "'none'")
  return (path: string) => Promise.resolve(app.request(path))
}

describe('the page of the desk', () => {
  it('asks for patience while it is built, and no proxy takes the node for gone', async () => {
    const { deskApp, finish } = building()
    const get = serve(deskApp)
    const first = await get('/desk/app/inbox/open')
    expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(await first.text()).toMatch(/http-equiv="refresh".*正在准备工作台/s)
    finish()
    const then = await get('/desk/app/inbox/open')
    expect([then.status, then.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(await then.text()).toContain('src="/desk/assets/main-A.js"')
  })

  it('has its scripts from a node that is still building', async () => {
    const { deskApp, finish } = building()
    const get = serve(deskApp)
    const script = get('/desk/assets/main-A.js')
    finish()
    expect(await (await script).text()).toBe('start()')
    expect((await get('/desk/assets/main-B.js')).status).toBe(404)
  })

  it('says that it cannot be built, and tries again', async () => {
    let works = false
    const get = serve(() => (works ? Promise.resolve(bundle) : Promise.reject(new Error('no esbuild'))))
    const broken = await get('/desk/app')
    expect([broken.status, broken.headers.get('cache-control')]).toEqual([500, 'no-store'])
    expect(await broken.text()).toMatch(/http-equiv="refresh".*日志/s)
    expect((await get('/desk/assets/main-A.js')).status).toBe(404)
    works = true
    expect((await get('/desk/app')).status).toBe(200)
  })
})

describe('where nothing can be kept', () => {
  let place: string
  afterEach(() => rmSync(place, { recursive: true, force: true }))

  it('loads all the same, and says so once', async () => {
    place = mkdtempSync(join(tmpdir(), 'tongda-desk-app-'))
    writeFileSync(join(place, 'cache'), 'a file where the folder should be')
    const log: LogLine[] = []
    const get = serve(openDeskApp(createMemoryLog(log), { cache: join(place, 'cache') }))
    const page = async () => (await get('/desk/app')).text()
    await expect.poll(page, { timeout: 100_000 }).toContain('<script type="module"')
    const [, script = ''] = /src="(\/desk\/assets\/main-[^"]+\.js)"/.exec(await page()) ?? []
    expect((await get(script)).headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(log).toEqual([
      expect.objectContaining({ level: 'warn', event: expect.stringMatching(/tongda prepare/) }),
    ])
  })
})
