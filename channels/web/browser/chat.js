/* global URL, URLSearchParams, clearTimeout, crypto, document, localStorage, sessionStorage, setTimeout, window */
import { createApi } from './api.js'
import { createConnection } from './connection.js'
import { createFiles } from './files.js'
import { createMessages } from './messages.js'
import { sizeOf } from './parts.js'
import { listenForFiles } from './picker.js'
import { chooseWords } from './words.js'

const confirmWithinMs = 10_000
const automaticTries = 3
const typingForMs = 10_000
const typingEveryMs = 3_000
const maxCharacters = 4_000

const query = new URLSearchParams(window.location.search)
const base = new URL('../', import.meta.url)
const { language, words } = chooseWords(query)
const $ = (id) => document.getElementById(id)

/** Browser storage that is allowed to be missing: then things last as long as the page. */
const createStore = (getStorage, name) => {
  const key = `tongda:${base.pathname}:${name}`
  let memory = null
  return {
    get() {
      try {
        return getStorage().getItem(key) ?? memory
      } catch {
        return memory
      }
    },
    set(value) {
      memory = value
      try {
        if (value === null) getStorage().removeItem(key)
        else getStorage().setItem(key, value)
      } catch {
        // Storage is full or forbidden; the copy in memory serves until the page is left.
      }
    },
  }
}
const tokens = createStore(() => localStorage, 'token')
const draft = createStore(() => sessionStorage, 'draft')
const unsentStore = createStore(() => sessionStorage, 'unsent')

/** A version 4 UUID; `crypto.randomUUID` is missing on pages without https. */
const createId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Messages nobody has confirmed yet, by client id; they survive a reload. */
const unsent = new Map()
const saveUnsent = () => {
  // Files are too large to keep over a reload.
  const lasting = [...unsent]
    .filter(([, { file }]) => !file)
    .map(([id, { content, label, at }]) => [id, { content, label, at }])
  unsentStore.set(lasting.length === 0 ? null : JSON.stringify(lasting))
}

const api = createApi({ base, tokens })
const files = createFiles({ base, tokens, api })

const messages = createMessages({
  log: $('log'),
  words,
  language,
  choose: (id, label) => say({ choice: id }, label),
  retry: (id) => transmit(id),
  fetchFile: files.fetch,
})

const transmit = (id) => {
  const message = unsent.get(id)
  if (!message) return
  clearTimeout(message.timer)
  message.isRefused = false
  messages.sending(id)
  if (message.file) {
    // A file takes as long as it takes; a broken connection says so itself.
    message.isRefused = true
    files.send(id, message.file, { progress: showProgress, accepted, refused })
    return
  }
  const isGone = connection.send({ clientMsgId: id, content: message.content })
  message.timer = setTimeout(() => {
    messages.failed(id, '', true)
    if (isGone) connection.renew()
  }, confirmWithinMs)
}

const showProgress = (id, share) =>
  messages.sending(id, share >= 1 ? '' : words.uploading(Math.floor(share * 100)))

/** Shows a file as a message and sends it; one that cannot be sent says why. */
const give = (file) => {
  const id = createId()
  const content = { name: `${file.name} · ${sizeOf(file.size)}` }
  unsent.set(id, { content, file, at: new Date().toISOString(), tries: 0 })
  messages.say(id, unsent.get(id))
  const code = files.fault(file)
  if (code) refused(id, { code, retryable: false })
  else transmit(id)
}

const say = (content, label) => {
  const id = createId()
  unsent.set(id, { content, label, at: new Date().toISOString(), tries: 0 })
  saveUnsent()
  messages.say(id, unsent.get(id))
  transmit(id)
}

const accepted = (id, seq) => {
  settle(id)
  messages.accepted(id, seq)
}

const settle = (id) => {
  clearTimeout(unsent.get(id)?.timer)
  unsent.delete(id)
  saveUnsent()
}

/** What a code means to the visitor. */
const wordsFor = (code) =>
  code === 'too_large' ? words.too_large(sizeOf(api.maxFileBytes() ?? 0)) : (words[code] ?? '')

const refused = (id, { code, retryable, retryAfterMs = 3_000 }) => {
  const message = unsent.get(id)
  if (!message) return
  clearTimeout(message.timer)
  message.tries += 1
  if (retryable && message.tries <= automaticTries) {
    message.timer = setTimeout(() => transmit(id), retryAfterMs)
    return
  }
  message.isRefused = true
  messages.failed(id, wordsFor(code), retryable)
  if (!retryable) settle(id)
}

const showState = (state) => {
  $('status').dataset.state = state
  $('status').textContent = words[state]
  if (state !== 'online') return
  for (const [id, message] of unsent) if (!message.isRefused) transmit(id)
}

let typingTimer
const showTyping = (isOn) => {
  clearTimeout(typingTimer)
  $('typing').hidden = !isOn
  if (isOn) typingTimer = setTimeout(() => showTyping(false), typingForMs)
}

let readTimer
/** Says how far the visitor has read, once things calm down. */
const markRead = (seq) => {
  if (document.visibilityState !== 'visible') return
  clearTimeout(readTimer)
  readTimer = setTimeout(() => connection.signal({ t: 'read', seq }), 1_000)
}

const connection = createConnection({
  api,
  base,
  tokens,
  pollOnly: query.get('transport') === 'poll',
  handle: {
    state: showState,
    event(event) {
      if (event.author !== 'contact') showTyping(false)
      if (!messages.event(event)) $('jump').hidden = false
      markRead(event.seq)
    },
    accepted,
    refused,
    typing: showTyping,
    resync: () => messages.clear(),
  },
})

const input = $('text')
const fit = () => {
  input.style.height = 'auto'
  input.style.height = `${input.scrollHeight + 2}px`
  $('count').hidden = input.value.length < maxCharacters * 0.9
  $('count').textContent = `${input.value.length}/${maxCharacters}`
}

let typedAt = 0
const tellTyping = () => {
  const isOn = input.value !== ''
  if (isOn && Date.now() - typedAt < typingEveryMs) return
  typedAt = isOn ? Date.now() : 0
  connection.signal({ t: 'typing', on: isOn })
}

const submit = () => {
  const text = input.value
  if (text.trim() === '') return
  input.value = ''
  draft.set(null)
  typedAt = 0
  fit()
  say({ text })
}

const translate = () => {
  document.documentElement.lang = language
  document.title = words.title
  $('title').textContent = words.title
  $('status').textContent = words.connecting
  $('log').setAttribute('aria-label', words.log)
  $('jump').textContent = words.jump
  $('typing-words').textContent = words.typing
  $('person').textContent = words.person
  $('text-label').textContent = words.message
  $('attach').setAttribute('aria-label', words.attach)
  $('attach').title = words.attach
  $('send').textContent = words.send
  input.placeholder = words.placeholder
  const other = language === 'en' ? 'zh' : 'en'
  const address = new URLSearchParams(query)
  address.set('lang', other)
  $('language').textContent = words.otherLanguage
  $('language').href = `?${address}`
  $('language').lang = other
  $('language').hreflang = other
}

const listen = () => {
  $('composer').addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
    input.focus()
  })
  input.addEventListener('keydown', (event) => {
    // While an input method composes, Enter picks a word. Safari ends the composition first and says 229.
    const isComposing = event.isComposing || event.keyCode === 229
    if (event.key !== 'Enter' || event.shiftKey || isComposing) return
    event.preventDefault()
    submit()
  })
  input.addEventListener('input', () => {
    draft.set(input.value)
    fit()
    tellTyping()
  })
  $('person').addEventListener('click', () => {
    say({ text: words.askForPerson })
    // A double click asks once.
    $('person').disabled = true
    setTimeout(() => ($('person').disabled = false), 1_000)
  })
  const toEnd = () => {
    $('log').scrollTop = $('log').scrollHeight
  }
  $('jump').addEventListener('click', () => {
    toEnd()
    $('log').focus()
  })
  $('log').addEventListener('scroll', () => {
    const { scrollHeight, scrollTop, clientHeight } = $('log')
    if (scrollHeight - scrollTop - clientHeight < 120) $('jump').hidden = true
  })
}

translate()
listen()
listenForFiles(give)
input.value = draft.get() ?? ''
fit()
for (const [id, message] of JSON.parse(unsentStore.get() ?? '[]')) {
  unsent.set(id, { ...message, tries: 0 })
  messages.say(id, message)
}
connection.start()
