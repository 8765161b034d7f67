import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import type { TicketView } from '../api/desk.ts'
import { answerOf, v1 } from '../api/v1.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/index.ts'
import { useChange } from './use-change.ts'

const kinds = ['related', 'duplicate', 'continues'] as const
/** As people write a ticket's number; the T may be left out. */
const numberPattern = /^\s*(?:t-?)?(\d{1,9})\s*$/i

const numberOf = (text: string): string => `T-${numberPattern.exec(text)?.[1] ?? ''}`

interface Asked {
  readonly number: string
  readonly kind?: (typeof kinds)[number]
}

interface RelateProps {
  readonly ticket: TicketView
  /** `merge`: the other one goes on for both. */
  readonly how: 'merge' | 'link'
  readonly close: () => void
}

/** Brings two tickets together: as one, or by a link. */
export const Relate = ({ ticket, how, close }: RelateProps) => {
  const t = useWords()
  const [form] = Form.useForm<Asked>()
  const relate = useChange(ticket, `done.${how}`)
  const { askClose, stays } = useAskClose(() => form.isFieldsTouched(), close)
  const finish = ({ number, kind = 'related' }: Asked): void => {
    const other = numberOf(number)
    relate.mutate(
      (params) =>
        answerOf(
          how === 'merge'
            ? v1.POST('/tickets/{id}/merge', { params, body: { into: other } })
            : v1.POST('/tickets/{id}/link', { params, body: { to: other, kind } }),
        ),
      { onSuccess: close },
    )
  }
  return (
    <Modal
      open
      title={`${t(`action.${how}`)} T-${ticket.number}`}
      okText={t(`action.${how}`)}
      cancelText={t('cancel')}
      confirmLoading={relate.isPending}
      onOk={form.submit}
      {...stays}
      onCancel={askClose}
    >
      <p>{t(`${how}.hint`)}</p>
      <Form form={form} layout="vertical" onFinish={finish} initialValues={{ kind: 'related' }}>
        <Form.Item
          name="number"
          label={t('relate.number')}
          rules={[{ required: true, pattern: numberPattern, message: t('relate.number.fault') }]}
        >
          <Input placeholder="T-1001" />
        </Form.Item>
        {how === 'merge' ? null : (
          <Form.Item name="kind" label={t('relate.kind')}>
            <Select options={kinds.map((kind) => ({ value: kind, label: t(`relation.${kind}`) }))} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  )
}
