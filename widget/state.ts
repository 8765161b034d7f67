/** What the widget knows, as signals: the views only draw it. */
import { computed, signal } from '@preact/signals'
import type { ChatEvent, Standing, WidgetSettings } from '../channels/web/protocol.ts'
import type { Locale, PageContext } from './api.ts'
import type { LineState } from './connection.ts'
import { createSession } from './session.ts'
import { createShelf } from './storage.ts'

/** What the visitor is told once: another conversation has begun because the old one is over; they left the line. */
export type Notice = 'another' | 'stopped'

/** So long after the last words a page connects by itself. */
const livelyForMs = 7 * 86_400_000

/** Until the inbox's own settings are there, and where they cannot be had. */
const defaultSettings: WidgetSettings = {
  name: { zh: '在线客服', en: 'Support' },
  colour: '#0b6bcb',
  side: 'right',
  quickReplies: [],
  // What is too large is refused by the server.
  maxFileBytes: Infinity,
}

export const createState = (base: URL, locale: Locale) => {
  const lasting = createShelf('localStorage', base)
  const passing = createShelf('sessionStorage', base)
  const session = createSession(base, lasting, passing)
  /** What a customer writes ends with the tab, as their session does. */
  const shelf = () => (session.isKnown() ? passing : lasting)
  const events = signal<readonly ChatEvent[]>([])
  /** Up to here the visitor has seen the conversation. */
  const seen = signal(0)
  const isOpen = signal(false)
  return {
    ...{ session, lasting, passing, shelf, events, seen, isOpen },
    /** Something was said here lately: an answer may come. */
    isLively: (): boolean => Date.now() - Number(shelf().get('heard') ?? 0) < livelyForMs,
    /** Remembers that something was said. */
    heard: (event: ChatEvent): void => shelf().set('heard', String(Date.parse(event.at))),
    locale: signal(locale),
    settings: signal(defaultSettings),
    line: signal<LineState>('idle'),
    /** The history has come once: what comes from now on is news. */
    isFilled: signal(false),
    isTyping: signal(false),
    /** What is being written, as far as it may be seen: no message yet, and perhaps never one. */
    preview: signal(''),
    standing: signal<Standing | undefined>(undefined),
    draft: signal(passing.get('draft') ?? lasting.get('draft') ?? ''),
    /** The page has said who is there, and the server has not answered yet. */
    isIdentifying: signal(false),
    notice: signal<Notice | undefined>(undefined),
    /** What the page knows and agents have not been told yet. */
    context: signal<PageContext | undefined>(undefined),
    unread: computed(() =>
      isOpen.value
        ? 0
        : events.value.filter(({ author, seq }) => author !== 'contact' && seq > seen.value).length,
    ),
    /** What the visitor said of answers, by their number. */
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

export type State = ReturnType<typeof createState>
