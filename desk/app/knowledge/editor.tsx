import type { FormInstance, FormRule } from 'antd'
import Checkbox from 'antd/es/checkbox'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useWords } from '../words/knowledge.ts'
import type { ArticleFields } from './article-form.ts'

const channels = ['wechat', 'wecom', 'weibo', 'email', 'web', 'telegram'] as const
const idPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
const datePattern = /^\d{4}-\d{2}-\d{2}$/

interface EditorProps {
  readonly form: FormInstance<ArticleFields>
  readonly initial: ArticleFields
  /** Its id is chosen once. */
  readonly isNew: boolean
  readonly readOnly: boolean
}

const Questions = ({ isNew }: Pick<EditorProps, 'isNew'>) => {
  const t = useWords()
  const needed = [{ required: true, whitespace: true, message: t('article.missing') }]
  return (
    <>
      <Form.Item
        name="id"
        label={t('article.id')}
        rules={[{ required: true, pattern: idPattern, message: t('article.id.fault') }]}
      >
        <Input disabled={!isNew} maxLength={60} />
      </Form.Item>
      <Form.Item
        name="topic"
        label={t('article.topic')}
        rules={[{ required: true, pattern: idPattern, message: t('article.id.fault') }]}
      >
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="question" label={t('article.question')} rules={needed}>
        <Input dir="auto" />
      </Form.Item>
      <Form.Item name="similar" label={t('article.similar')} rules={needed}>
        <Input.TextArea rows={8} dir="auto" />
      </Form.Item>
      <Form.Item name="negative" label={t('article.negative')}>
        <Input.TextArea rows={2} dir="auto" />
      </Form.Item>
    </>
  )
}

/** Half an English text is none, and would be lost when it is saved. */
const withOther =
  (other: 'enQuestion' | 'enAnswer', message: string): FormRule =>
  ({ getFieldValue }) => ({
    validator: (_rule, value: string) => {
      const isHalf = value.trim() === '' && String(getFieldValue(other)).trim() !== ''
      return isHalf ? Promise.reject(new Error(message)) : Promise.resolve()
    },
  })

const Answers = () => {
  const t = useWords()
  return (
    <>
      <Form.Item
        name="answer"
        label={t('article.answer')}
        rules={[{ required: true, whitespace: true, message: t('article.missing') }]}
      >
        <Input.TextArea rows={10} dir="auto" />
      </Form.Item>
      <details>
        <summary>{t('article.channel-answer', { channel: '' })}</summary>
        {channels.map((channel) => (
          <Form.Item
            key={channel}
            name={['channels', channel]}
            label={t('article.channel-answer', { channel: t(`channel.${channel}`) })}
          >
            <Input.TextArea rows={4} dir="auto" />
          </Form.Item>
        ))}
      </details>
      <Form.Item
        name="enQuestion"
        label={t('article.en.question')}
        dependencies={['enAnswer']}
        rules={[withOther('enAnswer', t('article.en.both'))]}
      >
        <Input />
      </Form.Item>
      <Form.Item
        name="enAnswer"
        label={t('article.en.answer')}
        dependencies={['enQuestion']}
        rules={[withOther('enQuestion', t('article.en.both'))]}
      >
        <Input.TextArea rows={5} />
      </Form.Item>
    </>
  )
}

const Rest = () => {
  const t = useWords()
  const day = [{ pattern: datePattern, message: t('article.day.fault') }]
  return (
    <>
      <Form.Item name="tags" label={t('article.tags')}>
        <Select mode="tags" tokenSeparators={[',', '，', '、']} />
      </Form.Item>
      <Form.Item name="followups" label={t('article.followups')}>
        <Select mode="tags" tokenSeparators={[',', '，', ' ']} />
      </Form.Item>
      <Form.Item name="from" label={t('article.from')} rules={day}>
        <Input placeholder="YYYY-MM-DD" />
      </Form.Item>
      <Form.Item name="until" label={t('article.until')} rules={day}>
        <Input placeholder="YYYY-MM-DD" />
      </Form.Item>
      <Form.Item name="handoff" valuePropName="checked">
        <Checkbox>{t('article.handoff')}</Checkbox>
      </Form.Item>
      <Form.Item name="urgent" valuePropName="checked">
        <Checkbox>{t('article.urgent')}</Checkbox>
      </Form.Item>
    </>
  )
}

/** The fields of an article. */
export const Editor = ({ form, initial, isNew, readOnly }: EditorProps) => (
  <Form form={form} layout="vertical" initialValues={initial} disabled={readOnly} scrollToFirstError>
    <Questions isNew={isNew} />
    <Answers />
    <Rest />
  </Form>
)
