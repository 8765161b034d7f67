/* global localStorage */
import { createKey } from './api.js'

// What is typed is written down at once, per agent, ticket and kind, with the key under which it will be sent:
// a text that was sent before a crash, and is sent again after it, arrives once.

const nameOf = (agentId, ticketId, mode) => `tongda.draft.${agentId}.${ticketId}.${mode}`

const isFile = (file) => typeof file?.mediaId === 'string' && typeof file.name === 'string'

/** The draft of a ticket: `{ text, files, key }`. */
export const readDraft = (agentId, ticketId, mode) => {
  try {
    const draft = JSON.parse(localStorage.getItem(nameOf(agentId, ticketId, mode)) ?? 'null')
    if (typeof draft?.text === 'string' && typeof draft.key === 'string')
      return { ...draft, files: (draft.files ?? []).filter(isFile) }
  } catch {
    // Storage switched off or filled by something else: an empty draft.
  }
  return { text: '', files: [], key: createKey() }
}

/** Keeps a changed text or changed files under a new key. */
export const writeDraft = (agentId, ticketId, mode, { text, files }) => {
  const draft = { text, files, key: createKey() }
  try {
    if (text === '' && files.length === 0) localStorage.removeItem(nameOf(agentId, ticketId, mode))
    else localStorage.setItem(nameOf(agentId, ticketId, mode), JSON.stringify(draft))
  } catch {
    // Full or switched off: the text still stands in the field.
  }
  return draft
}
