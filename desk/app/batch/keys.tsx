import { lazy, Suspense, useState } from 'react'
import type { TicketView } from '../api/desk.ts'
import { useKeys } from '../shell/keys.ts'
import { useSession } from '../shell/session.ts'
import type { DialogProps } from './dialog-props.ts'

const dialogs = () => import('./index.ts')
// Each is needed now and then, and brings components of its own.
const shown = {
  assign: lazy(async () => ({ default: (await dialogs()).Assign })),
  tag: lazy(async () => ({ default: (await dialogs()).Tags })),
  priority: lazy(async () => ({ default: (await dialogs()).Priority })),
}
type Dialog = keyof typeof shown

/** The dialogs that change one or several tickets, opened by name. */
export const useBatchDialog = (tickets: readonly TicketView[]) => {
  const [open, setOpen] = useState<{ readonly dialog: Dialog; readonly tickets: readonly TicketView[] }>()
  const close = (): void => {
    setOpen(undefined)
  }
  const Shown = open === undefined ? undefined : shown[open.dialog]
  // Those that it was opened for: the list goes on moving meanwhile.
  const props: DialogProps = { tickets: open?.tickets ?? [], close }
  return {
    show: (dialog: Dialog): void => {
      setOpen({ dialog, tickets })
    },
    element:
      Shown === undefined ? null : (
        <Suspense fallback={null}>
          <Shown {...props} />
        </Suspense>
      ),
  }
}

/** The keys that change tickets: the open one, the one in the list, or with `over` those that are selected. */
export const BatchKeys = ({
  tickets,
  over = false,
}: {
  readonly tickets: readonly TicketView[]
  readonly over?: boolean
}) => {
  const { may } = useSession()
  const { show, element } = useBatchDialog(tickets)
  const changes = may('ticket.change')
  useKeys(
    {
      assign: may('ticket.take') ? () => show('assign') : undefined,
      tag: changes ? () => show('tag') : undefined,
      priority: changes ? () => show('priority') : undefined,
    },
    over,
  )
  return element
}
