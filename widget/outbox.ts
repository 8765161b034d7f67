/** Sends what the visitor writes until it is stored, and never twice: the same id again is the same message. */
import type { ReadonlySignal } from '@preact/signals'
import type { ClientError, VisitorContent, WidgetSettings } from '../channels/web/protocol.ts'
import type { Line } from './connection.ts'
import type { Session } from './session.ts'
import { createUnsentList, type Fault, type Shelves, type Unsent, type UnsentList } from './unsent.ts'
import { sendFile } from './upload.ts'

export interface Outbox {
  /** In order of writing. */
  readonly unsent: ReadonlySignal<readonly Unsent[]>
  say(content: VisitorContent, more?: Pick<Unsent, 'label' | 'context'>): void
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
  /** Resolves once nothing is on its way, at the latest after a while. */
  settled(): Promise<void>
  /** Forgets everything. */
  clear(): void
}

export interface OutboxDeps extends Shelves {
  readonly session: Session
  readonly line: Line
  readonly isShown: (seq: number) => boolean
  readonly settings: ReadonlySignal<WidgetSettings>
}

const confirmWithinMs = 10_000
const automaticTries = 3
const againAfterMs = 3_000
const settleWithinMs = 3_000
const settleEveryMs = 100

/** Tries each message again by itself a few times. */
const createTries = (list: UnsentList, transmit: (id: string) => void) => {
  const timers = new Map<string, number>()
  const counts = new Map<string, number>()
  const stop = (id: string): void => {
    clearTimeout(timers.get(id))
    timers.delete(id)
  }
  const fail = (id: string, fault: Fault, canRetry: boolean): void => {
    stop(id)
    list.change(id, { state: 'failed', fault, canRetry })
  }
  return {
    stop,
    fail,
    /** Calls when nothing was heard of the message for a while. */
    expect(id: string, missed: () => void) {
      stop(id)
      timers.set(id, window.setTimeout(missed, confirmWithinMs))
    },
    refused(id: string, { code, retryable, retryAfterMs = againAfterMs }: ClientError) {
      const count = (counts.get(id) ?? 0) + 1
      counts.set(id, count)
      stop(id)
      if (!retryable || count > automaticTries) fail(id, code, retryable)
      else
        timers.set(
          id,
          window.setTimeout(() => transmit(id), retryAfterMs),
        )
    },
  }
}

/** Puts one message on its way. */
const createTransmitting = ({ session, line, isShown }: OutboxDeps, list: UnsentList) => {
  const accepted: Outbox['accepted'] = (id, seq) => {
    tries.stop(id)
    if (isShown(seq)) list.remove(id)
    else {
      list.confirmed(id)
      list.change(id, { seq })
    }
  }
  const upload = (id: string, file: File): void => {
    list.change(id, { state: 'sending', share: 0 })
    sendFile(session, id, file, {
      progress: (share) => list.change(id, { share }),
      accepted: (seq) => accepted(id, seq),
      refused(code, retryable, retryAfterMs) {
        // A network that broke once is not tried again by itself: files cost the visitor money.
        if (code === 'upload_failed') tries.fail(id, code, true)
        else tries.refused(id, { code, retryable, ...(retryAfterMs !== undefined && { retryAfterMs }) })
      },
    })
  }
  const transmit = (id: string): void => {
    const message = list.find(id)
    if (message === undefined || message.seq !== undefined) return
    const { content, context } = message
    tries.stop(id)
    if ('file' in content) {
      upload(id, content.file)
      return
    }
    list.change(id, { state: 'sending' })
    const hasLeft = line.send({ t: 'msg', clientMsgId: id, content, ...(context && { context }) })
    tries.expect(id, () => {
      tries.fail(id, 'no_answer', true)
      if (hasLeft) line.renew()
    })
  }
  const tries = createTries(list, transmit)
  return { transmit, accepted, tries }
}

const isUnderWay = ({ state, seq, content }: Unsent): boolean =>
  state === 'sending' && seq === undefined && !('file' in content)

export const createOutbox = (deps: OutboxDeps): Outbox => {
  const { settings } = deps
  const list = createUnsentList(deps)
  const { transmit, accepted, tries } = createTransmitting(deps, list)
  const drop = (id: string): void => {
    tries.stop(id)
    list.remove(id)
  }
  return {
    unsent: list.all,
    say: (content, more) => transmit(list.add({ ...more, content }).id),
    give(file) {
      const { id } = list.add({ content: { file } })
      if (file.size === 0) tries.fail(id, 'empty', false)
      else if (file.size > settings.value.maxFileBytes) tries.fail(id, 'too_large', false)
      else transmit(id)
    },
    retry: transmit,
    drop,
    accepted,
    refused: (id, error) => tries.refused(id, error),
    arrived(seq) {
      const own = list.all.value.find((one) => one.seq === seq)
      if (own !== undefined) drop(own.id)
    },
    flush() {
      for (const { id, state, fault, content } of list.all.value)
        if ((state === 'sending' || fault === 'no_answer') && !('file' in content)) transmit(id)
    },
    async settled() {
      for (
        let waited = 0;
        list.all.value.some(isUnderWay) && waited < settleWithinMs;
        waited += settleEveryMs
      )
        await new Promise((resolve) => setTimeout(resolve, settleEveryMs))
    },
    clear: () => list.all.value.forEach(({ id }) => drop(id)),
  }
}
