import Checkbox from 'antd/es/checkbox'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import type { MessageView, TicketDetail } from '../api/desk.ts'
import { answerOf, v1 } from '../api/v1.ts'
import { shortTime } from '../shell/time.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords, type Translate } from '../words/index.ts'
import { useChange } from './use-change.ts'

/** Newest messages that are offered. */
const most = 50

interface Asked {
  readonly messageIds?: readonly string[]
  readonly title: string
}

const lineOf = ({ parts, createdAt }: MessageView, t: Translate): string => {
  const words = parts.map((part) => (part.kind === 'text' ? part.text : `[${part.kind}]`)).join(' ')
  return `${shortTime(createdAt)} ${words.slice(0, 80) || t('part.unsupported')}`
}

interface SplitProps {
  readonly detail: TicketDetail
  readonly close: () => void
}

/** Makes a ticket of its own out of what the contact wrote about something else. */
export const Split = ({ detail: { ticket, messages }, close }: SplitProps) => {
  const t = useWords()
  const [form] = Form.useForm<Asked>()
  const split = useChange(ticket, 'done.split')
  const { askClose, stays } = useAskClose(() => form.isFieldsTouched(), close)
  const own = messages.filter(({ author }) => author === 'contact').slice(-most)
  const finish = ({ messageIds = [], title }: Asked): void => {
    const body = { messageIds: [...messageIds], title: title.trim() }
    split.mutate((params) => answerOf(v1.POST('/tickets/{id}/split', { params, body })), { onSuccess: close })
  }
  return (
    <Modal
      open
      title={`${t('action.split')} T-${ticket.number}`}
      okText={t('action.split')}
      cancelText={t('cancel')}
      confirmLoading={split.isPending}
      onOk={form.submit}
      {...stays}
      onCancel={askClose}
    >
      <Form form={form} layout="vertical" onFinish={finish}>
        <Form.Item name="title" label={t('split.title')} rules={[{ required: true, whitespace: true }]}>
          <Input maxLength={500} />
        </Form.Item>
        <Form.Item name="messageIds" label={t('split.messages')} rules={[{ required: true }]}>
          <Checkbox.Group className="stack">
            {own.map((message) => (
              <Checkbox key={message.id} value={message.id}>
                <bdi>{lineOf(message, t)}</bdi>
              </Checkbox>
            ))}
          </Checkbox.Group>
        </Form.Item>
      </Form>
    </Modal>
  )
}
