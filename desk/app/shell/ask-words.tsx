import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import { useWords } from '../words/index.ts'

interface AskWordsProps {
  readonly title: string
  readonly label: string
  /** What to know before. */
  readonly hint?: string
  /** Said when nothing was written. */
  readonly missing?: string
  readonly ok: string
  readonly pending: boolean
  readonly finish: (words: string) => void
  readonly close: () => void
}

/** Asks for a few words that others will read: a reason, a note. */
export const AskWords = ({ title, label, hint, missing, ok, pending, finish, close }: AskWordsProps) => {
  const t = useWords()
  const [form] = Form.useForm<{ readonly words: string }>()
  return (
    <Modal
      open
      title={title}
      okText={ok}
      cancelText={t('cancel')}
      confirmLoading={pending}
      onOk={form.submit}
      onCancel={close}
    >
      {hint === undefined ? null : <p>{hint}</p>}
      <Form
        form={form}
        layout="vertical"
        onFinish={({ words }) => {
          finish(words.trim())
        }}
      >
        <Form.Item
          name="words"
          label={label}
          rules={[{ required: true, whitespace: true, min: 2, message: missing ?? t('article.missing') }]}
        >
          <Input.TextArea rows={3} maxLength={500} dir="auto" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
