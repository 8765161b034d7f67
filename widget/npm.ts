/** The widget for bundled pages: puts the same script on the page, with types for what can be asked of it. */
import type { Command, Locale, TongdaApi } from './api.ts'

export type { Locale, PageContext, TongdaApi, WidgetNews } from './api.ts'

export interface WidgetOptions {
  /** The product's address, e.g. `https://chat.example.com`. */
  readonly url: string
  /** The web inbox's id, e.g. `web`. */
  readonly inbox: string
  /** Absent: the language of the page, else of the browser. */
  readonly locale?: Locale
  /** Where the page's policy asks for one. */
  readonly nonce?: string
}

const createApi = (): TongdaApi => {
  const api: TongdaApi = Object.assign((...command: Command): void => void (api.q ??= []).push(command), {
    q: [] as Command[],
  })
  return api
}

/** Loads the widget once, whatever is asked of it meanwhile is done as soon as it is there. */
export const loadTongda = ({ url, inbox, locale, nonce }: WidgetOptions): TongdaApi => {
  const known = window.Tongda
  if (known !== undefined) return known
  const api = createApi()
  window.Tongda = api
  const script = document.createElement('script')
  script.async = true
  script.src = new URL('/widget.js', url).href
  script.dataset.inbox = inbox
  if (locale !== undefined) script.dataset.locale = locale
  if (nonce !== undefined) script.nonce = nonce
  document.head.append(script)
  return api
}
