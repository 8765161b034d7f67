import { z } from 'zod'
import type { EventPart, Part } from './message.ts'

/** A message as its sender laid it out, on channels whose messages are pages (mail). */
export interface Original {
  /** Cleaned when it came in; shown in a sandboxed frame all the same. Pictures elsewhere stand in `data-remote`. */
  readonly html: string
  /** Stored pictures by the name after `cid:`. */
  readonly inline: Readonly<Record<string, string>>
}

/** Finds the original of a message; undefined: it has none. */
export type FindOriginal = (messageId: string) => Promise<Original | undefined>

const Kept = z.object({ html: z.string().min(1), inline: z.record(z.string(), z.string()).default({}) })

const keptIn = (part: Part): Original | undefined => {
  if (part.kind !== 'event' || part.data === undefined) return undefined
  const parsed = Kept.safeParse(part.data)
  return parsed.success ? parsed.data : undefined
}

/** The original among a message's parts: an event whose data has `html`, and `inline` for its pictures. */
export const originalIn = (parts: readonly Part[]): Original | undefined => {
  for (const part of parts) {
    const kept = keptIn(part)
    if (kept !== undefined) return kept
  }
  return undefined
}

const remote = /<img\b[^>]{0,10000}\bdata-remote="/gi

/** A part without its original, which is read by itself: what it has is said as `original`. */
export const withoutOriginal = (part: Part): Part => {
  const kept = keptIn(part)
  if (kept === undefined || part.kind !== 'event') return part
  const data = Object.fromEntries(
    Object.entries(part.data ?? {}).filter(([name]) => name !== 'html' && name !== 'inline'),
  )
  const original = { remotePictures: [...kept.html.matchAll(remote)].length }
  return { ...part, data: { ...data, original } } satisfies EventPart
}
