import { z } from 'zod'
import type { TranscriptContent, TranscriptEntry } from './transcript.ts'

const place = { title: z.string(), description: z.string(), url: z.string() }
const optional = z.exactOptional

const content: z.ZodType<TranscriptContent> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  z.strictObject({ kind: z.literal('image'), mediaId: z.string() }),
  z.strictObject({
    kind: z.literal('voice'),
    mediaId: z.string(),
    recognition: optional(z.string()),
    durationMs: optional(z.number()),
  }),
  z.strictObject({
    kind: z.literal('video'),
    mediaId: z.string(),
    title: optional(z.string()),
    description: optional(z.string()),
  }),
  z.strictObject({ kind: z.literal('music'), ...place }),
  z.strictObject({
    kind: z.literal('news'),
    articles: z.array(z.strictObject({ ...place, pictureUrl: z.string() })),
  }),
  z.strictObject({
    kind: z.literal('menu'),
    head: z.string(),
    entries: z.array(z.strictObject({ id: z.string(), label: z.string() })),
    tail: z.string(),
  }),
  z.strictObject({
    kind: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    label: z.string(),
  }),
  z.strictObject({ kind: z.literal('link'), ...place }),
  z.strictObject({ kind: z.literal('file'), name: z.string(), bytes: z.number() }),
  z.strictObject({ kind: z.literal('card'), card: z.string(), title: z.string() }),
  z.strictObject({ kind: z.literal('event'), event: z.string(), label: optional(z.string()) }),
  z.strictObject({ kind: z.literal('notice'), text: z.string() }),
  z.strictObject({ kind: z.literal('other'), type: z.string() }),
])

// Links to exchanges are left out: the trace does not outlive the process.
const line: z.ZodType<Omit<TranscriptEntry, 'exchangeId'>> = z.strictObject({
  id: z.int().min(1),
  openid: z.string(),
  at: z.coerce.date(),
  source: z.enum(['user', 'passive', 'api', 'platform']),
  content,
  state: optional(z.enum(['held', 'sending', 'answered', 'acknowledged', 'failed'])),
  quotaLeft: optional(z.number()),
})

/** What of a simulator outlives its process: people, their windows, and what they saw. */
export const simulatorSnapshot = z.strictObject({
  version: z.literal(1),
  users: z.array(z.strictObject({ openid: z.string(), name: z.string(), followed: z.boolean() })).max(10_000),
  windows: z
    .array(
      z.strictObject({
        openid: z.string(),
        action: z.enum(['message', 'menu', 'subscribe', 'scan']),
        limit: z.int().min(0),
        left: z.int().min(0),
        until: z.coerce.date(),
      }),
    )
    .max(100_000),
  lines: z.array(line).max(1_000_000),
})
export type SimulatorSnapshot = z.output<typeof simulatorSnapshot>
