import { create } from 'zustand'
import * as app from './app.ts'
import * as frame from './frame.ts'
import * as list from './list.ts'
import * as people from './people.ts'
import * as reason from './reason.ts'
import * as talk from './talk.ts'
import * as ticket from './ticket.ts'

const zh = {
  ...app.zh,
  ...frame.zh,
  ...ticket.zh,
  ...talk.zh,
  ...reason.zh,
  ...people.zh,
  ...list.zh,
}
export type WordKey = keyof typeof zh
const en: Readonly<Record<WordKey, string>> = {
  ...app.en,
  ...frame.en,
  ...ticket.en,
  ...talk.en,
  ...reason.en,
  ...people.en,
  ...list.en,
}
const words: Readonly<Record<Language, Readonly<Record<WordKey, string>>>> = { zh, en }

export type Language = 'zh' | 'en'
/** Values for the `{places}` of a text. */
export type WordValues = Readonly<Record<string, string | number>>
/** Puts a key into words of the chosen language. */
export type AnyTranslate<Key extends string> = (key: Key, values?: WordValues) => string
export type Translate = AnyTranslate<WordKey>

const storageKey = 'tongda.language'

const stored = (): Language => {
  try {
    return localStorage.getItem(storageKey) === 'en' ? 'en' : 'zh'
  } catch {
    return 'zh'
  }
}

const tell = (language: Language): void => {
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN'
}

interface LanguageState {
  readonly language: Language
  /** Changes the language and remembers it in this browser. */
  readonly choose: (language: Language) => void
}

export const useLanguage = create<LanguageState>((set) => ({
  language: stored(),
  choose: (language) => {
    tell(language)
    set({ language })
    try {
      localStorage.setItem(storageKey, language)
    } catch {
      // Private windows forget; nothing else depends on it.
    }
  },
}))
tell(stored())

/** The language as requests name it. */
export const currentLanguage = (): Language => useLanguage.getState().language

const fill = (text: string, values: WordValues): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))

type Words<Key extends string> = Readonly<Record<Key, string>>

const translateFrom =
  <Key extends string>(texts: Words<Key>): AnyTranslate<Key> =>
  (key, values = {}) =>
    fill(texts[key], values)

const translators: Readonly<Record<Language, Translate>> = {
  zh: translateFrom(words.zh),
  en: translateFrom(words.en),
}

/** The words of the chosen language. Whoever uses them is drawn anew when it changes. */
export const useWords = (): Translate => translators[useLanguage(({ language }) => language)]

/** The same with the words of a part that is not fetched with the first screen. */
export const wordsWith = <Key extends string>(
  moreZh: Words<Key>,
  moreEn: Words<Key>,
): (() => AnyTranslate<WordKey | Key>) => {
  const zhTexts: Words<WordKey | Key> = { ...words.zh, ...moreZh }
  const enTexts: Words<WordKey | Key> = { ...words.en, ...moreEn }
  const both = { zh: translateFrom(zhTexts), en: translateFrom(enTexts) }
  return () => both[useLanguage(({ language }) => language)]
}

/** Whether the server's word has a text here: newer servers know more than this page. */
export const isWord = (key: string): key is WordKey => Object.hasOwn(zh, key)
