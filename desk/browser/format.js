import { present } from './present.js'

const zone = 'Asia/Shanghai'
const parts = (options) => new Intl.DateTimeFormat('sv-SE', { timeZone: zone, ...options })
const dayOf = parts({ year: 'numeric', month: '2-digit', day: '2-digit' })
const clockOf = parts({ hour: '2-digit', minute: '2-digit' })

/** `2026-11-23 12:05`, Shanghai time. */
export const exactTime = (iso) => `${dayOf.format(new Date(iso))} ${clockOf.format(new Date(iso))}`

/** Only the clock for today, else the date with it. */
export const shortTime = (iso) =>
  dayOf.format(new Date(iso)) === dayOf.format(present()) ? clockOf.format(new Date(iso)) : exactTime(iso)
