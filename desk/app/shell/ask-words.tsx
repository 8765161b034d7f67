import { Form, Input, Modal } from 'antd'
import { useWords } from '../words/index.ts'

interface AskWordsProps {
  readonly title: string
  readonly label: string
  readonly ok: string
  readonly pending: boolean
  readonly finish: (words: string) => void
  readonly close: () => void
}

/** Asks for a few words that others will read: a reason, a note. */
export const AskWords = ({ title, label, ok, pending, finish, close }: AskWordsProps) => {
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
          rules={[{ required: true, whitespace: true, message: t('article.missing') }]}
        >
          <Input.TextArea rows={3} maxLength={500} dir="auto" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
