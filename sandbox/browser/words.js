import { remember, remembered } from './dom.js'

const { document } = globalThis
const base = document.documentElement.dataset.base
const languages = ['zh-CN', 'en']
let dictionary = {}
let language = languages.includes(remembered('language')) ? remembered('language') : 'zh-CN'

/** Fetches the dictionary of the chosen language. */
export const loadWords = async () => {
  const response = await globalThis.fetch(`${base}/assets/${language}.json`)
  dictionary = await response.json()
  document.documentElement.lang = language
  document.title = t('title')
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t)
}

/** Changes to the other language. */
export const switchLanguage = async () => {
  language = language === 'zh-CN' ? 'en' : 'zh-CN'
  remember('language', language)
  await loadWords()
}

/** The words for a key; `{name}` stands for a value. */
export const t = (key, values = {}) =>
  (dictionary[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? String(values[name]) : whole,
  )

/** The words for a key, or the fallback when the dictionary has none (codes that the product may add to). */
export const tOr = (key, fallback) => dictionary[key] ?? fallback

/** Why the bot decided so; earlier versions stored words instead of codes. */
export const reasonText = (reason) => {
  if (typeof reason === 'string') return reason
  const { code, values } = reason
  const kinds = values.kinds?.split(',').map((kind) => tOr(`reason.kind.${kind}`, kind))
  const filled = kinds === undefined ? values : { ...values, kinds: kinds.join(t('list')) }
  return dictionary[`reason.${code}`] === undefined ? code : t(`reason.${code}`, filled)
}

const zone = 'Asia/Shanghai'
const format = (options) => new Intl.DateTimeFormat('zh-CN', { timeZone: zone, hourCycle: 'h23', ...options })
const clock = format({ hour: '2-digit', minute: '2-digit' })
const clockWithSeconds = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone })

/** `14:05` */
export const hourOf = (iso) => clock.format(new Date(iso))
/** `14:05:09` */
export const timeOf = (iso) => clockWithSeconds.format(new Date(iso))
/** `2026-11-23` */
export const dayOf = (iso) => day.format(new Date(iso))

/** A span for people: `38 ms`, `1.2 s`. */
export const spanOf = (ms) => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`)

/** What is left of a window: hours and minutes, or seconds in the last minute. */
export const leftOf = (ms) => {
  if (ms <= 60_000) return t('left.seconds', { seconds: Math.max(0, Math.ceil(ms / 1_000)) })
  const minutes = Math.floor(ms / 60_000)
  return minutes < 60
    ? t('left.minutes', { minutes })
    : t('left.hours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
}
