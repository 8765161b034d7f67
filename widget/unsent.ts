/** What the visitor wrote and nobody has confirmed yet, kept over reloads. */
import { signal, type ReadonlySignal } from '@preact/signals'
import type { ClientError, VisitorContent } from '../channels/web/protocol.ts'
import type { PageContext } from './api.ts'
import { createId, type Shelf } from './storage.ts'

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

/** What is said of a message when it is written. */
export type Written = Pick<Unsent, 'content' | 'label' | 'context'>

export interface UnsentList {
  /** In order of writing. */
  readonly all: ReadonlySignal<readonly Unsent[]>
  find(id: string): Unsent | undefined
  add(written: Written): Unsent
  change(id: string, made: Partial<Unsent>): void
  remove(id: string): void
  /** It is stored: a reload need not send it again. */
  confirmed(id: string): void
}

export interface Shelves {
  /** Where things of who writes now are kept. */
  readonly shelf: () => Shelf
  readonly lasting: Shelf
  readonly passing: Shelf
}

type Lasting = Pick<Unsent, 'label' | 'context' | 'at'> & { readonly content: VisitorContent }

const prefix = 'unsent:'

const readAll = (shelf: Shelf): readonly Unsent[] =>
  shelf.names(prefix).flatMap((name): readonly Unsent[] => {
    const text = shelf.get(name)
    if (text === undefined) return []
    const kept = JSON.parse(text) as Lasting
    return [{ ...kept, id: name.slice(prefix.length), state: 'sending', canRetry: true }]
  })

/** Each message under a name of its own: two tabs that write at once lose nothing of each other. */
export const createUnsentList = ({ shelf, lasting, passing }: Shelves): UnsentList => {
  const all = signal<readonly Unsent[]>(
    [...readAll(lasting), ...readAll(passing)].sort((one, other) => (one.at < other.at ? -1 : 1)),
  )
  const confirmed = (id: string): void => {
    lasting.set(prefix + id, undefined)
    passing.set(prefix + id, undefined)
  }
  return {
    all,
    find: (id) => all.value.find((one) => one.id === id),
    add(written) {
      const made: Unsent = {
        ...written,
        id: createId(),
        at: new Date().toISOString(),
        state: 'sending',
        canRetry: true,
      }
      all.value = [...all.value, made]
      const { content, label, context, at } = made
      // Files are too large to keep.
      if (!('file' in content)) shelf().set(prefix + made.id, JSON.stringify({ content, label, context, at }))
      return made
    },
    change(id, made) {
      all.value = all.value.map((one) => (one.id === id ? { ...one, ...made } : one))
    },
    remove(id) {
      confirmed(id)
      all.value = all.value.filter((one) => one.id !== id)
    },
    confirmed,
  }
}
