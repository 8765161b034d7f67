import { useSyncExternalStore } from 'react'
import type { DraftView } from '../api/desk.ts'
import { createKey } from '../api/request.ts'

/** What a text is to become. */
export type Mode = 'reply' | 'note'

export interface AttachedFile {
  readonly mediaId: string
  readonly name: string
}

/** What was typed, with the key under which it will be sent: sent before a crash and again after it, it arrives once. */
export interface Draft {
  readonly text: string
  readonly files: readonly AttachedFile[]
  readonly key: string
  /** `changedAt` of the server's draft that it goes on from; absent: the server had none. */
  readonly seen?: string | undefined
  /** Whether the server has it as it stands. */
  readonly isSaved: boolean
}

export interface DraftPlace {
  readonly agentId: string
  readonly ticketId: string
  readonly mode: Mode
}

// The names of drafts since the first desk: one that was begun there goes on here.
const nameOf = ({ agentId, ticketId, mode }: DraftPlace): string =>
  `tongda.draft.${agentId}.${ticketId}.${mode}`

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isFile = (value: unknown): value is AttachedFile =>
  isRecord(value) && typeof value.mediaId === 'string' && typeof value.name === 'string'

const isEmpty = ({ text, files }: Pick<Draft, 'text' | 'files'>): boolean => text === '' && files.length === 0

/** The draft that this browser keeps under a name. */
const read = (name: string): Draft => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name) ?? 'null')
    if (isRecord(kept) && typeof kept.text === 'string' && typeof kept.key === 'string')
      return {
        text: kept.text,
        key: kept.key,
        files: Array.isArray(kept.files) ? kept.files.filter(isFile) : [],
        seen: typeof kept.seen === 'string' ? kept.seen : undefined,
        isSaved: kept.isSaved === true,
      }
  } catch {
    // Storage switched off or filled by something else: an empty draft.
  }
  return { text: '', files: [], key: createKey(), isSaved: true }
}

const write = (name: string, draft: Draft): void => {
  try {
    // An empty one that the server does not know of yet is remembered: else what was sent would come back.
    if (isEmpty(draft) && draft.isSaved) localStorage.removeItem(name)
    else localStorage.setItem(name, JSON.stringify(draft))
  } catch {
    // Full or switched off: the text still stands in the field.
  }
}

/** Drafts of this page, whoever shows them; also of tickets that were left meanwhile. */
const known = new Map<string, Draft>()
/** What was written in another browser where this one has words of its own. */
const others = new Map<string, DraftView>()
const hearers = new Set<() => void>()

const tell = (): void => {
  for (const hear of hearers) hear()
}

/** Keys of drafts that this page found or brought to the server: whatever comes back under them is older than ours. */
const ownKeys = new Set<string>()
export const noteOwn = (key: string): void => {
  ownKeys.add(key)
}

/** The draft of a place as it stands. */
export const draftAt = (place: DraftPlace): Draft => draftNamed(nameOf(place))

const draftNamed = (name: string): Draft => {
  const found = known.get(name)
  if (found !== undefined) return found
  const draft = read(name)
  noteOwn(draft.key)
  known.set(name, draft)
  return draft
}

const set = (name: string, draft: Draft): void => {
  known.set(name, draft)
  write(name, draft)
  tell()
}

type Change = Pick<Draft, 'text' | 'files'>
let changed: (place: DraftPlace) => void = () => undefined

/** Names who keeps changed drafts on the server. */
export const onChanged = (hear: (place: DraftPlace) => void): void => {
  changed = hear
}

/** Keeps a changed text or changed files, at once and under a new key. */
export const changeDraft = (place: DraftPlace, change: (draft: Draft) => Change): void => {
  const name = nameOf(place)
  const before = draftNamed(name)
  const { text, files } = change(before)
  set(name, { text, files, key: createKey(), seen: before.seen, isSaved: false })
  changed(place)
}

/** Notes that the server has the draft that was under `key`. */
export const noteSaved = (place: DraftPlace, key: string, changedAt: string): void => {
  const name = nameOf(place)
  const now = draftNamed(name)
  set(name, { ...now, seen: changedAt, isSaved: now.key === key })
}

const isSame = (one: Change, other: Change): boolean =>
  one.text === other.text && JSON.stringify(one.files) === JSON.stringify(other.files)

/** Takes what the server has: over an older copy of ours; beside words of ours that it does not know. */
export const hearDraft = (place: DraftPlace, theirs: DraftView): void => {
  const name = nameOf(place)
  const ours = draftNamed(name)
  if (ours.seen !== undefined && theirs.changedAt <= ours.seen) return
  if (ownKeys.has(theirs.key)) {
    noteSaved(place, theirs.key, theirs.changedAt)
    return
  }
  const { text, files, key, changedAt: seen } = theirs
  if (ours.isSaved || isEmpty(ours) || isSame(ours, theirs)) {
    others.delete(name)
    set(name, { text, files, key, seen, isSaved: true })
  } else if (isEmpty(theirs)) {
    // Sent or emptied elsewhere; what was typed here since is something else.
    set(name, { ...ours, seen })
    changed(place)
  } else {
    others.set(name, theirs)
    tell()
  }
}

/** Whether another browser wrote something else, and nobody has settled it yet. */
export const isOpposed = (place: DraftPlace): boolean => others.has(nameOf(place))

/** What becomes of two drafts: ours stays, theirs takes its place, or both stand one after the other. */
export type Settlement = 'ours' | 'theirs' | 'both'

/** Settles two drafts as the agent says. */
export const settle = (place: DraftPlace, how: Settlement): void => {
  const name = nameOf(place)
  const theirs = others.get(name)
  if (theirs === undefined) return
  others.delete(name)
  const ours = draftNamed(name)
  const { text, files, key, changedAt: seen } = theirs
  if (how === 'theirs') {
    set(name, { text, files, key, seen, isSaved: true })
    return
  }
  const both = { text: `${text}\n${ours.text}`, files: [...files, ...ours.files] }
  const { text: words, files: all } = how === 'both' ? both : ours
  set(name, { text: words, files: all, key: createKey(), seen, isSaved: false })
  changed(place)
}

// What was written in another window of this browser is taken over.
addEventListener('storage', ({ key }) => {
  if (key === null || !known.has(key)) return
  known.set(key, read(key))
  tell()
})

const subscribe = (hear: () => void): (() => void) => {
  hearers.add(hear)
  return () => {
    hearers.delete(hear)
  }
}

/** The draft of a place. */
export const useDraft = (place: DraftPlace): Draft => {
  const name = nameOf(place)
  return useSyncExternalStore(subscribe, () => draftNamed(name))
}

/** What another browser of the agent wrote instead; undefined: nothing stands against ours. */
export const useOther = (place: DraftPlace): DraftView | undefined => {
  const name = nameOf(place)
  return useSyncExternalStore(subscribe, () => others.get(name))
}
