import { lazy, Suspense, useState } from 'react'
import type { MessageView, TicketDetail } from '../api/desk.ts'
import { useWords } from '../words/index.ts'

const TraceSteps = lazy(async () => ({ default: (await import('./trace-steps.tsx')).TraceSteps }))

/** How long the bot took for a message, in one line; open, each step of the way. Nothing where nobody measured. */
export const TraceLine = ({ message }: { readonly message: MessageView }) => {
  const t = useWords()
  const [isOpen, setOpen] = useState(false)
  const { trace } = message
  if (trace === undefined) return null
  const { totalMs, end, attempts, outboxIds } = trace
  const retries = attempts - outboxIds.length
  const facts = [
    end === 'sent' ? undefined : t(`trace.end.${end}`),
    end !== 'none' && retries > 0 ? t('trace.retried', { n: retries }) : undefined,
  ].filter((fact) => fact !== undefined)
  return (
    <details className="trace" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {t('trace.took', { ms: Math.round(totalMs) })}
        {facts.length === 0 ? null : <span className="quiet"> {facts.join(' · ')}</span>}
      </summary>
      <Suspense>{isOpen ? <TraceSteps message={message} trace={trace} /> : null}</Suspense>
    </details>
  )
}

/** The way of the last message that the bot decided on. */
export const LatestTrace = ({ detail: { messages } }: { readonly detail: TicketDetail }) => {
  const last = messages.findLast(({ trace }) => trace !== undefined)
  return last === undefined ? null : <TraceLine key={last.id} message={last} />
}
