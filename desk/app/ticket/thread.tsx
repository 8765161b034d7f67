import { useEffect, useRef } from 'react'
import { VList, type VListHandle } from 'virtua'
import type { TicketDetail } from '../api/desk.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'
import { Message } from './message.tsx'

/** Nearer to the end than this, in pixels, what comes is followed. */
const nearPx = 80

/** What was said, oldest first; stays at the end while the reader is there. */
export const Thread = ({ detail: { messages, ticket } }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  const list = useRef<VListHandle>(null)
  const following = useRef(true)
  const { agent } = useSession()
  const count = messages.length
  // What was just said here is to be seen.
  const isOwn = messages.at(-1)?.agentId === agent.id
  useEffect(() => {
    if ((following.current || isOwn) && count > 0) list.current?.scrollToIndex(count - 1, { align: 'end' })
  }, [count, isOwn])
  const follow = (offset: number): void => {
    const { scrollSize = 0, viewportSize = 0 } = list.current ?? {}
    following.current = scrollSize - offset - viewportSize < nearPx
  }
  return (
    <div className="thread" role="log" aria-label={t('thread.label')} tabIndex={0}>
      <VList ref={list} className="thread-rows" onScroll={follow}>
        {messages.map((message) => (
          <Message key={message.id} message={message} contactName={ticket.contactName} />
        ))}
      </VList>
    </div>
  )
}
