/** Everything that can be done with the chat, and what comes of it. */
import { computed, effect } from '@preact/signals'
import type { VisitorContent } from '../channels/web/protocol.ts'
import type { Command, Locale } from './api.ts'
import type { ChatParts, Tell } from './chat-parts.ts'
import { createLine, type LineEars } from './connection.ts'
import { createIdentifying } from './identifying.ts'
import { createOutbox } from './outbox.ts'
import { createPause } from './pause.ts'
import { createReading } from './reading.ts'
import { createState, type State } from './state.ts'
import { createWaiting } from './waiting.ts'

export interface ChatOptions {
  readonly base: URL
  readonly locale: Locale
  readonly tell: Tell
}

const typingForMs = 10_000
const typingEveryMs = 3_000
const keepAfterMs = 250

/** "Typing" ends by itself: that it ended may be lost. */
const createTypingSign = ({ isTyping }: State): ((isOn: boolean) => void) => {
  const pause = createPause(() => (isTyping.value = false))
  return (isOn) => {
    isTyping.value = isOn
    if (isOn) pause.begin(typingForMs)
    else pause.end()
  }
}

/** A preview ends by itself, too: no turn of the bot's lasts longer. */
const createPreview = ({ preview }: State): ((text: string) => void) => {
  const pause = createPause(() => (preview.value = ''))
  return (text) => {
    preview.value = text
    if (text === '') pause.end()
    else pause.begin(typingForMs)
  }
}

const createParts = (state: State, tell: Tell): ChatParts => {
  const showTyping = createTypingSign(state)
  const showPreview = createPreview(state)
  let told: string | undefined
  const tellVisitor = (): void => {
    const visitor = state.session.visitor()
    if (visitor !== undefined && visitor !== told) tell('visitor', visitor)
    told = visitor
  }
  const waiting = createWaiting(state)
  const ears: LineEars = {
    state(now) {
      state.line.value = now
      showPreview('')
      if (now === 'ended') tell('identify', 'expired')
      if (now !== 'online') return
      tellVisitor()
      reading.fill()
      outbox.flush()
      waiting.now()
    },
    event: (event) => reading.hear(event),
    accepted: (id, seq) => outbox.accepted(id, seq),
    refused: (id, error) => outbox.refused(id, error),
    // A message ends both: one that came before them must not end them after.
    typing(isOn) {
      reading.show()
      showTyping(isOn)
    },
    preview(text) {
      reading.show()
      showPreview(text)
    },
    startAgain(isOver) {
      reading.clear(isOver)
      if (isOver) state.notice.value = 'another'
    },
  }
  const line = createLine(state.session, ears)
  const reading = createReading({
    state,
    onEvent({ seq, author }) {
      outbox.arrived(seq)
      if (author === 'contact') return
      showTyping(false)
      showPreview('')
      waiting.soon()
    },
    onRead: (seq) => line.signal({ t: 'read', seq }),
  })
  const outbox = createOutbox({ ...state, line, isShown: (seq) => reading.has(seq) })
  const connect = (): void => {
    if (!state.isIdentifying.value) line.start()
  }
  return { state, line, outbox, reading, waiting, tell, connect }
}

/** Keeps what is written, and tells that somebody writes. */
const createWriting = ({ state, line }: ChatParts): ((text: string) => void) => {
  const { draft, lasting, shelf } = state
  let typedAt = 0
  let isTouched = false
  const keep = (): void => {
    // Another tab may have written meanwhile.
    if (!isTouched) return
    lasting.set('draft', undefined)
    shelf().set('draft', draft.value === '' ? undefined : draft.value)
  }
  // Not at every key: a long paste is long to store.
  const keeping = createPause(keep)
  window.addEventListener('pagehide', keep)
  return (text) => {
    draft.value = text
    isTouched = true
    keeping.begin(keepAfterMs)
    const isOn = text !== ''
    if (isOn && Date.now() - typedAt < typingEveryMs) return
    typedAt = isOn ? Date.now() : 0
    line.signal({ t: 'typing', on: isOn })
  }
}

const createOpening = ({ state, connect, reading, waiting, tell }: ChatParts) => ({
  open: (): void => {
    if (state.isOpen.value) return
    state.isOpen.value = true
    state.passing.set('open', '1')
    connect()
    reading.look()
    waiting.now()
    tell('open', undefined)
  },
  close: (): void => {
    if (!state.isOpen.value) return
    reading.saw()
    state.isOpen.value = false
    state.passing.set('open', undefined)
    tell('close', undefined)
  },
})

const createSaying =
  ({ state, connect, outbox }: ChatParts) =>
  (content: VisitorContent, label?: string): void => {
    const context = state.context.value
    state.notice.value = undefined
    outbox.say(content, { ...(label !== undefined && { label }), ...(context && { context }) })
    if (!('vote' in content)) state.context.value = undefined
    connect()
  }

export const createChat = ({ base, locale, tell }: ChatOptions) => {
  const state = createState(base, locale)
  const parts = createParts(state, tell)
  const { open, close } = createOpening(parts)
  const identify = createIdentifying(parts)
  const { session, settings, events, passing } = state
  const { outbox, connect } = parts
  effect(() => tell('unread', state.unread.value))
  return {
    ...state,
    ...{ outbox, open, close },
    write: createWriting(parts),
    stopWaiting: async (): Promise<void> => {
      if (await parts.waiting.stop()) state.notice.value = 'stopped'
    },
    say: createSaying(parts),
    /** The last answer of the bot's, while nothing was said to it. */
    openAnswer: computed(() => {
      const last = events.value.findLast(({ author }) => author !== 'system')
      const isLast = last?.author === 'bot' && last.source !== undefined && outbox.unsent.value.length === 0
      return isLast ? last.seq : undefined
    }),
    async begin(): Promise<void> {
      const found = await session.settings()
      if (found !== undefined) settings.value = found
      tell('ready', undefined)
      // Somebody who wrote lately may be answered; everybody else costs the server nothing yet.
      if (session.exists() && state.isLively()) connect()
      if (passing.get('open') === '1') open()
    },
    obey(command: Exclude<Command, readonly ['on', ...unknown[]]>): void {
      switch (command[0]) {
        case 'open':
          open()
          return
        case 'close':
          close()
          return
        case 'locale':
          state.locale.value = command[1]
          return
        case 'identify':
          void identify(command[1]?.token)
          return
        case 'context':
          state.context.value = command[1]
          return
        default:
          return command satisfies never
      }
    },
  }
}

export type Chat = ReturnType<typeof createChat>
