import { useSignal } from '@preact/signals'
import type { RefObject, VNode } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { ChatEvent } from '../../channels/web/protocol.ts'
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

/** What is being written, outside the log: readers of screens hear once that something is, then the answer. */
const Preview = ({ chat }: { readonly chat: Chat }) => {
  const text = chat.preview.value
  return (
    <div class="preview">
      {text !== '' && (
        <div class="bubble" aria-hidden="true">
          {text}
        </div>
      )}
      <small role="status">{text !== '' && wordsOf(chat).preview}</small>
    </div>
  )
}

const lineOf = (chat: Chat, event: ChatEvent, before: ChatEvent | undefined): VNode => {
  const day = dayOf(event.at)
  const isNew = before === undefined || dayOf(before.at) !== day
  return (
    <div key={event.seq} class="line">
      {isNew && <p class="day">{day}</p>}
      <Stored chat={chat} event={event} />
    </div>
  )
}

/** Lines of stored messages. Each is made once: a message does not change, and a long conversation has thousands. */
const useLines = (chat: Chat): readonly VNode[] => {
  const made = useRef(new Map<ChatEvent, VNode>())
  const all = chat.events.value
  if (all.length === 0) made.current.clear()
  return all.map((event, at) => {
    const line = made.current.get(event) ?? lineOf(chat, event, all[at - 1])
    made.current.set(event, line)
    return line
  })
}

/** Keeps the log at its end until the reader scrolls up. */
const useFollowing = (log: RefObject<HTMLDivElement | null>, chat: Chat) => {
  const follows = useRef(true)
  const hasMore = useSignal(false)
  const unsent = chat.outbox.unsent.value.length
  const toEnd = (): void => {
    if (log.current !== null) log.current.scrollTop = log.current.scrollHeight
  }
  useLayoutEffect(() => {
    // What the visitor wrote is always shown.
    if (unsent > 0) follows.current = true
  }, [unsent])
  useLayoutEffect(() => {
    if (follows.current) toEnd()
    else hasMore.value = true
  }, [chat.events.value.length, unsent])
  useEffect(() => {
    const field = log.current
    const content = field?.firstElementChild
    if (field === null || content === null || content === undefined) return undefined
    // Pictures that load, the keyboard and a longer draft take room from the log.
    const watch = new ResizeObserver(() => {
      if (follows.current) toEnd()
    })
    watch.observe(field)
    watch.observe(content)
    return () => watch.disconnect()
  }, [])
  const onScroll = (): void => {
    const field = log.current
    if (field === null) return
    follows.current = field.scrollHeight - field.scrollTop - field.clientHeight < nearEnd
    if (follows.current) hasMore.value = false
  }
  return { hasMore, onScroll, toEnd }
}

/** The conversation. */
export const Log = ({ chat }: { readonly chat: Chat }) => {
  const { outbox, isFilled } = chat
  const said = wordsOf(chat)
  const log = useRef<HTMLDivElement>(null)
  const { hasMore, onScroll, toEnd } = useFollowing(log, chat)
  const lines = useLines(chat)
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
          {lines}
          {outbox.unsent.value.map((one) => (
            <div key={one.id} class="line">
              <Waiting chat={chat} unsent={one} />
            </div>
          ))}
        </div>
      </div>
      <button class="jump" type="button" hidden={!hasMore.value} onClick={toEnd}>
        {said.jump}
      </button>
      <Preview chat={chat} />
      <Typing chat={chat} />
    </div>
  )
}
