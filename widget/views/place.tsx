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

/** Where the visitor stands: how many come before, or that nobody is there and when somebody is. */
export const Place = ({ chat, leave }: { readonly chat: Chat; readonly leave: () => void }) => {
  const { standing } = chat
  const said = wordsOf(chat)
  if (standing.value === undefined) return null
  const { waits, people } = standing.value
  if (waits === undefined && people.areThere) return null
  const line = !people.areThere
    ? people.backAt === undefined
      ? said.away
      : said.backAt(whenOf(people.backAt, said, new Date()))
    : [
        waits?.ahead === undefined ? said.inLine : said.ahead(waits.ahead),
        ...(waits?.waitMs === undefined ? [] : [said.about(Math.max(1, Math.ceil(waits.waitMs / 60_000)))]),
      ].join(' ')
  return (
    <div class="place">
      <p role="status">{line}</p>
      <button class="chip" type="button" onClick={leave}>
        {said.leave}
      </button>
    </div>
  )
}
