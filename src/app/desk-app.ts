import { fileURLToPath } from 'node:url'
import type { BrowserBundle } from '../core/browser-bundle.ts'
import type { Logger } from '../core/log.ts'
import { type BundleOptions, openBrowserBundle } from './browser-bundle.ts'

/** After a failure the next try waits so long. */
const restMs = 10_000

const folder = fileURLToPath(new URL('../../desk/app/', import.meta.url))

type DeskAppOptions = Partial<Pick<BundleOptions, 'cache' | 'onUnkept'>>

/** The agents' app: built in seconds the first time, kept after. Throws when it cannot be built. */
export const buildDeskApp = ({
  onUnkept = () => undefined,
  ...where
}: DeskAppOptions = {}): Promise<BrowserBundle> =>
  openBrowserBundle({ name: 'desk', folder, entry: 'main.tsx', first: 'shell/desk.tsx', onUnkept, ...where })

/**
 * The agents' app, opened when it is first asked for. Rejects when it cannot be built, and is tried again ten seconds
 * later. `cache`: where it is kept; default beside the installed packages.
 */
export const openDeskApp = (
  log: Logger,
  where: Pick<DeskAppOptions, 'cache'> = {},
): (() => Promise<BrowserBundle>) => {
  let opened: Promise<BrowserBundle> | undefined
  const onUnkept = (error: unknown): void =>
    log.warn({ error }, 'the desk could not be kept and is built at each start; run tongda prepare once')
  return () =>
    (opened ??= buildDeskApp({ ...where, onUnkept }).catch((error: unknown) => {
      log.error({ error }, 'the desk cannot be built; run npm ci again')
      setTimeout(() => (opened = undefined), restMs).unref()
      throw error
    }))
}
