import Modal from 'antd/es/modal'
import Radio from 'antd/es/radio'
import { useState } from 'react'
import type { TicketView } from '../api/desk.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/batch.ts'
import { patchTicket } from './change-ticket.ts'
import type { DialogProps } from './dialog-props.ts'
import { useBatch, whatOf } from './use-batch.ts'

const priorities = ['normal', 'high', 'urgent'] as const

/** Says how much tickets press. */
export const Priority = ({ tickets, close }: DialogProps) => {
  const t = useWords()
  const [first] = useState<TicketView['priority']>(tickets[0]?.priority ?? 'normal')
  const [priority, choose] = useState(first)
  const batch = useBatch()
  const what = whatOf(tickets, t)
  const { askClose, stays } = useAskClose(() => priority !== first, close)
  const finish = (): void => {
    const changing = tickets.filter((ticket) => ticket.priority !== priority)
    if (changing.length === 0) close()
    else
      batch.mutate(
        {
          tickets: changing,
          change: (ticket) => patchTicket(ticket, { priority }, { priority: ticket.priority }),
          says: (changed) => t('batch.done.priority', { what: changed }),
        },
        { onSuccess: close },
      )
  }
  return (
    <Modal
      open
      title={t('priority.title', { what })}
      okText={t('save')}
      cancelText={t('cancel')}
      confirmLoading={batch.isPending}
      onOk={finish}
      {...stays}
      onCancel={askClose}
    >
      <div
        onKeyDown={(event) => {
          if (event.key === 'Enter') finish()
        }}
      >
        <Radio.Group
          value={priority}
          aria-label={t('info.priority')}
          onChange={({ target }) => {
            choose(priorities.find((one) => one === target.value) ?? 'normal')
          }}
        >
          {priorities.map((one) => (
            <Radio key={one} value={one} autoFocus={one === priority}>
              {t(`priority.${one}`)}
            </Radio>
          ))}
        </Radio.Group>
      </div>
    </Modal>
  )
}
