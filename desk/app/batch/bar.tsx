import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useEffect } from 'react'
import type { TicketView } from '../api/desk.ts'
import { useSelection } from '../inbox/selection.ts'
import { useKeys } from '../shell/keys.ts'
import { useAriaKeys } from '../shell/preferences.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'
import { solveTicket } from './change-ticket.ts'
import { useBatchDialog } from './keys.tsx'
import { useBatch, useFailed } from './use-batch.ts'

interface BarProps {
  readonly selected: readonly TicketView[]
  /** Everything that the list shows. */
  readonly all: readonly TicketView[]
}

/** What can be done with the tickets that are selected; each button says to how many. */
export const BatchBar = ({ selected, all }: BarProps) => {
  const t = useWords()
  const { may } = useSession()
  const ariaKeys = useAriaKeys()
  const set = useSelection((state) => state.set)
  const failed = useFailed()
  const batch = useBatch()
  const { show, element } = useBatchDialog(selected)
  const n = selected.length
  const solve = (): void => {
    if (!batch.isPending)
      batch.mutate({
        tickets: selected,
        change: solveTicket,
        says: (what) => t('batch.done.solve', { what }),
      })
  }
  const acts = {
    assign: may('ticket.take') ? () => show('assign') : undefined,
    tag: may('ticket.change') ? () => show('tag') : undefined,
    priority: may('ticket.change') ? () => show('priority') : undefined,
    solve: may('ticket.solve') ? solve : undefined,
  }
  useKeys(acts, true)
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && document.activeElement?.closest('.list') != null) set([])
    }
    document.addEventListener('keydown', hear)
    return () => {
      document.removeEventListener('keydown', hear)
    }
  }, [set])
  return (
    <div className="batch" role="toolbar" aria-label={t('batch.bar')}>
      <p role="status">{t(batch.isPending ? 'batch.working' : 'selected', { n })}</p>
      {(['assign', 'tag', 'priority', 'solve'] as const).map((act) =>
        acts[act] === undefined ? null : (
          <Button
            key={act}
            size="small"
            disabled={batch.isPending}
            aria-keyshortcuts={ariaKeys(act)}
            onClick={acts[act]}
          >
            {t(`batch.${act}`, { n })}
          </Button>
        ),
      )}
      {n === all.length ? null : (
        <Button size="small" onClick={() => set(all.map(({ id }) => id))}>
          {t('select.all', { n: all.length })}
        </Button>
      )}
      <Button size="small" onClick={() => set([])}>
        {t('select.none')}
      </Button>
      {failed.length === 0 ? null : (
        <Alert
          type="error"
          role="alert"
          title={t('batch.failed', { n: failed.length })}
          description={failed.map((line) => (
            <p key={line}>{line}</p>
          ))}
        />
      )}
      {element}
    </div>
  )
}
