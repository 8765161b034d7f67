import { lazy, Suspense, useState } from 'react'
import type { TicketDetail } from '../api/desk.ts'
import { useWords } from '../words/index.ts'

const Hints = lazy(async () => ({ default: (await import('../hints/hints.tsx')).Hints }))

const storageKey = 'tongda.hints'

const wasOpen = (): boolean => {
  try {
    return localStorage.getItem(storageKey) === 'open'
  } catch {
    return false
  }
}

const remember = (isOpen: boolean): void => {
  try {
    localStorage.setItem(storageKey, isOpen ? 'open' : 'closed')
  } catch {
    // Private windows forget.
  }
}

/**
 * Hints for whoever answers. Folded until somebody wants them, in this browser from then on: opening a conversation costs
 * one request, and these cost two more.
 */
export const FoldedHints = ({ detail }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  const [isOpen, setOpen] = useState(wasOpen)
  return (
    <details
      className="hints"
      open={isOpen}
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open)
        remember(currentTarget.open)
      }}
    >
      <summary>{t('ticket.hints')}</summary>
      <Suspense>{isOpen ? <Hints detail={detail} /> : null}</Suspense>
    </details>
  )
}
