/* global AbortController */
import { upload } from './api.js'
import { byId, el, showEach, strange } from './dom.js'
import { icon } from './icons.js'
import { t } from './words.js'

/** What the server takes beside one reply. */
const maxFiles = 9
/** Longest name the server takes. */
const maxName = 200

const sizeOf = (bytes) =>
  bytes < 1_048_576
    ? `${Math.max(1, Math.round(bytes / 1_024))} KB`
    : `${(bytes / 1_048_576).toFixed(1).replace(/\.0$/, '')} MB`

/** The ways a file gets in: the button, paste, and drag. `take` is called with all files of one act. */
const listenForFiles = (take) => {
  const picker = byId('attach-file')
  const zone = byId('composer')
  const holdsFiles = ({ dataTransfer }) => dataTransfer.types.includes('Files')
  byId('attach').addEventListener('click', () => picker.click())
  picker.addEventListener('change', () => {
    take([...picker.files])
    // The same file may be chosen again.
    picker.value = ''
  })
  byId('text').addEventListener('paste', (event) => {
    const { files, types } = event.clipboardData
    // Cells of a table come as text and as a picture of them: the text is meant.
    if (files.length === 0 || types.includes('text/plain')) return
    event.preventDefault()
    take([...files])
  })
  zone.addEventListener('dragover', (event) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    zone.classList.add('is-target')
  })
  zone.addEventListener('dragleave', (event) => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove('is-target')
  })
  zone.addEventListener('drop', (event) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    zone.classList.remove('is-target')
    take([...event.dataTransfer.files])
  })
}

const drawFile = ({ name, mediaId, contentType = '', bytes = 0 }, remove) =>
  el(
    'li',
    {},
    mediaId !== undefined && contentType.startsWith('image/')
      ? el('img', { src: `/api/desk/media/${mediaId}`, alt: '' })
      : icon('clip'),
    strange('bdi', name),
    mediaId === undefined
      ? el('progress', { max: 1, value: 0, 'aria-label': t('attach.uploading', { name }) })
      : el('span', { class: 'quiet', text: sizeOf(bytes) }),
    el('button', {
      type: 'button',
      class: 'plain',
      'aria-label': t('attach.remove', { name }),
      text: '×',
      on: { click: remove },
    }),
  )

/** Why a file cannot be attached, in words; undefined: it can. */
const faultOf = ({ name, size }, { count, maxFileBytes }) => {
  if (count >= maxFiles) return t('attach.too-many', { max: maxFiles })
  if (size === 0) return t('attach.empty', { name })
  return size > maxFileBytes ? t('attach.too-large', { name, max: sizeOf(maxFileBytes) }) : undefined
}

let lastKey = 0

/** Files on their way, of all tickets; one that has arrived is kept with the draft. */
const createUploads = ({ sheet, redraw, fail, explain }) => {
  const underWay = new Set()
  const send = async (file) => {
    const abort = new AbortController()
    const { ticketId } = sheet
    const name = file.name.slice(-maxName)
    lastKey += 1
    const entry = { key: `upload-${lastKey}`, ticketId, name, share: 0, abort }
    underWay.add(entry)
    const progress = (share) => {
      entry.share = share
      redraw()
    }
    try {
      const { mediaId, contentType, bytes } = await upload('/media', file, { progress, signal: abort.signal })
      underWay.delete(entry)
      sheet.keepFiles(ticketId, (files) => [...files, { mediaId, contentType, bytes, name }])
    } catch (error) {
      underWay.delete(entry)
      redraw()
      if (error.code !== 'aborted' && sheet.ticketId === ticketId)
        fail(`${t('attach.failed', { name })} ${explain(error)}`)
    }
  }
  return { send, here: () => [...underWay].filter(({ ticketId }) => ticketId === sheet.ticketId) }
}

const drawFiles = (sheet, uploads, remove) => {
  const isReply = sheet.mode === 'reply'
  const kept = sheet.draft.files.map((file) => ({ ...file, key: file.mediaId }))
  const shown = isReply ? [...kept, ...uploads.here()] : []
  const list = byId('attachments')
  byId('attach').hidden = !isReply
  byId('attach').disabled = sheet.sending
  byId('attach').title = t('attach.hint')
  list.hidden = shown.length === 0
  showEach(list, shown, (file) => ({
    key: file.key,
    looks: [file.mediaId, file.name],
    draw: () => drawFile(file, () => remove(file)),
  }))
  for (const { key, share } of uploads.here()) {
    const bar = list.querySelector(`[data-key="${key}"] progress`)
    if (bar !== null) bar.value = share
  }
}

/**
 * Files beside a reply. They leave at once; the reply names them when it is sent. `sheet` is the composer's. Gives
 * what the composer asks: `isUploading`, `drawFiles`.
 */
export const createAttachments = ({ sheet, maxFileBytes, redraw, fail, explain }) => {
  const uploads = createUploads({ sheet, redraw, fail, explain })
  const take = (files) => {
    if (sheet.sending || sheet.mode !== 'reply' || sheet.ticketId === undefined) return
    fail('')
    for (const file of files) {
      const count = sheet.draft.files.length + uploads.here().length
      const fault = faultOf(file, { count, maxFileBytes })
      if (fault === undefined) void uploads.send(file)
      else fail(fault)
    }
    redraw()
  }
  const remove = (file) => {
    if (sheet.sending) return
    const others = (files) => files.filter(({ mediaId }) => mediaId !== file.mediaId)
    if (file.mediaId === undefined) file.abort.abort()
    else sheet.keepFiles(sheet.ticketId, others)
    byId('text').focus()
  }
  listenForFiles(take)
  return {
    isUploading: () => sheet.mode === 'reply' && uploads.here().length > 0,
    drawFiles: () => drawFiles(sheet, uploads, remove),
  }
}
