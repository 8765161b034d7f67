import { useSyncExternalStore } from 'react'
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

/** The draft that this browser keeps under a name. */
const read = (name: string): Draft => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name) ?? 'null')
    if (isRecord(kept) && typeof kept.text === 'string' && typeof kept.key === 'string')
      return {
        text: kept.text,
        key: kept.key,
        files: Array.isArray(kept.files) ? kept.files.filter(isFile) : [],
      }
  } catch {
    // Storage switched off or filled by something else: an empty draft.
  }
  return { text: '', files: [], key: createKey() }
}

const write = (name: string, { text, files, key }: Draft): void => {
  try {
    if (text === '' && files.length === 0) localStorage.removeItem(name)
    else localStorage.setItem(name, JSON.stringify({ text, files, key }))
  } catch {
    // Full or switched off: the text still stands in the field.
  }
}

/** Drafts of this page, whoever shows them; also of tickets that were left meanwhile. */
const known = new Map<string, Draft>()
const hearers = new Set<() => void>()

const tell = (): void => {
  for (const hear of hearers) hear()
}

const draftAt = (name: string): Draft => {
  const draft = known.get(name) ?? read(name)
  known.set(name, draft)
  return draft
}

/** Keeps a changed text or changed files, at once and under a new key. */
export const changeDraft = (
  place: DraftPlace,
  change: (draft: Draft) => Pick<Draft, 'text' | 'files'>,
): void => {
  const name = nameOf(place)
  const { text, files } = change(draftAt(name))
  const draft = { text, files, key: createKey() }
  known.set(name, draft)
  write(name, draft)
  tell()
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
  return useSyncExternalStore(subscribe, () => draftAt(name))
}
