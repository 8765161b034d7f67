/** Everything the widget knows, as signals, and what can be done with it. The views only draw. */
import { batch, computed, effect, signal } from '@preact/signals'
import type { ChatEvent, Standing, VisitorContent, WidgetSettings } from '../channels/web/protocol.ts'
import type { Command, Locale, PageContext, WidgetNews } from './api.ts'
import { createLine, type LineState } from './connection.ts'
import { createOutbox } from './outbox.ts'
import { createSession } from './session.ts'
import { createShelf } from './storage.ts'

/** What the chat says of itself above the composer: an old conversation is over, the session ended. */
export type Notice = 'session-over' | 'identity-ended'

const typingForMs = 10_000
const typingEveryMs = 3_000
const readAfterMs = 1_000
/** Where one stands is asked for so often at most; the pace of queues is no finer. */
const standingEveryMs = 20_000
/** A turn of the bot's may open a ticket a moment after its words are there. */
const standingAfterMs = 800

export const defaultSettings: WidgetSettings = {
  name: { zh: '在线客服', en: 'Support' },
  colour: '#0b6bcb',
  side: 'right',
  quickReplies: [],
}

export interface ChatOptions {
  readonly base: URL
  readonly locale: Locale
  /** Tells the page. */
  readonly tell: <Name extends keyof WidgetNews>(name: Name, news: WidgetNews[Name]) => void
}

/** Calls once things have been quiet for a while. */
const createPause = (ms: number, work: () => void): (() => void) => {
  let timer: number | undefined
  return () => {
    clearTimeout(timer)
    timer = window.setTimeout(work, ms)
  }
}

export const createChat = ({ base, locale: first, tell }: ChatOptions) => {
  const lasting = createShelf('localStorage', base)
  const passing = createShelf('sessionStorage', base)
  const session = createSession(base, lasting, passing)

  const locale = signal<Locale>(first)
  const settings = signal<WidgetSettings>(defaultSettings)
  const isOpen = signal(false)
  const state = signal<LineState>('idle')
  const events = signal<readonly ChatEvent[]>([])
  /** The history has come once: what comes from now on is news. */
  const isFilled = signal(false)
  const isTyping = signal(false)
  const standing = signal<Standing | undefined>(undefined)
  const unread = signal(0)
  const draft = signal(lasting.get('draft') ?? '')
  const notice = signal<Notice | undefined>(undefined)
  const shownSeqs = new Set<number>()

  let typingTimer: number | undefined
  const showTyping = (isOn: boolean): void => {
    clearTimeout(typingTimer)
    isTyping.value = isOn
    if (isOn) typingTimer = window.setTimeout(() => showTyping(false), typingForMs)
  }
  let standingTimer: number | undefined
  const askStanding = async (): Promise<void> => {
    clearTimeout(standingTimer)
    standing.value = (await session.standing()) ?? standing.value
    // Only who waits and looks is told again.
    if (standing.value?.waits !== undefined && isOpen.value) askStandingIn(standingEveryMs)
  }
  const askStandingIn = (ms: number): void => {
    clearTimeout(standingTimer)
    standingTimer = window.setTimeout(() => void askStanding(), ms)
  }
  const isSeen = (): boolean => isOpen.value && document.visibilityState === 'visible'
  const markRead = createPause(readAfterMs, () => {
    if (isSeen() && line.cursor() > 0) line.signal({ t: 'read', seq: line.cursor() })
  })
  const filled = createPause(300, () => (isFilled.value = true))

  const hear = (event: ChatEvent): void => {
    if (shownSeqs.has(event.seq)) return
    shownSeqs.add(event.seq)
    batch(() => {
      events.value = [...events.value, event]
      outbox.arrived(event.seq)
      if (event.author !== 'contact') {
        showTyping(false)
        if (isFilled.value && !isSeen()) unread.value += 1
      }
    })
    if (!isFilled.value) filled()
    markRead()
    if (event.author !== 'contact') askStandingIn(standingAfterMs)
  }
  const line = createLine(session, {
    state(now) {
      state.value = now
      if (now !== 'online') return
      filled()
      outbox.flush()
      void askStanding()
    },
    event: hear,
    accepted: (id, seq) => outbox.accepted(id, seq),
    refused: (id, error) => outbox.refused(id, error),
    typing: showTyping,
    startAgain(isOver) {
      shownSeqs.clear()
      batch(() => {
        events.value = []
        isFilled.value = false
        if (isOver) notice.value = session.isKnown() ? 'identity-ended' : 'session-over'
      })
      if (isOver && wasKnown) tell('identify', 'expired')
    },
  })
  const outbox = createOutbox(
    session,
    lasting,
    () => line,
    (seq) => shownSeqs.has(seq),
  )
  let wasKnown = session.isKnown()

  const open = (): void => {
    if (isOpen.value) return
    batch(() => {
      isOpen.value = true
      unread.value = 0
    })
    passing.set('open', '1')
    line.start()
    markRead()
    if (state.value === 'online') void askStanding()
    tell('open', undefined)
  }
  const close = (): void => {
    if (!isOpen.value) return
    isOpen.value = false
    passing.set('open', undefined)
    tell('close', undefined)
  }
  let typedAt = 0
  const write = (text: string): void => {
    draft.value = text
    lasting.set('draft', text === '' ? undefined : text)
    const isOn = text !== ''
    if (isOn && Date.now() - typedAt < typingEveryMs) return
    typedAt = isOn ? Date.now() : 0
    line.signal({ t: 'typing', on: isOn })
  }
  /** What the page knows and agents have not seen yet. */
  let context: PageContext | undefined
  const say = (content: VisitorContent, label?: string): void => {
    notice.value = undefined
    outbox.say(content, { ...(label !== undefined && { label }), ...(context && { context }) })
    if (!('vote' in content)) context = undefined
    line.start()
  }
  const begin = async (): Promise<void> => {
    const found = await session.settings()
    if (found !== undefined) settings.value = found
    tell('ready', undefined)
    // Somebody who wrote before may have been answered; a stranger costs the server nothing yet.
    if (session.exists()) line.start()
    if (passing.get('open') === '1') open()
  }
  const identify = async (given: string | undefined): Promise<void> => {
    if (given === undefined) {
      const wasSomebody = session.isKnown()
      session.forget()
      wasKnown = false
      if (!wasSomebody) return
      lasting.set('draft', undefined)
      draft.value = ''
    } else {
      // What is on its way is stored under the name that it was written under.
      await outbox.settled()
      const outcome = await session.identify(given)
      if (outcome === 'refused') tell('identify', 'refused')
      if (outcome !== 'ok') return
      wasKnown = true
    }
    shownSeqs.clear()
    batch(() => {
      events.value = []
      isFilled.value = false
      standing.value = undefined
      unread.value = 0
    })
    if (given !== undefined || isOpen.value) line.restart()
  }
  const obey = (command: Exclude<Command, readonly ['on', ...unknown[]]>): void => {
    switch (command[0]) {
      case 'open':
        return open()
      case 'close':
        return close()
      case 'locale':
        locale.value = command[1]
        return
      case 'identify':
        void identify(command[1]?.token)
        return
      case 'context':
        context = command[1]
        return
      default:
        return command satisfies never
    }
  }
  effect(() => tell('unread', unread.value))
  return {
    ...{ session, locale, settings, isOpen, state, events, isFilled, isTyping, standing, unread, draft, notice },
    ...{ outbox, open, close, write, say, begin, obey },
    /** The last answer of the bot's on which nothing was said yet. */
    openAnswer: computed(() => {
      const last = events.value.findLast(({ author }) => author !== 'system')
      const isLast = last?.author === 'bot' && last.source !== undefined && outbox.unsent.value.length === 0
      return isLast ? last.seq : undefined
    }),
    votes: computed(
      () =>
        new Map(
          events.value
            .flatMap(({ parts }) => parts)
            .flatMap((part) => (part.kind === 'vote' ? [[part.seq, part.helpful] as const] : [])),
        ),
    ),
  }
}

export type Chat = ReturnType<typeof createChat>
