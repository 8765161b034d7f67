/** What the visitor wrote and nobody has confirmed yet: kept over reloads, sent until it is stored, never twice. */
import { signal, type ReadonlySignal } from '@preact/signals'
import type { ClientError, VisitorContent } from '../channels/web/protocol.ts'
import type { PageContext } from './api.ts'
import type { Line } from './connection.ts'
import { createId, type Shelf } from './storage.ts'
import { sendFile } from './upload.ts'
import type { Session } from './session.ts'

/** Why something was not sent, for the words: a code of the server, or one of ours. */
export type Fault = ClientError['code'] | 'upload_failed' | 'no_answer'

export interface Unsent {
  readonly id: string
  readonly content: VisitorContent | { readonly file: File }
  /** What a pressed option said. */
  readonly label?: string
  readonly context?: PageContext
  /** ISO 8601. */
  readonly at: string
  readonly state: 'sending' | 'failed'
  readonly fault?: Fault
  readonly canRetry: boolean
  /** How much of a file has left, 0 to 1. */
  readonly share?: number
  /** The server has stored it as this message; it goes once that comes from the log. */
  readonly seq?: number
}

export interface Outbox {
  /** In order of writing. */
  readonly unsent: ReadonlySignal<readonly Unsent[]>
  say(content: VisitorContent, more?: Pick<Unsent, 'label' | 'context'>): void
  /** Resolves once nothing is on its way, at the latest after a while. */
  settled(): Promise<void>
  give(file: File): void
  retry(id: string): void
  /** Takes away what could not be sent. */
  drop(id: string): void
  accepted(id: string, seq: number): void
  refused(id: string, error: ClientError): void
  /** The message of this number came from the log. */
  arrived(seq: number): void
  /** Sends what waits: the connection stands. */
  flush(): void
}

const confirmWithinMs = 10_000
const automaticTries = 3
const againAfterMs = 3_000
const settleWithinMs = 3_000
const settleEveryMs = 100

type Lasting = Pick<Unsent, 'label' | 'context' | 'at'> & { readonly content: VisitorContent }

/** Each message under a name of its own: two tabs that write at once lose nothing of each other. */
const createKeeping = (shelf: Shelf) => ({
  keep: ({ id, content, label, context, at }: Unsent): void => {
    if (!('file' in content)) shelf.set(`unsent:${id}`, JSON.stringify({ content, label, context, at }))
  },
  forget: (id: string): void => shelf.set(`unsent:${id}`, undefined),
  all: (): readonly Unsent[] =>
    shelf
      .names('unsent:')
      .flatMap((name): readonly Unsent[] => {
        const text = shelf.get(name)
        if (text === undefined) return []
        const kept = JSON.parse(text) as Lasting
        return [{ ...kept, id: name.slice('unsent:'.length), state: 'sending', canRetry: true }]
      })
      .sort((one, other) => (one.at < other.at ? -1 : 1)),
})

export const createOutbox = (
  session: Session,
  shelf: Shelf,
  line: () => Line,
  isShown: (seq: number) => boolean,
): Outbox => {
  const keeping = createKeeping(shelf)
  const unsent = signal<readonly Unsent[]>(keeping.all())
  const timers = new Map<string, number>()
  const tries = new Map<string, number>()

  const find = (id: string): Unsent | undefined => unsent.value.find((one) => one.id === id)
  const change = (id: string, made: Partial<Unsent>): void => {
    unsent.value = unsent.value.map((one) => (one.id === id ? { ...one, ...made } : one))
  }
  const remove = (id: string): void => {
    clearTimeout(timers.get(id))
    timers.delete(id)
    tries.delete(id)
    keeping.forget(id)
    unsent.value = unsent.value.filter((one) => one.id !== id)
  }
  const fail = (id: string, fault: Fault, canRetry: boolean): void => {
    clearTimeout(timers.get(id))
    change(id, { state: 'failed', fault, canRetry })
  }
  const accepted: Outbox['accepted'] = (id, seq) => {
    clearTimeout(timers.get(id))
    keeping.forget(id)
    if (isShown(seq)) remove(id)
    else change(id, { seq })
  }
  const refused: Outbox['refused'] = (id, { code, retryable, retryAfterMs = againAfterMs }) => {
    const count = (tries.get(id) ?? 0) + 1
    tries.set(id, count)
    if (!retryable || count > automaticTries) {
      fail(id, code, retryable)
      return
    }
    clearTimeout(timers.get(id))
    timers.set(id, window.setTimeout(() => transmit(id), retryAfterMs))
  }
  const upload = (id: string, file: File): void => {
    change(id, { state: 'sending', share: 0 })
    sendFile(session, id, file, {
      progress: (share) => change(id, { share }),
      accepted: (seq) => accepted(id, seq),
      refused: (code, retryable, retryAfterMs) =>
        code === 'upload_failed'
          ? fail(id, code, true)
          : refused(id, { code, retryable, ...(retryAfterMs !== undefined && { retryAfterMs }) }),
    })
  }
  const transmit = (id: string): void => {
    const message = find(id)
    if (message === undefined || message.seq !== undefined) return
    clearTimeout(timers.get(id))
    const { content, context } = message
    if ('file' in content) {
      upload(id, content.file)
      return
    }
    change(id, { state: 'sending' })
    const hasLeft = line().send({ t: 'msg', clientMsgId: id, content, ...(context && { context }) })
    timers.set(
      id,
      window.setTimeout(() => {
        fail(id, 'no_answer', true)
        if (hasLeft) line().renew()
      }, confirmWithinMs),
    )
  }
  const add = (message: Pick<Unsent, 'content' | 'label' | 'context'>): Unsent => {
    const made: Unsent = {
      ...message,
      id: createId(),
      at: new Date().toISOString(),
      state: 'sending',
      canRetry: true,
    }
    unsent.value = [...unsent.value, made]
    keeping.keep(made)
    return made
  }
  return {
    unsent,
    say: (content, more) => transmit(add({ ...more, content }).id),
    async settled() {
      const isUnderWay = (): boolean =>
        unsent.value.some(({ state, content, seq }) => state === 'sending' && seq === undefined && !('file' in content))
      for (let waited = 0; isUnderWay() && waited < settleWithinMs; waited += settleEveryMs)
        await new Promise((resolve) => setTimeout(resolve, settleEveryMs))
    },
    give(file) {
      const { id } = add({ content: { file } })
      if (file.size === 0) fail(id, 'empty', false)
      else if (file.size > (session.maxFileBytes() ?? Infinity)) fail(id, 'too_large', false)
      else upload(id, file)
    },
    retry: transmit,
    drop: remove,
    accepted,
    refused,
    arrived(seq) {
      const own = unsent.value.find((one) => one.seq === seq)
      if (own !== undefined) remove(own.id)
    },
    flush() {
      for (const { id, state, fault, content } of unsent.value) {
        const waits = state === 'sending' || fault === 'no_answer'
        if (waits && !('file' in content)) transmit(id)
      }
    },
  }
}
