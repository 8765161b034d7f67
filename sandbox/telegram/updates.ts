// How updates reach the bot: core.telegram.org/bots/api#getting-updates.
import { setTimeout as sleep } from 'node:timers/promises'
import { createBell } from '../../src/core/bell.ts'
import type { Clock } from '../../src/core/clock.ts'
import { createClosing } from '../kit/closing.ts'
import { curlOf } from '../kit/curl.ts'
import { createPoster } from '../kit/post.ts'
import type { TelegramTiming } from './account.ts'
import type { Fields } from './chats.ts'
import type { Faults, Refusal } from './faults.ts'
import type { Trace } from '../kit/trace.ts'

/** An update on its way. */
export interface Update {
  readonly id: number
  /** Updates with the same key go one after another. */
  readonly queue: string
  readonly userKey?: string
  readonly body: Fields
  readonly at: Date
  /** Hears how it fared. */
  readonly onEnd?: (state: 'delivered' | 'failed') => void
}

/** Where updates go. */
export interface Webhook {
  readonly url: string
  readonly secret: string
  readonly allowed: readonly string[]
}

export interface Updates {
  push(update: Omit<Update, 'id' | 'at'>): Update
  webhook(): Webhook | undefined
  setWebhook(webhook: Webhook | undefined): void
  /** The last time an update could not be brought; kept after it could. */
  lastError(): { readonly at: Date; readonly message: string } | undefined
  /** The Bot API's `getUpdates`; ends with a refusal when a webhook is set or another one polls. */
  poll(query: PollQuery): Promise<readonly Fields[] | Refusal>
  /** Updates that nobody has taken. */
  pending(): number
  /** Sends an update once more, as an eavesdropper or a confused server might. */
  again(id: number): void
  /** Forgets what nobody has taken. */
  drop(): void
  close(): void
}

export interface PollQuery {
  readonly offset: number | undefined
  readonly limit: number
  readonly timeoutSeconds: number
  readonly allowed: readonly string[]
}

export interface UpdatesDeps {
  readonly clock: Clock
  readonly timing: TelegramTiming
  readonly faults: Faults
  readonly trace: Trace
}

/** Updates wait a day for the bot. */
const lifeMs = 24 * 3_600_000
const secretHeader = 'X-Telegram-Bot-Api-Secret-Token'

const conflict = (description: string): Refusal => ({
  error_code: 409,
  description: `Conflict: ${description}`,
})

const isAllowed = ({ body }: Update, allowed: readonly string[]): boolean =>
  allowed.length === 0 || allowed.some((kind) => Object.hasOwn(body, kind))

/** What `getWebhookInfo` says of a failed call. */
const wordsOf = (result: Awaited<ReturnType<ReturnType<typeof createPoster>['post']>>): string => {
  if (result.kind === 'response') return `Wrong response from the webhook: ${String(result.status)}`
  return result.kind === 'timeout' ? 'Read timeout expired' : 'Connection refused'
}

/** One webhook call, on record; true when the bot took it. */
const createCall = ({ timing, faults, trace, clock }: UpdatesDeps) => {
  const poster = createPoster()
  let lastError: { readonly at: Date; readonly message: string } | undefined
  const call = async (update: Update, { url, secret }: Webhook): Promise<boolean> => {
    const isForged = faults.isOn('bad-signature')
    const body = JSON.stringify(update.body)
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      [secretHeader]: isForged ? 'not-the-secret' : secret,
    }
    const at = clock.now()
    const result = await poster.post({ url, method: 'POST', headers, body }, timing.attemptTimeoutMs)
    const ok = result.kind === 'response' && result.status >= 200 && result.status < 300
    if (!ok) lastError = { at: clock.now(), message: wordsOf(result) }
    const isLost = ok && faults.isOn('lost-answer')
    if (isLost) faults.set('lost-answer', false)
    trace.add({
      at,
      kind: 'push',
      title: `POST ${new URL(url).pathname}`,
      status: result.kind === 'response' ? String(result.status) : result.kind,
      durationMs: result.durationMs,
      request: body,
      curl: curlOf('POST', url, headers, body),
      proof: { name: 'secret-header', good: !isForged },
      response: result.kind === 'response' ? result.body.toString('utf8') : '',
      problems: [...(isForged ? ['bad-signature'] : []), ...(isLost ? ['lost-answer'] : [])],
      ...(update.userKey === undefined ? {} : { userKey: update.userKey }),
    })
    return ok && !isLost
  }
  return { call, lastError: () => lastError, close: () => poster.close() }
}

/** Updates that nobody has taken, and who hears of new ones. */
const createQueue = () => {
  const bell = createBell()
  let waiting: readonly Update[] = []
  return {
    bell,
    all: () => waiting,
    has: (update: Update) => waiting.includes(update),
    drop: (): void => {
      waiting = []
    },
    add: (update: Update): void => {
      waiting = [...waiting, update]
      bell.ring()
    },
    finish: (update: Update, state: 'delivered' | 'failed'): void => {
      waiting = waiting.filter((other) => other !== update)
      update.onEnd?.(state)
    },
  }
}
type Queue = ReturnType<typeof createQueue>

/** Brings updates to the webhook, those of one chat one after another, and again until they are taken. */
const createBringing = (deps: UpdatesDeps, queue: Queue, closing: AbortSignal) => {
  const { clock, timing, faults } = deps
  const calls = createCall(deps)
  const busy = new Set<string>()
  const isClosed = (): boolean => closing.aborted
  let webhook: Webhook | undefined

  const attempt = async (update: Update, to: Webhook): Promise<'delivered' | 'failed' | 'again'> => {
    if (clock.now().getTime() - update.at.getTime() > lifeMs) return 'failed'
    if (await calls.call(update, to)) return 'delivered'
    // Shown as failed at once, though the platform would go on trying.
    return faults.isOn('bad-signature') ? 'failed' : 'again'
  }
  const deliver = async (update: Update): Promise<void> => {
    for (let failures = 0; !isClosed() && webhook !== undefined && queue.has(update); failures += 1) {
      const state = await attempt(update, webhook)
      if (state !== 'again') {
        queue.finish(update, state)
        return
      }
      const pauseMs = timing.retryDelayMs * Math.min(64, 2 ** failures)
      await sleep(pauseMs, undefined, { signal: closing }).catch(() => undefined)
    }
  }
  const startOne = (update: Update, to: Webhook): void => {
    if (busy.has(update.queue) || !queue.has(update)) return
    if (!isAllowed(update, to.allowed)) {
      queue.finish(update, 'delivered')
      return
    }
    busy.add(update.queue)
    void deliver(update).finally(() => {
      busy.delete(update.queue)
      pump()
    })
  }
  const pump = (): void => {
    if (webhook === undefined || isClosed()) return
    for (const update of queue.all()) startOne(update, webhook)
  }
  return {
    pump,
    webhook: () => webhook,
    lastError: () => calls.lastError(),
    setWebhook: (next: Webhook | undefined): void => {
      webhook = next
      pump()
    },
    close: () => calls.close(),
  }
}

/** `getUpdates`: waits for news, and ends the poll before it. */
const createPolling = (queue: Queue, isClosed: () => boolean) => {
  let polls = 0
  return async (query: PollQuery): Promise<readonly Fields[] | Refusal> => {
    polls += 1
    const mine = polls
    queue.bell.ring()
    const { offset = 0 } = query
    for (const update of queue.all()) if (update.id < offset) queue.finish(update, 'delivered')
    const deadline = performance.now() + query.timeoutSeconds * 1_000
    for (;;) {
      if (mine !== polls)
        return conflict(
          'terminated by other getUpdates request; make sure that only one bot instance is running',
        )
      const found = queue.all().filter((update) => isAllowed(update, query.allowed))
      const leftMs = deadline - performance.now()
      if (found.length > 0 || leftMs <= 0 || isClosed())
        return found.slice(0, query.limit).map(({ body }) => body)
      await queue.bell.wait(Math.min(leftMs, 50))
    }
  }
}

/** Nothing on its way. */
export const createUpdates = (deps: UpdatesDeps): Updates => {
  const closing = createClosing()
  const queue = createQueue()
  const bringing = createBringing(deps, queue, closing.signal)
  const poll = createPolling(queue, () => closing.signal.aborted)
  const history = new Map<number, Update>()
  // From the present time on: a bot that polls remembers the last one over a restart.
  let lastId = Math.floor(deps.clock.now().getTime() / 1_000) - 1_000_000_000
  const enqueue = (update: Update): void => {
    queue.add(update)
    bringing.pump()
  }
  return {
    push: (draft) => {
      lastId += 1
      const body = { update_id: lastId, ...draft.body }
      const update: Update = { ...draft, id: lastId, at: deps.clock.now(), body }
      history.set(update.id, update)
      enqueue(update)
      // Another copy at the same time, over another connection.
      if (deps.faults.isOn('duplicate')) enqueue({ ...update, queue: `${update.queue}-copy` })
      return update
    },
    webhook: () => bringing.webhook(),
    setWebhook: (next) => bringing.setWebhook(next),
    lastError: () => bringing.lastError(),
    poll: (query) =>
      bringing.webhook() === undefined
        ? poll(query)
        : Promise.resolve(
            conflict(
              "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            ),
          ),
    pending: () => queue.all().length,
    drop: () => queue.drop(),
    again: (id) => {
      const update = history.get(id)
      if (update !== undefined) enqueue({ ...update, queue: `${update.queue}-again` })
    },
    close: () => {
      closing.abort()
      queue.bell.ring()
      bringing.close()
    },
  }
}
