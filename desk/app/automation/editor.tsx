import Form, { type FormInstance } from 'antd/es/form'
import Modal from 'antd/es/modal'
import type { ReactNode } from 'react'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/automation.ts'

interface EditorProps<Typed extends object> {
  readonly title: string
  readonly form: FormInstance<Typed>
  readonly initial: Typed
  readonly pending: boolean
  readonly finish: (typed: Typed) => void
  readonly close: () => void
  readonly children: ReactNode
}

/** A large dialog with a form; what was typed goes only when asked. */
export const Editor = <Typed extends object>(props: EditorProps<Typed>) => {
  const { title, form, initial, pending, finish, close, children } = props
  const t = useWords()
  const { askClose, stays } = useAskClose(() => form.isFieldsTouched(), close)
  return (
    <Modal
      open
      width={760}
      title={title}
      okText={t('admin.save')}
      cancelText={t('cancel')}
      confirmLoading={pending}
      {...stays}
      onOk={form.submit}
      onCancel={askClose}
    >
      <Form<Typed> form={form} layout="vertical" initialValues={initial} scrollToFirstError onFinish={finish}>
        {children}
      </Form>
    </Modal>
  )
}
