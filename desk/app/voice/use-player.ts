import { useEffect, useRef, useState } from 'react'
import { ApiError } from '../api/request.ts'
import { playableAddress, type Recording } from './source.ts'
import { useSpeed } from './speed.ts'

/** The recording that is heard: one at a time. */
let heard: HTMLAudioElement | undefined

const forget = (address: string | undefined): void => {
  if (address?.startsWith('blob:') === true) URL.revokeObjectURL(address)
}

/** Plays one recording through an audio element of the page; fetched when it is first wanted. */
export const usePlayer = (recording: Recording, knownMs: number | undefined) => {
  const audio = useRef<HTMLAudioElement>(null)
  const address = useRef<string>(undefined)
  const speed = useSpeed((state) => state.speed)
  const [isOn, setIsOn] = useState(false)
  const [isFetching, setIsFetching] = useState(false)
  const [atMs, setAtMs] = useState(0)
  const [foundMs, setFoundMs] = useState<number>()
  const [fault, setFault] = useState<ApiError>()
  useEffect(() => {
    if (audio.current !== null) audio.current.playbackRate = speed
  }, [speed])
  useEffect(
    () => () => {
      forget(address.current)
    },
    [],
  )
  const play = async (): Promise<void> => {
    const element = audio.current
    if (element === null) return
    setFault(undefined)
    setIsFetching(true)
    try {
      if (address.current === undefined) {
        address.current = await playableAddress(recording)
        element.src = address.current
      }
      if (heard !== element) heard?.pause()
      heard = element
      // A new source begins at the plain speed.
      element.defaultPlaybackRate = speed
      element.playbackRate = speed
      await element.play()
    } catch (error) {
      forget(address.current)
      address.current = undefined
      setFault(error instanceof ApiError ? error : new ApiError('unplayable'))
    } finally {
      setIsFetching(false)
    }
  }
  return {
    ...{ audio, isOn, isFetching, atMs, fault },
    lengthMs: foundMs ?? knownMs ?? 0,
    toggle: (): void => {
      if (isOn) audio.current?.pause()
      else void play()
    },
    seek: (toMs: number): void => {
      if (audio.current === null || foundMs === undefined) return
      audio.current.currentTime = toMs / 1_000
      setAtMs(toMs)
    },
    hear: {
      onPlay: () => setIsOn(true),
      onPause: () => setIsOn(false),
      onEnded: () => setIsOn(false),
      onTimeUpdate: () => setAtMs((audio.current?.currentTime ?? 0) * 1_000),
      onDurationChange: () => {
        const { duration = NaN } = audio.current ?? {}
        if (Number.isFinite(duration)) setFoundMs(duration * 1_000)
      },
    },
  }
}
