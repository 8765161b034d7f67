import { createAttachments } from './attachments.js'
import { drawCounter } from './counter.js'
import { byId } from './dom.js'
import { readDraft, writeDraft } from './drafts.js'
import { isApple, t } from './words.js'

/** What the server takes at once. */
const maxLength = 4_000

/** True while an input method is still choosing characters: Enter belongs to it then. */
export const isComposing = (event) => event.isComposing || event.keyCode === 229

const isSendable = (text, { draft, isUploading }) =>
  (text.trim() !== '' || draft.files.length > 0) && text.length <= maxLength && !isUploading()

const draw = (sheet) => {
  const { mode, sending, limits } = sheet
  const field = byId('text')
  byId('composer').dataset.mode = mode
  for (const name of ['reply', 'note']) {
    byId(`mode-${name}`).setAttribute('aria-pressed', String(name === mode))
    byId(`mode-${name}`).textContent = t(`compose.${name}`)
  }
  field.placeholder = t(`compose.${mode}.placeholder`)
  field.setAttribute('aria-label', t(`compose.${mode}`))
  field.readOnly = sending
  drawCounter(field.value, maxLength, mode === 'reply' ? limits : undefined)
  byId('send-hint').textContent = t('compose.hint').replace('Ctrl', isApple() ? '⌘' : 'Ctrl')
  byId('send').textContent = sending
    ? t('compose.sending')
    : t(mode === 'note' ? 'compose.add' : 'compose.send')
  byId('send').disabled = sending || !isSendable(field.value, sheet)
  sheet.drawFiles()
}

const fail = (text) => {
  byId('compose-error').textContent = text
}

const emptyDraft = { text: '', files: [], key: '' }

/** What stands in the field and where it belongs; every change is written down at once. */
const createSheet = (agentId) => {
  const sheet = {
    ticketId: undefined,
    mode: 'reply',
    draft: emptyDraft,
    sending: false,
    isUploading: () => false,
    drawFiles: () => undefined,
    limits: undefined,
  }
  return Object.assign(sheet, {
    load: () => {
      sheet.draft = readDraft(agentId, sheet.ticketId, sheet.mode)
      byId('text').value = sheet.draft.text
      fail('')
      draw(sheet)
    },
    keep: (text) => {
      sheet.draft = writeDraft(agentId, sheet.ticketId, sheet.mode, { text, files: sheet.draft.files })
      draw(sheet)
    },
    /** Files belong to replies; one may arrive when the agent is elsewhere already. */
    keepFiles: (ticketId, change) => {
      const isOpen = sheet.ticketId === ticketId && sheet.mode === 'reply'
      const { text, files } = isOpen ? sheet.draft : readDraft(agentId, ticketId, 'reply')
      const draft = writeDraft(agentId, ticketId, 'reply', { text, files: change(files) })
      if (isOpen) sheet.draft = draft
      draw(sheet)
    },
  })
}

const createSubmit = (sheet, agentId, send) => async () => {
  // The second click of a double click finds this set.
  if (sheet.sending || !isSendable(byId('text').value, sheet)) return
  const { ticketId, mode, draft } = sheet
  sheet.sending = true
  fail('')
  draw(sheet)
  try {
    if (!(await send(ticketId, mode, draft))) return
    writeDraft(agentId, ticketId, mode, emptyDraft)
    if (sheet.ticketId === ticketId && sheet.mode === mode) sheet.load()
  } finally {
    sheet.sending = false
    draw(sheet)
    if (sheet.ticketId === ticketId) byId('text').focus()
  }
}

const typingEveryMs = 4_000

/** Tells that a reply is being typed, now and then, and once that it is not any more. */
const createTyping = (tell) => {
  let told = { ticketId: undefined, at: 0 }
  return (ticketId, isTyping) => {
    const now = Date.now()
    const isKnown = told.ticketId === ticketId
    if (isTyping && (!isKnown || now - told.at >= typingEveryMs)) {
      told = { ticketId, at: now }
      tell(ticketId, true)
    } else if (!isTyping && isKnown) {
      told = { ticketId: undefined, at: 0 }
      tell(ticketId, false)
    }
  }
}

/**
 * The field for replies and notes. `send(ticketId, mode, { text, files, key })` resolves to true once the server has
 * it; until then the text stays, whatever happens. `explain` puts an error into words.
 * `tellTyping(ticketId, on)` hears that a reply is being typed.
 */
export const createComposer = ({ agentId, maxFileBytes, send, explain, tellTyping }) => {
  const field = byId('text')
  const sheet = createSheet(agentId)
  const attachments = createAttachments({ sheet, maxFileBytes, redraw: () => draw(sheet), fail, explain })
  Object.assign(sheet, attachments)
  const submit = createSubmit(sheet, agentId, send)
  const setMode = (mode) => {
    if (sheet.sending) return
    sheet.mode = mode
    sheet.load()
    field.focus()
  }
  const type = createTyping(tellTyping)
  field.addEventListener('input', () => {
    sheet.keep(field.value)
    type(sheet.ticketId, sheet.mode === 'reply' && field.value.trim() !== '')
  })
  field.addEventListener('keydown', (event) => {
    if (isComposing(event)) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      void submit()
    }
    if (event.key === 'Escape') byId('subject')?.focus()
  })
  byId('composer').addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
  })
  byId('mode-reply').addEventListener('click', () => setMode('reply'))
  byId('mode-note').addEventListener('click', () => setMode('note'))
  return {
    /** `limits`: what the contact's channel makes of a text, when known. */
    open: (ticketId, limits) => {
      if (ticketId === sheet.ticketId) return
      Object.assign(sheet, { ticketId, mode: 'reply', limits })
      sheet.load()
    },
    /** Gives a text back to the ticket it was taken from, unless another was begun there. */
    restore: (ticketId, text) => {
      const begun = readDraft(agentId, ticketId, 'reply')
      if (begun.text !== '') return
      writeDraft(agentId, ticketId, 'reply', { text, files: begun.files })
      if (sheet.ticketId === ticketId && sheet.mode === 'reply' && !sheet.sending) sheet.load()
    },
    setMode,
    draw: () => draw(sheet),
    fail,
  }
}
