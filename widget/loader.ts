/**
 * The one script of the page. Nothing but a queue until the page has nothing else to do; then the chat is loaded, by
 * its own address, so that browsers keep it for as long as it does not change.
 */
import type { Command, TongdaApi } from './api.ts'
import type { start } from './core.tsx'

/** The file name of the chat's version; set when the widget is built. */
declare const CORE_FILE: string

/** The page asked for nothing earlier: an idle moment, at the latest after this. */
const idleWithinMs = 2_000
/** Where the network fails: so often, each time after so long once more. */
const mostTries = 6
const againAfterMs = 5_000

const script =
  document.currentScript instanceof HTMLScriptElement
    ? document.currentScript
    : document.querySelector<HTMLScriptElement>('script[data-inbox]')

const begin = (tag: HTMLScriptElement, inbox: string): void => {
  const api: TongdaApi =
    window.Tongda ??
    Object.assign((...command: Command): void => void (api.q ??= []).push(command), { q: [] as Command[] })
  window.Tongda = api
  // A page that carries the script twice has one chat all the same.
  if (api.begun === true) return
  api.begun = true
  const address = new URL(tag.src)
  let tries = 0
  const load = async (): Promise<void> => {
    const file = new URL(`widget/${CORE_FILE}`, address)
    // Browsers remember that a module could not be fetched: another try is another address.
    if (tries > 0) file.searchParams.set('try', String(tries))
    tries += 1
    const core = (await import(file.href)) as { start: typeof start }
    const { locale } = tag.dataset
    core.start({
      api,
      base: new URL(`channels/${encodeURIComponent(inbox)}/`, address),
      locale: locale === 'en' || locale === 'zh-CN' ? locale : undefined,
    })
  }
  const loadOrLater = (): void =>
    void load().catch(() => {
      if (tries < mostTries) setTimeout(loadOrLater, againAfterMs * tries)
    })
  const idle = (): void => {
    if ('requestIdleCallback' in window) requestIdleCallback(loadOrLater, { timeout: idleWithinMs })
    else setTimeout(loadOrLater, idleWithinMs)
  }
  if (document.readyState === 'complete') idle()
  else window.addEventListener('load', idle, { once: true })
}

if (script?.dataset.inbox !== undefined) begin(script, script.dataset.inbox)
