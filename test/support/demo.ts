import { rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { startApp, type App } from '../../src/app.ts'
import { freePort } from '../../src/app/free-port.ts'
import { parseConfig } from '../../src/config.ts'
import { silentLog } from '../../src/core/log.ts'
import { newDataFolder } from './data-folder.ts'

/** The product as it starts without a config, with its sandbox. */
export interface Demo {
  readonly app: App
  readonly folder: string
  /** Asks the sandbox's API. */
  get(path: string): Promise<unknown>
  /** Acts through the sandbox's API, which must accept. */
  post(path: string, body: unknown): Promise<unknown>
  restart(): Promise<void>
  dispose(): Promise<void>
}

// Before the test itself ends, so that a failure names what hangs.
const patienceMs = 60_000
const within = <Value>(what: string, work: Promise<Value>): Promise<Value> =>
  Promise.race([
    work,
    delay(patienceMs, undefined, { ref: false }).then((): never => {
      throw new Error(`the demo does not ${what}`)
    }),
  ])

/** Starts the demo in a folder of its own. */
export const startDemo = async (): Promise<Demo> => {
  const folder = newDataFolder('demo')
  // One port for all starts: what the sandbox keeps knows the address.
  const parsed = parseConfig({ dataDir: folder, server: { port: await freePort() } })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const start = (): Promise<App> => startApp({ config: parsed.config, log: silentLog })
  let app = await start()
  const api = (path: string): string => `${app.url}/sandbox/api/${path}`
  return {
    get app() {
      return app
    },
    folder,
    get: async (path) => (await within(`tell ${path}`, fetch(api(path)))).json(),
    post: async (path, body) => {
      const headers = { origin: app.url, 'content-type': 'application/json' }
      const request = { method: 'POST', headers, body: JSON.stringify(body) }
      const response = await within(`do ${path}`, fetch(api(path), request))
      const text = await response.text()
      expect([response.status, text]).toEqual([expect.toBeOneOf([200, 201, 202, 204]), text])
      return text === '' ? undefined : (JSON.parse(text) as unknown)
    },
    restart: async () => {
      await within('stop', app.stop())
      app = await within('start', start())
    },
    dispose: async () => {
      await app.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
