import { create } from 'zustand'
import { desk, type ReplyBody } from '../api/desk.ts'
import { lookAgain } from '../api/queries.ts'
import { ApiError } from '../api/request.ts'
import { changeDraft, type AttachedFile, type Mode } from './drafts.ts'

/** Something that was sent while the server could not be reached. */
export interface Waiting {
  /** Sent twice under it, it arrives once. */
  readonly key: string
  readonly agentId: string
  readonly ticketId: string
  readonly mode: Mode
  readonly text: string
  readonly files: readonly AttachedFile[]
  /** The ticket is solved along with it. */
  readonly solve?: boolean
  /** The ticket as it was seen. */
  readonly version: number
  /** Why the server refused it; absent: it only waits. */
  readonly refusal?: string | undefined
}

const storageKey = 'tongda.outbox'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isWaiting = (value: unknown): value is Waiting =>
  isRecord(value) &&
  ['key', 'agentId', 'ticketId', 'mode', 'text'].every((name) => typeof value[name] === 'string') &&
  typeof value.version === 'number' &&
  Array.isArray(value.files)

const stored = (): readonly Waiting[] => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isWaiting) : []
  } catch {
    return []
  }
}

interface OutboxState {
  readonly waiting: readonly Waiting[]
}

export const useOutbox = create<OutboxState>(() => ({ waiting: stored() }))

const set = (waiting: readonly Waiting[]): void => {
  useOutbox.setState({ waiting })
  try {
    localStorage.setItem(storageKey, JSON.stringify(waiting))
  } catch {
    // Full or switched off: it still waits in this window.
  }
}

const all = (): readonly Waiting[] => useOutbox.getState().waiting

/** Keeps what could not be sent; it goes once the server is there again. */
export const keepForLater = (one: Waiting): void => {
  set([...all().filter(({ key }) => key !== one.key), one])
}

/** What is asked of the server for a reply. */
export const replyOf = (
  { text, files }: Pick<Waiting, 'text' | 'files'>,
  solve: boolean,
): Omit<ReplyBody, 'version'> => ({
  text,
  ...(files.length === 0 ? {} : { attachments: files }),
  ...(solve ? { solve } : {}),
})

const drop = (gone: string): void => {
  set(all().filter(({ key }) => key !== gone))
}

/** Gives the words back to the field, unless something else was begun there. */
export const takeBack = ({ key, agentId, ticketId, mode, text, files }: Waiting): void => {
  drop(key)
  changeDraft({ agentId, ticketId, mode }, (now) =>
    now.text === '' && now.files.length === 0
      ? { text, files }
      : { text: `${text}\n${now.text}`, files: [...files, ...now.files] },
  )
}

const send = ({ mode, ticketId, text, files, version, key, solve = false }: Waiting): Promise<unknown> =>
  mode === 'note'
    ? desk.note(ticketId, { text }, key)
    : desk.reply(ticketId, { version, ...replyOf({ text, files }, solve) }, key)

let sending = false

/**
 * Sends what waits, in order, while the server answers. What it refuses – a colleague was faster, the ticket is somebody
 * else's – stays with the reason, for the agent to look at.
 */
export const sendWaiting = async (agentId: string): Promise<void> => {
  if (sending) return
  sending = true
  try {
    for (const one of all().filter((own) => own.agentId === agentId && own.refusal === undefined))
      try {
        await send(one)
        drop(one.key)
        lookAgain(one.ticketId)
      } catch (error) {
        if (!(error instanceof ApiError) || error.code === 'network') return
        keepForLater({ ...one, refusal: error.code })
      }
  } finally {
    sending = false
  }
}

/** Sends one that was refused all the same: at the version that is seen now. */
export const sendAnyway = (one: Waiting, version: number, agentId: string): Promise<void> => {
  keepForLater({ ...one, version, refusal: undefined })
  return sendWaiting(agentId)
}
