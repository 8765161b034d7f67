import Form from 'antd/es/form'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import { present } from '../api/present.ts'
import { answerOf, v1 } from '../api/v1.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/admin.ts'
import { momentOf } from './calendar-words.ts'
import { once, useAdminAct } from './use-admin.ts'

const types = ['csat', 'nps', 'choice'] as const

interface Asked {
  readonly title: string
  readonly type: (typeof types)[number]
  readonly zh: string
  readonly en?: string
  readonly options?: string
  readonly endsAt: string
  readonly percent: number
  readonly mostADay: number
}

const optionsOf = (text = '') =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((zh) => ({ zh }))

const bodyOf = ({ title, type, zh, en = '', options, endsAt, percent, mostADay }: Asked) => ({
  ...{ title: title.trim(), audience: {}, share: percent / 100, mostADay },
  question: {
    type,
    wording: { zh: zh.trim(), ...(en.trim() === '' ? {} : { en: en.trim() }) },
    ...(type === 'choice' ? { options: optionsOf(options) } : {}),
  },
  endsAt: momentOf(endsAt) ?? '',
})

/** What is asked, in whose words, and how it is answered. */
const QuestionFields = ({ isChoice }: { readonly isChoice: boolean }) => {
  const t = useWords()
  const needed = [{ required: true, whitespace: true, message: t('campaigns.needed') }]
  return (
    <>
      <Form.Item name="zh" label={t('campaigns.question')} rules={needed}>
        <Input.TextArea maxLength={300} rows={2} />
      </Form.Item>
      <Form.Item name="en" label={t('campaigns.question.en')}>
        <Input.TextArea maxLength={300} rows={2} />
      </Form.Item>
      <Form.Item name="type" label={t('campaigns.type')}>
        <Select options={types.map((value) => ({ value, label: t(`campaigns.type.${value}`) }))} />
      </Form.Item>
      {isChoice ? (
        <Form.Item name="options" label={t('campaigns.options')} rules={needed}>
          <Input.TextArea rows={4} />
        </Form.Item>
      ) : null}
    </>
  )
}

/** Makes the draft of a campaign; nobody is asked before it is started. */
export const CampaignForm = ({ close }: { readonly close: () => void }) => {
  const t = useWords()
  const [form] = Form.useForm<Asked>()
  const type = Form.useWatch('type', form)
  const save = useAdminAct(
    (asked: Asked) =>
      answerOf(v1.POST('/surveys/campaigns', { params: { header: once() }, body: bodyOf(asked) })),
    'done.saved',
  )
  const needed = [{ required: true, whitespace: true, message: t('campaigns.needed') }]
  const liesAhead = async (_: unknown, typed: string): Promise<void> => {
    const at = momentOf(typed)
    if (at === undefined || Date.parse(at) <= present())
      return Promise.reject(new Error(t('campaigns.later')))
  }
  const { askClose, stays } = useAskClose(() => form.isFieldsTouched(), close)
  return (
    <Modal
      open
      title={t('campaigns.new')}
      okText={t('admin.save')}
      cancelText={t('cancel')}
      confirmLoading={save.isPending}
      onOk={form.submit}
      {...stays}
      onCancel={askClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ type: 'csat', percent: 100, mostADay: 200 }}
        onFinish={(asked) => save.mutate(asked, { onSuccess: close })}
      >
        <Form.Item name="title" label={t('campaigns.name')} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
        <QuestionFields isChoice={type === 'choice'} />
        <Form.Item name="endsAt" label={t('campaigns.ends')} rules={[{ validator: liesAhead }]}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="percent" label={t('campaigns.share')}>
          <InputNumber min={1} max={100} />
        </Form.Item>
        <Form.Item name="mostADay" label={t('campaigns.most')}>
          <InputNumber min={1} max={100_000} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
