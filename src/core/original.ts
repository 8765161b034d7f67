import type { Original, Part } from './message.ts'

/** Finds the original of a message; undefined: it has none. */
export type FindOriginal = (messageId: string) => Promise<Original | undefined>

/** Makes stored HTML of strangers harmless once more, by the rules of today. */
export type CleanPage = (html: string) => Promise<string>

/** The original among a message's parts. */
export const originalIn = (parts: readonly Part[]): Original | undefined => {
  for (const part of parts) if (part.kind === 'event' && part.original !== undefined) return part.original
  return undefined
}

/** What agents get of a part: of its original, which is read by itself, what it has. */
export type ShownPart = Exclude<Part, { kind: 'event' }> | ShownEvent
type ShownEvent = Omit<Extract<Part, { kind: 'event' }>, 'original'> & {
  readonly original?: Pick<Original, 'remotePictures'>
}

/** A part without its original. */
export const withoutOriginal = (part: Part): ShownPart => {
  if (part.kind !== 'event' || part.original === undefined) return part
  const { original, ...rest } = part
  return { ...rest, original: { remotePictures: original.remotePictures } }
}
