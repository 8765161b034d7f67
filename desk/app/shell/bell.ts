import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import type { TicketView } from '../api/desk.ts'
import { useTickets } from '../api/queries.ts'
import { useWords } from '../words/index.ts'
import { useSession } from './session.ts'

const storageKey = 'tongda.bell'

const stored = (): boolean => {
  try {
    return localStorage.getItem(storageKey) === 'on'
  } catch {
    return false
  }
}

interface BellState {
  readonly isOn: boolean
  readonly turn: (on: boolean) => void
}

/** Whether this agent wants to be told by sound and by the machine's notices. Off until asked for. */
export const useBell = create<BellState>((set) => ({
  isOn: stored(),
  turn: (on) => {
    set({ isOn: on })
    // The browser asks once, and only after a click.
    if (on && 'Notification' in globalThis && Notification.permission === 'default')
      void Notification.requestPermission()
    try {
      localStorage.setItem(storageKey, on ? 'on' : 'off')
    } catch {
      // Private windows forget; nothing else depends on it.
    }
  },
}))

/** True in one of an agent's windows; the next one takes over when it is closed. */
let rings = false
const takeTurns = (): void => {
  // Over plain http there are no locks: every window rings.
  if (!('locks' in navigator)) {
    rings = true
    return
  }
  void navigator.locks.request('tongda.bell', () => {
    rings = true
    return new Promise<never>(() => undefined)
  })
}
takeTurns()

/** Two short tones. Made here, so that nothing has to be fetched. */
const ring = (): void => {
  const audio = new AudioContext()
  const volume = new GainNode(audio, { gain: 0.08 })
  volume.connect(audio.destination)
  for (const [at, frequency] of [
    [0, 880],
    [0.16, 1_175],
  ] as const) {
    const tone = new OscillatorNode(audio, { frequency })
    tone.connect(volume)
    tone.start(audio.currentTime + at)
    tone.stop(audio.currentTime + at + 0.12)
  }
  setTimeout(() => void audio.close(), 1_000)
}

/** What an agent should hear of: somebody waits for anybody, or for them. */
const callsFor = (tickets: readonly TicketView[], agentId: string): ReadonlyMap<string, TicketView> =>
  new Map(
    tickets.flatMap((ticket): [string, TicketView][] => {
      const { id, assigneeId, nextReplyDueAt } = ticket
      if (assigneeId === undefined) return [[`${id} waits`, ticket]]
      return assigneeId === agentId && nextReplyDueAt !== undefined
        ? [[`${id} ${nextReplyDueAt}`, ticket]]
        : []
    }),
  )

/** Rings and tells when somebody begins to wait; counts them in the window's title. */
export const useCalls = (): void => {
  const t = useWords()
  const { agent, may } = useSession()
  const { data } = useTickets('open', may('ticket.read'))
  const isOn = useBell((state) => state.isOn)
  const heard = useRef<ReadonlySet<string>>(undefined)
  useEffect(() => {
    if (data === undefined) return
    const calls = callsFor(data, agent.id)
    const waiting = data.filter(({ assigneeId }) => assigneeId === undefined).length
    document.title = `${waiting === 0 ? '' : `(${waiting}) `}${t('title')}`
    const known = heard.current
    heard.current = new Set(calls.keys())
    // What stood there at the beginning is no news.
    if (known === undefined || !isOn || !rings) return
    const news = [...calls].filter(([call]) => !known.has(call))
    const [first] = news
    if (first === undefined) return
    ring()
    const [, { number, title }] = first
    if (document.hidden && 'Notification' in globalThis && Notification.permission === 'granted')
      new Notification(`T-${number} ${title}`, { tag: 'tongda', silent: true })
  }, [data, agent.id, isOn, t])
}
