import { useSignal } from '@preact/signals'
import type { Standing } from '../../channels/web/protocol.ts'
import type { Chat } from '../chat.ts'
import { wordsOf, type Words } from '../words.ts'

const twoDigits = (number: number): string => String(number).padStart(2, '0')

/** The next opening as people say it: 今天 14:00, 明天 09:00, 2026-11-30 09:00. */
const whenOf = (iso: string, words: Words, now: Date): string => {
  const date = new Date(iso)
  const time = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1)
  if (date.toDateString() === now.toDateString()) return `${words.today} ${time}`
  if (date.toDateString() === tomorrow.toDateString()) return `${words.tomorrow} ${time}`
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())} ${time}`
}

/** Where the visitor stands, in words. */
const lineOf = ({ waits, people }: Standing, said: Words): string => {
  if (!people.areThere)
    return people.backAt === undefined ? said.away : said.backAt(whenOf(people.backAt, said, new Date()))
  const place = waits?.ahead === undefined ? said.inLine : said.ahead(waits.ahead)
  const minutes = Math.max(1, Math.ceil((waits?.waitMs ?? 0) / 60_000))
  return waits?.waitMs === undefined ? place : `${place} ${said.about(minutes)}`
}

/** Leaving the line is asked for twice: whoever comes back stands at its end. */
const Stop = ({ chat }: { readonly chat: Chat }) => {
  const said = wordsOf(chat)
  const isAsked = useSignal(false)
  const ask = (): void => {
    isAsked.value = !isAsked.value
  }
  if (!isAsked.value)
    return (
      <button class="chip" type="button" onClick={ask}>
        {said.stop}
      </button>
    )
  return (
    <>
      <button class="chip" type="button" onClick={() => void chat.stopWaiting()}>
        {said.stopSure}
      </button>
      <button class="chip" type="button" onClick={ask}>
        {said.stay}
      </button>
    </>
  )
}

/** How many come before the visitor, or that nobody is there and when somebody is. */
export const Place = ({ chat, leave }: { readonly chat: Chat; readonly leave: () => void }) => {
  const standing = chat.standing.value
  const said = wordsOf(chat)
  if (standing === undefined || (standing.waits === undefined && standing.people.areThere)) return null
  return (
    <div class="place">
      <p role="status">{lineOf(standing, said)}</p>
      <button class="chip" type="button" onClick={leave}>
        {said.leave}
      </button>
      {standing.waits?.mayStop === true && <Stop chat={chat} />}
    </div>
  )
}
