import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Chat } from '../chat.ts'
import { wordsOf } from '../words.ts'
import { Stored, Waiting } from './message.tsx'

const nearEnd = 120
const twoDigits = (number: number): string => String(number).padStart(2, '0')
const dayOf = (iso: string): string => {
  const date = new Date(iso)
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`
}

const Typing = ({ chat }: { readonly chat: Chat }) => (
  <div class="typing" hidden={!chat.isTyping.value}>
    <span class="dots" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
    {wordsOf(chat).typing}
  </div>
)

/** The conversation; it follows the newest message until the reader scrolls up. */
export const Log = ({ chat }: { readonly chat: Chat }) => {
  const { events, outbox, isFilled, isTyping } = chat
  const said = wordsOf(chat)
  const log = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  const hasMore = useSignal(false)
  const unsent = outbox.unsent.value
  const toEnd = (): void => {
    if (log.current !== null) log.current.scrollTop = log.current.scrollHeight
  }
  useLayoutEffect(() => {
    // What the visitor wrote is always shown.
    if (unsent.length > 0) follows.current = true
  }, [unsent.length])
  useLayoutEffect(() => {
    if (follows.current) toEnd()
    else hasMore.value = true
  }, [events.value.length, unsent.length, isTyping.value])
  useEffect(() => {
    const field = log.current
    if (field === null) return undefined
    // Pictures that load, the keyboard and a longer draft take room from the log.
    const watch = new ResizeObserver(() => {
      if (follows.current) toEnd()
    })
    watch.observe(field)
    if (field.firstElementChild !== null) watch.observe(field.firstElementChild)
    return () => watch.disconnect()
  }, [])
  const onScroll = (): void => {
    const field = log.current
    if (field === null) return
    follows.current = field.scrollHeight - field.scrollTop - field.clientHeight < nearEnd
    if (follows.current) hasMore.value = false
  }
  let lastDay = ''
  return (
    <div class="log-place">
      <div
        ref={log}
        class="log"
        role="log"
        aria-live="polite"
        aria-busy={!isFilled.value}
        aria-label={said.log}
        tabIndex={0}
        onScroll={onScroll}
      >
        <div class="lines">
          {events.value.map((event) => {
            const day = dayOf(event.at)
            const isNew = day !== lastDay
            lastDay = day
            return (
              <div key={event.seq} class="line">
                {isNew && <p class="day">{day}</p>}
                <Stored chat={chat} event={event} />
              </div>
            )
          })}
          {unsent.map((one) => (
            <div key={one.id} class="line">
              <Waiting chat={chat} unsent={one} />
            </div>
          ))}
        </div>
      </div>
      {hasMore.value && (
        <button class="jump" type="button" onClick={toEnd}>
          {said.jump}
        </button>
      )}
      <Typing chat={chat} />
    </div>
  )
}
