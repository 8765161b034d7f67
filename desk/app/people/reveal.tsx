import { EyeOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'

/** What the server leaves of a telephone, a card, a mail address, a passport. */
const traces =
  /[\d零〇一二三四五六七八九幺两]{3}\*{4,}|(?<![\d*])\*{4}\d{4}|-\*{4}\d{4}|\*{3}@|[A-Za-z]\*{5,9}\d{2}/

/** True when something masked stands in what is shown. */
export const isMasked = (shown: unknown): boolean => traces.test(JSON.stringify(shown))

interface RevealProps<Answer> {
  /** What is shown; without something masked in it there is nothing to reveal. */
  readonly shown: unknown
  readonly ask: (reason: string) => Promise<Answer>
  readonly show: (answer: Answer) => void
}

/** Shows in full what is masked: each time with a reason, which is recorded. */
export const Reveal = <Answer,>({ shown, ask, show }: RevealProps<Answer>) => {
  const t = useWords()
  const { may } = useSession()
  const { message } = App.useApp()
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<{ readonly reason: string }>()
  const reveal = useMutation({
    mutationFn: ask,
    onSuccess: (answer) => {
      setOpen(false)
      show(answer)
    },
    onError: (error) => void message.error(explain(error, t)),
  })
  if (!may('personal.reveal') || !isMasked(shown)) return null
  return (
    <>
      <Button
        size="small"
        icon={<EyeOutlined aria-hidden="true" />}
        onClick={() => {
          setOpen(true)
        }}
      >
        {t('reveal')}
      </Button>
      <Modal
        open={open}
        title={t('reveal.title')}
        okText={t('reveal')}
        cancelText={t('cancel')}
        confirmLoading={reveal.isPending}
        onOk={form.submit}
        onCancel={() => {
          setOpen(false)
        }}
        destroyOnHidden
      >
        <p>{t('reveal.hint')}</p>
        <Form
          form={form}
          layout="vertical"
          preserve={false}
          onFinish={({ reason }) => {
            reveal.mutate(reason.trim())
          }}
        >
          <Form.Item
            name="reason"
            label={t('reveal.reason')}
            rules={[{ required: true, whitespace: true, min: 2, message: t('reveal.missing') }]}
          >
            <Input.TextArea rows={2} maxLength={500} />
          </Form.Item>
        </Form>
      </Modal>
    </>
  )
}
