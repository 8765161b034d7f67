/* global document, localStorage, navigator */
import { en } from './words-en.js'
import { en as incidentEn, zh as incidentZh } from './words-incident.js'
import { en as owedEn, zh as owedZh } from './words-owed.js'
import { en as privacyEn, zh as privacyZh } from './words-privacy.js'
import { en as signInEn, zh as signInZh } from './words-sign-in.js'
import { en as surveyEn, zh as surveyZh } from './words-survey.js'
import { en as queueEn, zh as queueZh } from './words-queue.js'
import { en as widgetEn, zh as widgetZh } from './words-widget.js'
import { zh } from './words-zh.js'

const words = {
  zh: { ...zh, ...owedZh, ...queueZh, ...incidentZh, ...privacyZh, ...signInZh, ...surveyZh, ...widgetZh },
  en: { ...en, ...owedEn, ...queueEn, ...incidentEn, ...privacyEn, ...signInEn, ...surveyEn, ...widgetEn },
}

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

/** The browser's word for this machine's command key. */
export const isApple = () => /mac|iphone|ipad/i.test(navigator.userAgent)
