import DatePicker from 'antd/es/date-picker'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import type { TicketView } from '../api/desk.ts'
import { answerOf, v1 } from '../api/v1.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/index.ts'
import { useChange } from './use-change.ts'

interface Asked {
  readonly reason: string
  /** As the picker gives it. */
  readonly until?: Pick<Date, 'toISOString'> | null
}

interface HoldProps {
  readonly ticket: TicketView
  readonly close: () => void
}

/** Lets a ticket wait for somebody else; it comes back by itself at the moment that is chosen. */
export const Hold = ({ ticket, close }: HoldProps) => {
  const t = useWords()
  const [form] = Form.useForm<Asked>()
  const hold = useChange(ticket, 'done.hold')
  const { askClose, stays } = useAskClose(() => form.isFieldsTouched(), close)
  const finish = ({ reason, until }: Asked): void => {
    const moment = until?.toISOString()
    const body = { reason: reason.trim(), ...(moment === undefined ? {} : { until: moment }) }
    hold.mutate((params) => answerOf(v1.POST('/tickets/{id}/hold', { params, body })), { onSuccess: close })
  }
  return (
    <Modal
      open
      title={`${t('action.hold')} T-${ticket.number}`}
      okText={t('action.hold')}
      cancelText={t('cancel')}
      confirmLoading={hold.isPending}
      onOk={form.submit}
      {...stays}
      onCancel={askClose}
    >
      <Form form={form} layout="vertical" onFinish={finish}>
        <Form.Item name="reason" label={t('hold.reason')} rules={[{ required: true, whitespace: true }]}>
          <Input maxLength={500} />
        </Form.Item>
        <Form.Item name="until" label={t('hold.until')}>
          <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
