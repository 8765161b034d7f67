import type { Clock } from '../../src/core/clock.ts'

/** One article of a 图文 message. */
export interface ShownArticle {
  readonly title: string
  readonly description: string
  readonly url: string
  readonly pictureUrl: string
}

/** What stands on the user's screen. */
export type TranscriptContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image'; readonly mediaId: string }
  | {
      readonly kind: 'voice'
      readonly mediaId: string
      readonly recognition?: string
      readonly durationMs?: number
    }
  | {
      readonly kind: 'video'
      readonly mediaId: string
      readonly title?: string
      readonly description?: string
    }
  | {
      readonly kind: 'music'
      readonly title: string
      readonly description: string
      readonly url: string
    }
  | { readonly kind: 'news'; readonly articles: readonly ShownArticle[] }
  | {
      readonly kind: 'menu'
      readonly head: string
      readonly entries: readonly { readonly id: string; readonly label: string }[]
      readonly tail: string
    }
  | {
      readonly kind: 'location'
      readonly latitude: number
      readonly longitude: number
      readonly label: string
    }
  | { readonly kind: 'link'; readonly title: string; readonly description: string; readonly url: string }
  | { readonly kind: 'file'; readonly name: string; readonly bytes: number }
  /** Card, mini program or published article: shown by its name only. */
  | { readonly kind: 'card'; readonly card: string; readonly title: string }
  /** Something the user did: followed, pressed a menu key. */
  | { readonly kind: 'event'; readonly event: string; readonly label?: string }
  /** The platform's own words, e.g. that the account is out of order. */
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'other'; readonly type: string }

/** Where a line came from: the user, an answer on the request, the customer-service API, or the platform. */
export type TranscriptSource = 'user' | 'passive' | 'api' | 'platform'

/** How a user's own line fared. */
export type PushState = 'held' | 'sending' | 'answered' | 'acknowledged' | 'failed'

/** One line a user saw. */
export interface TranscriptEntry {
  /** Grows with every entry of the simulator. */
  readonly id: number
  readonly openid: string
  readonly at: Date
  readonly source: TranscriptSource
  readonly content: TranscriptContent
  /** On the user's own lines. */
  readonly state?: PushState
  /** The exchange of the trace that carried it. */
  readonly exchangeId?: number
  /** On lines by API: messages still allowed afterwards. */
  readonly quotaLeft?: number
}

/** What every user saw, in order. */
export interface Transcripts {
  add(entry: Omit<TranscriptEntry, 'id' | 'at'>): TranscriptEntry
  /** Changes a line's state or exchange; unknown ids are ignored. */
  update(id: number, change: Pick<TranscriptEntry, 'state' | 'exchangeId'>): void
  of(openid: string): readonly TranscriptEntry[]
  /** Every line of everybody, in order. */
  all(): readonly TranscriptEntry[]
  /** Forgets every line; numbers go on growing. */
  clear(): void
}

const keptPerUser = 500

/** Transcripts in memory; `changed` hears every new or changed line. */
export const createTranscripts = (
  clock: Clock,
  changed: (entry: TranscriptEntry) => void,
  saved: readonly TranscriptEntry[] = [],
): Transcripts => {
  const byUser = new Map<string, TranscriptEntry[]>()
  /** Whose line it is, of every line that is kept. */
  const userOf = new Map<number, string>()
  let lastId = 0
  const linesOf = (openid: string): TranscriptEntry[] => {
    const lines = byUser.get(openid) ?? []
    byUser.set(openid, lines)
    return lines
  }
  for (const entry of saved) {
    // Whoever was delivering it is gone.
    const isUnderWay = entry.state === 'held' || entry.state === 'sending'
    linesOf(entry.openid).push(isUnderWay ? { ...entry, state: 'failed' } : entry)
    userOf.set(entry.id, entry.openid)
    lastId = Math.max(lastId, entry.id)
  }
  return {
    all: () => [...byUser.values()].flat().sort((one, other) => one.id - other.id),
    clear: () => {
      byUser.clear()
      userOf.clear()
    },
    add: (entry) => {
      const added: TranscriptEntry = { ...entry, id: ++lastId, at: clock.now() }
      const lines = linesOf(entry.openid)
      lines.push(added)
      userOf.set(added.id, added.openid)
      if (lines.length > keptPerUser) userOf.delete(lines.shift()?.id ?? 0)
      changed(added)
      return added
    },
    update: (id, change) => {
      const lines = byUser.get(userOf.get(id) ?? '') ?? []
      const index = lines.findLastIndex((line) => line.id === id)
      const line = lines[index]
      if (line === undefined) return
      const updated = { ...line, ...change }
      lines[index] = updated
      changed(updated)
    },
    of: (openid) => [...(byUser.get(openid) ?? [])],
  }
}
