import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import { defineJob, onJob, type JobHandler, type Jobs } from '../core/jobs.ts'
import type { Logger } from '../core/log.ts'
import type { Post } from '../core/post.ts'
import { occasions } from '../core/preferences.ts'
import type { PushStore } from '../core/push.ts'
import { keptSeconds, requestFor, type PushSender } from '../push/index.ts'
import { readRetryAfter } from '../webhooks/index.ts'

/** A notice is brought to one browser. */
export const pushNotice = defineJob({
  name: 'push-notice',
  data: z.strictObject({
    subscriptionId: z.uuid(),
    occasion: z.enum(occasions),
    ticketId: z.uuid(),
    number: z.number().int(),
    more: z.number().int().min(0),
    /** When there was something to tell. */
    at: z.iso.datetime(),
  }),
  tries: 8,
  firstRetrySeconds: 5,
  limitSeconds: 60,
  atOnce: 4,
})

/** What pushing stands on. */
export interface PushJobOptions {
  readonly store: Pick<PushStore, 'find' | 'drop'>
  readonly sender: () => Promise<PushSender>
  readonly post: Post
  readonly jobs: Pick<Jobs, 'enqueue'>
  readonly clock: Clock
  readonly log: Logger
}

/** A push service that says when to come back is believed up to this long. */
const longestWaitMs = 3_600_000
/** It says so without a time. */
const usualWaitMs = 60_000

type PushData = z.output<typeof pushNotice.data>

/** What the push service made of it; its own words are not kept, they may name the address. */
const settle = async (
  { store, jobs, log }: PushJobOptions,
  data: PushData,
  { status, retryAfter }: { readonly status: number; readonly retryAfter: string | undefined },
): Promise<void> => {
  if (status >= 200 && status < 300) return
  if (status === 404 || status === 410) {
    await store.drop(data.subscriptionId)
    log.info({ subscriptionId: data.subscriptionId, status }, 'a browser takes no notices any more')
    return
  }
  if (status === 429) {
    const waitMs = Math.min(longestWaitMs, readRetryAfter(retryAfter, new Date()) ?? usualWaitMs)
    const startAfter = new Date(Date.now() + waitMs)
    await jobs.enqueue(pushNotice, data, { startAfter })
    return
  }
  const words = `the push service answered ${String(status)}`
  if (status >= 500) throw new Error(words)
  throw new TongdaError('bad_input', words)
}

/** Brings a notice; one that is too old, or whose browser is gone, is dropped. */
export const pushNoticeHandler = (options: PushJobOptions): JobHandler =>
  onJob(pushNotice, async (data) => {
    const { store, sender, post, clock } = options
    if (clock.now().getTime() - Date.parse(data.at) > keptSeconds * 1_000) return
    const target = await store.find(data.subscriptionId)
    if (target === undefined) return
    const { url, headers, body } = requestFor(await sender(), target, data)
    const posted = await post(url, { headers, body })
    if (!('failure' in posted)) return settle(options, data, posted)
    if (posted.never)
      throw new TongdaError('bad_input', `the push service may not be called: ${posted.failure}`)
    throw new Error(`the push service was not reached: ${posted.failure}`)
  })
