import { fileURLToPath } from 'node:url'
import type { BrowserBundle } from '../core/browser-bundle.ts'
import type { Logger } from '../core/log.ts'
import { openBrowserBundle } from './browser-bundle.ts'

/** After a failure the next try waits so long. */
const restMs = 10_000

const folder = fileURLToPath(new URL('../../desk/app/', import.meta.url))

/** The agents' app: built in seconds the first time, kept after. */
export const buildDeskApp = (): Promise<BrowserBundle> =>
  openBrowserBundle({ name: 'desk', folder, entry: 'main.tsx', first: 'shell/desk.tsx' })

/** The agents' app, opened when it is first asked for; undefined until it is there. */
export const openDeskApp = (log: Logger): (() => BrowserBundle | undefined) => {
  let built: BrowserBundle | undefined
  let nextTryAt = 0
  const open = async (): Promise<void> => {
    try {
      built = await buildDeskApp()
    } catch (error) {
      nextTryAt = performance.now() + restMs
      log.error(
        { error },
        'the desk cannot be built; run npm ci again, and make node_modules/.cache writable',
      )
    }
  }
  return () => {
    if (built === undefined && performance.now() >= nextTryAt) {
      nextTryAt = Infinity
      void open()
    }
    return built
  }
}
