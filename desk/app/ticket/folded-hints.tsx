import { lazy, Suspense, useState } from 'react'
import type { TicketDetail } from '../api/desk.ts'
import { keepLocal, readLocal } from '../shell/local.ts'
import { useWords } from '../words/index.ts'

const Hints = lazy(async () => ({ default: (await import('../hints/hints.tsx')).Hints }))

const storageKey = 'tongda.hints'

/**
 * Hints for whoever answers. Folded until somebody wants them, in this browser from then on: opening a conversation costs
 * one request, and these cost two more.
 */
export const FoldedHints = ({ detail }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  const [isOpen, setOpen] = useState(() => readLocal(storageKey) === 'open')
  return (
    <details
      className="hints"
      open={isOpen}
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open)
        keepLocal(storageKey, currentTarget.open ? 'open' : undefined)
      }}
    >
      <summary>{t('ticket.hints')}</summary>
      <Suspense>{isOpen ? <Hints detail={detail} /> : null}</Suspense>
    </details>
  )
}
