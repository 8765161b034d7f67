/** What comes from the log, and how far the visitor has read it. */
import { batch } from '@preact/signals'
import type { ChatEvent } from '../channels/web/protocol.ts'
import { createPause } from './pause.ts'
import type { State } from './state.ts'

export interface Reading {
  hear(event: ChatEvent): void
  /** What was heard stands there now: what comes next may be about it. */
  show(): void
  has(seq: number): boolean
  /** The conversation is looked at from now on. */
  look(): void
  /** What is shown was seen. */
  saw(): void
  /** The connection stands: what is there already comes now. */
  fill(): void
  /** Everything comes again. `isAnother`: of another conversation. */
  clear(isAnother: boolean): void
}

export interface ReadingDeps {
  readonly state: State
  /** A message was taken into the conversation. */
  readonly onEvent: (event: ChatEvent) => void
  /** Tells the server how far was read. */
  readonly onRead: (seq: number) => void
}

const readAfterMs = 1_000
/** The history comes in many frames; they are shown together. */
const gatherMs = 30
const quietMs = 300

export const createReading = ({ state, onEvent, onRead }: ReadingDeps): Reading => {
  const { events, seen, isOpen, isFilled, lasting } = state
  const known = new Set<number>()
  let gathered: ChatEvent[] = []

  const see = (seq: number): void => {
    seen.value = seq
    lasting.set('seen', String(seq))
  }
  const saw = (): void => {
    const last = events.value.at(-1)?.seq ?? 0
    if (!isOpen.value || document.visibilityState !== 'visible' || last <= seen.value) return
    see(last)
    onRead(last)
  }
  const reading = createPause(saw)
  const show = (): void => {
    const last = gathered.at(-1)
    if (last === undefined) return
    batch(() => {
      events.value = [...events.value, ...gathered]
      for (const event of gathered) onEvent(event)
    })
    state.heard(last)
    gathered = []
    reading.begin(readAfterMs)
  }
  const showing = createPause(show)
  const filling = createPause(() => {
    isFilled.value = true
    // On a browser that never showed this conversation, all of it is old.
    if (lasting.get('seen') === undefined) see(events.value.at(-1)?.seq ?? 0)
  })
  seen.value = Number(lasting.get('seen') ?? 0)
  document.addEventListener('visibilitychange', () => reading.begin(readAfterMs))
  return {
    hear(event) {
      if (known.has(event.seq)) return
      known.add(event.seq)
      gathered.push(event)
      showing.begin(gatherMs)
      if (!isFilled.value) filling.begin(quietMs)
    },
    show,
    has: (seq) => known.has(seq),
    look: () => reading.begin(readAfterMs),
    saw,
    fill: () => filling.begin(quietMs),
    clear(isAnother) {
      known.clear()
      gathered = []
      batch(() => {
        events.value = []
        isFilled.value = false
        if (isAnother) {
          seen.value = 0
          lasting.set('seen', undefined)
        }
      })
    },
  }
}
