/** The chat itself: loaded by `loader.ts` once the page is idle. */
import { effect } from '@preact/signals'
import { render } from 'preact'
import type { Command, Locale, TongdaApi, WidgetNews } from './api.ts'
import { createChat } from './chat.ts'
import styles from './launcher.css'
import { Widget, type PanelModule } from './views/widget.tsx'

export interface StartOptions {
  readonly api: TongdaApi
  /** The inbox's address, with a slash at the end. */
  readonly base: URL
  /** Absent: the language of the page, else of the browser. */
  readonly locale: Locale | undefined
}

const panelAfterMs = 1_500

type Ears = { [Name in keyof WidgetNews]?: ((news: WidgetNews[Name]) => void)[] }

/** Chinese unless the page, or else the browser, says that it is read in another language. */
const localeOf = (given: Locale | undefined): Locale => {
  if (given !== undefined) return given
  const language = document.documentElement.lang === '' ? navigator.language : document.documentElement.lang
  return /^zh\b/i.test(language) ? 'zh-CN' : 'en'
}

const createEars = () => {
  const ears: Ears = {}
  return {
    on: <Name extends keyof WidgetNews>(name: Name, hear: (news: WidgetNews[Name]) => void): void => {
      const hearers: ((news: WidgetNews[Name]) => void)[] = ears[name] ?? []
      Object.assign(ears, { [name]: [...hearers, hear] })
    },
    tell: <Name extends keyof WidgetNews>(name: Name, news: WidgetNews[Name]): void => {
      for (const hear of ears[name] ?? []) {
        // What goes wrong in the page's own code is the page's, and must not end the chat.
        queueMicrotask(() => hear(news))
      }
    },
  }
}

/** Constructed sheets need no `unsafe-inline`. */
const dress = (root: ShadowRoot, text: string): void => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}

/** A shadow root with our style alone. */
const createPlace = (): { readonly host: HTMLElement; readonly root: ShadowRoot } => {
  const host = document.createElement('tongda-chat')
  const root = host.attachShadow({ mode: 'open' })
  dress(root, styles)
  document.body.append(host)
  return { host, root }
}

/** The panel, loaded once: what fails is asked for again. */
const createPanelLoading = (root: ShadowRoot): (() => Promise<PanelModule['Panel']>) => {
  let loading: Promise<PanelModule['Panel']> | undefined
  const load = async (): Promise<PanelModule['Panel']> => {
    const { Panel, styles: panelStyles } = await import('./views/panel.tsx')
    dress(root, panelStyles)
    return Panel
  }
  return () =>
    (loading ??= load().catch((error: unknown) => {
      loading = undefined
      throw error
    }))
}

/** Puts the chat on the page and does what the page asked for meanwhile. */
export const start = ({ api, base, locale }: StartOptions): void => {
  const { on, tell } = createEars()
  const chat = createChat({ base, locale: localeOf(locale), tell })
  const { host, root } = createPlace()
  effect(() => {
    host.lang = chat.locale.value
    host.style.setProperty('--brand', chat.settings.value.colour)
    host.dataset.side = chat.settings.value.side
  })
  const obey = (command: Command): void => {
    if (command[0] === 'on') on(command[1], command[2] as (news: unknown) => void)
    else chat.obey(command)
  }
  // The page may hold on to the function that it called first: that one is told where to go, too.
  const waiting = api.q ?? []
  api.q = Object.assign([] as Command[], {
    push: (...commands: Command[]): number => {
      commands.forEach(obey)
      return 0
    },
  })
  // What is said by `arguments` is no array yet.
  for (const command of waiting) obey(Array.from<unknown>(command) as unknown as Command)
  const loadPanel = createPanelLoading(root)
  render(<Widget chat={chat} loadPanel={loadPanel} />, root)
  void chat.begin()
  // Ready before it is asked for, when the network may be gone.
  setTimeout(() => void loadPanel().catch(() => undefined), panelAfterMs)
}
