import { setTimeout as delay } from 'node:timers/promises'
import type { MovableClock } from '../../src/core/clock.ts'
import type { Play, PlayStep } from './plays.ts'
import { dayMs, hourMs } from './spans.ts'

/** The people of the clients, as a play needs them. */
export interface Cast {
  /** Throws what the client refuses with. */
  say(step: Extract<PlayStep, { kind: 'says' }>): void
  /** What the account said to them so far. */
  heard(step: Extract<PlayStep, { kind: 'says' }>): number
}

/** How far a play is. */
export interface Playing {
  readonly name: string
  /** From 1. */
  readonly step: number
  readonly of: number
}

/** Plays one story at a time. */
export interface Stage {
  playing(): Playing | undefined
  /** False: another play is on. */
  start(play: Play): boolean
  stop(): void
}

export interface StageOptions {
  readonly cast: Cast
  readonly clock: MovableClock
  readonly changed: () => void
  /** Milliseconds that a reader has for an answer before the next line. Default 1.5 s. */
  readonly readingMs?: number
}

/** Whoever gets no answer in this time goes on: a person may lead, and the bot be silent. */
const patienceMs = 8_000
const lookEveryMs = 100
/** China has no summer time. */
const zoneMs = 8 * hourMs

const untilHour = (now: number, hour: number): number => {
  const day = Math.floor((now + zoneMs) / dayMs) * dayMs - zoneMs
  const at = day + hour * hourMs
  return (at > now ? at : at + dayMs) - now
}

/** A stage on which nothing is played yet. */
export const createStage = ({ cast, clock, changed, readingMs = 1_500 }: StageOptions): Stage => {
  let on: { playing: Playing; readonly end: AbortController } | undefined

  const answered = async (step: Extract<PlayStep, { kind: 'says' }>, before: number, signal: AbortSignal) => {
    for (let waited = 0; waited < patienceMs && cast.heard(step) === before; waited += lookEveryMs)
      await delay(lookEveryMs, undefined, { signal })
  }

  const take = async (step: PlayStep, signal: AbortSignal): Promise<void> => {
    if (step.kind === 'passes') clock.advance(step.ms)
    else if (step.kind === 'until') clock.advance(untilHour(clock.now().getTime(), step.hour))
    else {
      const before = cast.heard(step)
      cast.say(step)
      await answered(step, before, signal)
    }
    changed()
    await delay(readingMs, undefined, { signal })
  }

  const play = async ({ name, steps }: Play, end: AbortController): Promise<void> => {
    for (const [place, step] of steps.entries()) {
      on = { playing: { name, step: place + 1, of: steps.length }, end }
      changed()
      await take(step, end.signal)
    }
  }

  return {
    playing: () => on?.playing,
    start: (story) => {
      if (on !== undefined) return false
      const end = new AbortController()
      // A client that refuses ends the play: its screen says why.
      void play(story, end)
        .catch(() => undefined)
        .finally(() => {
          on = undefined
          changed()
        })
      return true
    },
    stop: () => on?.end.abort(),
  }
}
