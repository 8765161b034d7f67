import { MoreOutlined } from '@ant-design/icons'
import Button from 'antd/es/button'
import Dropdown from 'antd/es/dropdown'
import { lazy, Suspense, useState } from 'react'
import type { TicketDetail } from '../api/desk.ts'
import { answerOf, v1 } from '../api/v1.ts'
import { useKeys } from '../shell/keys.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'
import { isDone } from './allowed.ts'
import { useChange } from './use-change.ts'

// Each is needed now and then, and brings components of its own.
const Hold = lazy(async () => ({ default: (await import('./hold.tsx')).Hold }))
const Macros = lazy(async () => ({ default: (await import('./macros.tsx')).Macros }))
const Relate = lazy(async () => ({ default: (await import('./relate.tsx')).Relate }))
const Split = lazy(async () => ({ default: (await import('./split.tsx')).Split }))

const dialogs = ['macro', 'hold', 'split', 'merge', 'link'] as const
type Dialog = (typeof dialogs)[number]

const Shown = ({
  dialog,
  detail,
  close,
}: MoreProps & { readonly dialog: Dialog; readonly close: () => void }) => {
  const { ticket } = detail
  switch (dialog) {
    case 'macro':
      return <Macros ticket={ticket} close={close} />
    case 'hold':
      return <Hold ticket={ticket} close={close} />
    case 'split':
      return <Split detail={detail} close={close} />
    case 'merge':
    case 'link':
      return <Relate ticket={ticket} how={dialog} close={close} />
    default:
      return dialog satisfies never
  }
}

interface MoreProps {
  readonly detail: TicketDetail
}

/** What is done with a ticket now and then. */
export const More = ({ detail }: MoreProps) => {
  const t = useWords()
  const { may } = useSession()
  const { ticket } = detail
  const [dialog, setDialog] = useState<Dialog>()
  const resume = useChange(ticket, 'done.resume')
  const mayHold = may('ticket.change') && !isDone(ticket)
  useKeys({ snooze: mayHold ? () => setDialog('hold') : undefined })
  if (!may('ticket.change')) return null
  const offered = dialogs.filter((one) => one === 'link' || !isDone(ticket))
  const items = [
    ...(ticket.state === 'on_hold'
      ? [
          {
            key: 'resume',
            label: t('action.resume'),
            onClick: () => {
              resume.mutate((params) => answerOf(v1.POST('/tickets/{id}/resume', { params })))
            },
          },
        ]
      : []),
    ...offered.map((one) => ({
      key: one,
      label: t(`action.${one}`),
      onClick: () => {
        setDialog(one)
      },
    })),
  ]
  return (
    <>
      <Dropdown menu={{ items }} trigger={['click']}>
        <Button icon={<MoreOutlined />} aria-label={t('more')} />
      </Dropdown>
      {dialog === undefined ? null : (
        <Suspense fallback={null}>
          <Shown
            {...{ dialog, detail }}
            close={() => {
              setDialog(undefined)
            }}
          />
        </Suspense>
      )}
    </>
  )
}
