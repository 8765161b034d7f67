import { create } from 'zustand'
import * as admin from './admin.ts'
import * as app from './app.ts'
import * as frame from './frame.ts'
import * as knowledge from './knowledge.ts'
import * as people from './people.ts'
import * as reason from './reason.ts'
import * as reports from './reports.ts'
import * as talk from './talk.ts'
import * as ticket from './ticket.ts'

const zh = {
  ...app.zh,
  ...frame.zh,
  ...ticket.zh,
  ...talk.zh,
  ...reason.zh,
  ...people.zh,
  ...knowledge.zh,
  ...admin.zh,
  ...reports.zh,
}
export type WordKey = keyof typeof zh
const en: Readonly<Record<WordKey, string>> = {
  ...app.en,
  ...frame.en,
  ...ticket.en,
  ...talk.en,
  ...reason.en,
  ...people.en,
  ...knowledge.en,
  ...admin.en,
  ...reports.en,
}
const words: Readonly<Record<Language, Readonly<Record<WordKey, string>>>> = { zh, en }

export type Language = 'zh' | 'en'
/** Values for the `{places}` of a text. */
export type WordValues = Readonly<Record<string, string | number>>
/** Puts a key into words of the chosen language. */
export type Translate = (key: WordKey, values?: WordValues) => string

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

const translators: Readonly<Record<Language, Translate>> = {
  zh: (key, values = {}) => fill(words.zh[key], values),
  en: (key, values = {}) => fill(words.en[key], values),
}

/** The words of the chosen language. Whoever uses them is drawn anew when it changes. */
export const useWords = (): Translate => translators[useLanguage(({ language }) => language)]

/** Whether the server's word has a text here: newer servers know more than this page. */
export const isWord = (key: string): key is WordKey => Object.hasOwn(zh, key)
