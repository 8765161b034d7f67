import { create } from 'zustand'
import { keepLocal, readLocal } from '../shell/local.ts'

/** How fast voices may be heard. */
export const speeds = [1, 1.25, 1.5, 2] as const
const storageKey = 'tongda.voice-speed'

const stored = (): number => {
  const kept = Number(readLocal(storageKey))
  return speeds.find((speed) => speed === kept) ?? 1
}

interface SpeedState {
  readonly speed: number
  /** Changes the speed of every voice and remembers it in this browser. */
  readonly choose: (speed: number) => void
}

export const useSpeed = create<SpeedState>((set) => ({
  speed: stored(),
  choose: (speed) => {
    set({ speed })
    keepLocal(storageKey, String(speed))
  },
}))
