import { useEffect, useRef, useState } from 'react'
import { upload, ApiError } from '../api/request.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords, type Translate } from '../words/index.ts'
import type { AttachedFile } from './drafts.ts'

/** What the server takes beside one reply. */
export const maxFiles = 9
/** Longest name the server takes. */
const maxName = 200

interface Stored {
  readonly mediaId: string
  readonly contentType: string
  readonly bytes: number
}

/** A file on its way. */
export interface Upload {
  readonly id: number
  readonly name: string
  /** What has left, 0 to 1. */
  readonly share: number
  readonly abort: () => void
}

/** `12 KB`, `1.5 MB`. */
export const sizeText = (bytes: number): string =>
  bytes < 1_048_576
    ? `${Math.max(1, Math.round(bytes / 1_024))} KB`
    : `${(bytes / 1_048_576).toFixed(1).replace(/\.0$/, '')} MB`

interface Room {
  readonly count: number
  readonly maxFileBytes: number
}

/** Why a file cannot be attached, in words; undefined: it can. */
const faultOf = ({ name, size }: File, { count, maxFileBytes }: Room, t: Translate): string | undefined => {
  if (count >= maxFiles) return t('attach.too-many', { max: maxFiles })
  if (size === 0) return t('attach.empty', { name })
  return size > maxFileBytes ? t('attach.too-large', { name, max: sizeText(maxFileBytes) }) : undefined
}

let lastId = 0

export interface Uploads {
  readonly underWay: readonly Upload[]
  /** Why the last file was not taken. */
  readonly fault: string | undefined
  /** Sends files; each that has arrived is given to `keep`. */
  take(files: readonly File[], kept: number): void
  forget(): void
}

/** Files that leave for the server at once; the reply names them when it is sent. */
export const useUploads = (keep: (file: AttachedFile) => void): Uploads => {
  const t = useWords()
  const { maxFileBytes } = useSession()
  const [underWay, setUnderWay] = useState<readonly Upload[]>([])
  const [fault, setFault] = useState<string>()
  // The draft of the moment when a file arrives, not of the one when it left.
  const keepNow = useRef(keep)
  useEffect(() => {
    keepNow.current = keep
  })
  const change = (id: number, share: number): void => {
    setUnderWay((all) => all.map((one) => (one.id === id ? { ...one, share } : one)))
  }
  const send = async (file: File): Promise<void> => {
    const id = ++lastId
    const name = file.name.slice(-maxName)
    const aborting = new AbortController()
    const abort = (): void => {
      aborting.abort()
    }
    setUnderWay((all) => [...all, { id, name, share: 0, abort }])
    try {
      const progress = (share: number): void => {
        change(id, share)
      }
      const { mediaId } = await upload<Stored>('/api/desk/media', file, { progress, signal: aborting.signal })
      keepNow.current({ mediaId, name })
    } catch (error) {
      const isBrokenOff = error instanceof ApiError && error.code === 'aborted'
      if (!isBrokenOff) setFault(`${t('attach.failed', { name })} ${explain(error, t)}`)
    }
    setUnderWay((all) => all.filter((one) => one.id !== id))
  }
  return {
    underWay,
    fault,
    take: (files, kept) => {
      setFault(undefined)
      for (const [at, file] of files.entries()) {
        const found = faultOf(file, { count: kept + underWay.length + at, maxFileBytes }, t)
        if (found === undefined) void send(file)
        else setFault(found)
      }
    },
    forget: () => {
      setFault(undefined)
    },
  }
}
