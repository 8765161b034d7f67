import { useEffect } from 'react'
import { desk, type DraftView, type TicketDetail } from '../api/desk.ts'
import { ApiError } from '../api/request.ts'
import { useSession } from '../shell/session.ts'
import { draftAt, hearDraft, isOpposed, noteOwn, noteSaved, onChanged, type DraftPlace } from './drafts.ts'

/** After the last key, in milliseconds. */
const restMs = 1_000
/** Without a line it is tried again so often. */
const retryMs = 10_000

interface Keeping {
  timer: ReturnType<typeof setTimeout> | undefined
  isUnderWay: boolean
}

const keepings = new Map<string, Keeping & { readonly place: DraftPlace }>()

const at = (place: DraftPlace) => {
  const name = `${place.agentId} ${place.ticketId} ${place.mode}`
  const keeping = keepings.get(name) ?? { place, timer: undefined, isUnderWay: false }
  keepings.set(name, keeping)
  return keeping
}

const otherOf = (error: ApiError): DraftView | undefined =>
  // Its schema is the draft's; the server is of the same build.
  error.code === 'conflict' ? (error.facts.drafts as readonly DraftView[] | undefined)?.[0] : undefined

const wait = (place: DraftPlace, ms: number): void => {
  const keeping = at(place)
  clearTimeout(keeping.timer)
  keeping.timer = setTimeout(() => void keep(place), ms)
}

/** Brings a draft to the server as it stands; one request at a time. Refusals leave it in this browser. */
const keep = async (place: DraftPlace, isLeaving = false): Promise<void> => {
  const keeping = at(place)
  clearTimeout(keeping.timer)
  keeping.timer = undefined
  const { isSaved, text, files, key, seen } = draftAt(place)
  // Where another browser wrote something else, the agent has the word.
  if (isSaved || isOpposed(place) || (keeping.isUnderWay && !isLeaving)) return
  keeping.isUnderWay = true
  noteOwn(key)
  try {
    const body = { mode: place.mode, text, files, key, ...(seen === undefined ? {} : { seen }) }
    const { drafts } = await desk.keepDraft(place.ticketId, body, isLeaving)
    noteSaved(place, key, drafts[0]?.changedAt ?? '')
    if (!draftAt(place).isSaved) wait(place, restMs)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const other = otherOf(error)
    if (other !== undefined) {
      hearDraft(place, other)
      if (!draftAt(place).isSaved && !isOpposed(place)) wait(place, restMs)
    } else if (error.code === 'network' || error.code === 'unauthenticated') wait(place, retryMs)
  } finally {
    keeping.isUnderWay = false
  }
}

onChanged((place) => {
  const { text, files } = draftAt(place)
  // What was sent must not come back: that it is gone is told at once.
  wait(place, text === '' && files.length === 0 ? 0 : restMs)
})

/** Takes the drafts that came with a ticket, and brings those of ours that the server lacks; undefined: it is being asked. */
export const useServerDrafts = (detail: TicketDetail | undefined): void => {
  const { agent } = useSession()
  useEffect(() => {
    if (detail === undefined) return
    for (const mode of ['reply', 'note'] as const) {
      const place: DraftPlace = { agentId: agent.id, ticketId: detail.ticket.id, mode }
      const theirs = detail.drafts.find((draft) => draft.mode === mode)
      if (theirs !== undefined) hearDraft(place, theirs)
      if (!draftAt(place).isSaved && at(place).timer === undefined) wait(place, restMs)
    }
  }, [detail, agent.id])
}

const leave = (): void => {
  if (document.hidden) for (const { place } of keepings.values()) void keep(place, true)
}
document.addEventListener('visibilitychange', leave)
addEventListener('pagehide', leave)
