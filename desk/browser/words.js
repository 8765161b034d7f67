/* global document, localStorage */
import { en, zh } from './words-sign-in.js'

const words = { zh, en }

const stored = () => {
  try {
    return localStorage.getItem('tongda.language')
  } catch {
    return null
  }
}

let language = stored() === 'en' ? 'en' : 'zh'

/** `zh` or `en`. */
export const currentLanguage = () => language

/** Changes the language and remembers it on this machine. */
export const setLanguage = (next) => {
  language = next
  document.documentElement.lang = next === 'en' ? 'en' : 'zh-CN'
  try {
    localStorage.setItem('tongda.language', next)
  } catch {
    // Private windows forget; nothing else depends on it.
  }
}

/** The text of a key with its `{values}` filled in; a key nobody knows stands for itself. */
export const t = (key, values = {}) => {
  const text = words[language][key] ?? words.zh[key] ?? key
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole))
}

/** Whether a key has a text. */
export const has = (key) => key in words.zh
