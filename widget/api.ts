/** What a page may ask of the widget, by `Tongda('open')` and the like. */
export type Locale = 'zh-CN' | 'en'

/** What the widget tells the page, by name. */
export interface WidgetNews {
  /** The chat can be opened. */
  readonly ready: undefined
  readonly open: undefined
  readonly close: undefined
  /** Whose conversation it is: the contact's address in this inbox; again when it is another's. */
  readonly visitor: string
  /** Messages that came while the chat was closed. */
  readonly unread: number
  /** The identity ended or was refused: call `identify` with a new token. */
  readonly identify: 'expired' | 'refused'
}

/** What the page knows and agents should see: the order that is open, the plan that is looked at. */
export type PageContext = Readonly<Record<string, string | number | boolean>>

export type Command =
  | readonly ['open' | 'close']
  /** `null`: nobody is signed in any more. */
  | readonly ['identify', { readonly token: string } | null]
  | readonly ['locale', Locale]
  | readonly ['context', PageContext]
  | { [Name in keyof WidgetNews]: readonly ['on', Name, (news: WidgetNews[Name]) => void] }[keyof WidgetNews]

/** The function that pages call; before the widget is there it keeps what is said in `q`. */
export interface TongdaApi {
  (...command: Command): void
  q?: Command[]
  /** The widget's script has run. */
  begun?: true
}

declare global {
  interface Window {
    Tongda?: TongdaApi
  }
}
