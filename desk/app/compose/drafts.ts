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

// The same names as the plain desk's: a draft begun there goes on here.
const nameOf = ({ agentId, ticketId, mode }: DraftPlace): string =>
  `tongda.draft.${agentId}.${ticketId}.${mode}`

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isFile = (value: unknown): value is AttachedFile =>
  isRecord(value) && typeof value.mediaId === 'string' && typeof value.name === 'string'

export const emptyDraft = (): Draft => ({ text: '', files: [], key: createKey() })

/** The draft that this browser keeps for a place. */
export const readDraft = (place: DraftPlace): Draft => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(nameOf(place)) ?? 'null')
    if (isRecord(kept) && typeof kept.text === 'string' && typeof kept.key === 'string')
      return {
        text: kept.text,
        key: kept.key,
        files: Array.isArray(kept.files) ? kept.files.filter(isFile) : [],
      }
  } catch {
    // Storage switched off or filled by something else: an empty draft.
  }
  return emptyDraft()
}

/** Keeps a changed text or changed files under a new key. */
export const writeDraft = (place: DraftPlace, { text, files }: Pick<Draft, 'text' | 'files'>): Draft => {
  const draft = { text, files, key: createKey() }
  try {
    if (text === '' && files.length === 0) localStorage.removeItem(nameOf(place))
    else localStorage.setItem(nameOf(place), JSON.stringify(draft))
  } catch {
    // Full or switched off: the text still stands in the field.
  }
  return draft
}
