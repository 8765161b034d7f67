import { keepLocal, readLocal } from '../shell/local.ts'

const storageKey = 'tongda.emoji'
/** How many are remembered. */
const kept = 16

/** What this browser used last, the newest first. */
export const recentEmoji = (): readonly string[] => {
  try {
    const found: unknown = JSON.parse(readLocal(storageKey) ?? '[]')
    return Array.isArray(found) ? found.filter((one) => typeof one === 'string').slice(0, kept) : []
  } catch {
    return []
  }
}

/** Remembers one that was used, in this browser alone. */
export const rememberEmoji = (emoji: string): void => {
  const all = [emoji, ...recentEmoji().filter((one) => one !== emoji)].slice(0, kept)
  keepLocal(storageKey, JSON.stringify(all))
}
