import App from 'antd/es/app'
import Form, { type FormInstance } from 'antd/es/form'
import Modal from 'antd/es/modal'
import { useEffect, useRef, type ReactNode } from 'react'
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
  const { modal } = App.useApp()
  const isAsking = useRef(false)
  const askClose = async (): Promise<void> => {
    if (isAsking.current) return
    isAsking.current = true
    const isEmpty = !form.isFieldsTouched()
    const sure =
      isEmpty ||
      (await modal.confirm({
        title: t('rules.leave'),
        okText: t('rules.leave.yes'),
        cancelText: t('rules.leave.no'),
      }))
    isAsking.current = false
    if (sure) close()
  }
  // The dialog's own Escape hears of the key once a list was closed by it, and would close the form as well.
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const { key, isComposing, target } = event
      if (key !== 'Escape' || isComposing || isAsking.current) return
      if (target instanceof Element && target.getAttribute('aria-expanded') === 'true') return
      // The question that this brings up would be answered by the same key.
      event.stopPropagation()
      void askClose()
    }
    addEventListener('keydown', hear, { capture: true })
    return () => removeEventListener('keydown', hear, { capture: true })
  })
  return (
    <Modal
      open
      width={760}
      title={title}
      okText={t('admin.save')}
      cancelText={t('cancel')}
      confirmLoading={pending}
      mask={{ closable: false }}
      keyboard={false}
      onOk={form.submit}
      onCancel={() => void askClose()}
    >
      <Form<Typed> form={form} layout="vertical" initialValues={initial} scrollToFirstError onFinish={finish}>
        {children}
      </Form>
    </Modal>
  )
}
