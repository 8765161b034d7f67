import Checkbox from 'antd/es/checkbox'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import { useState, type ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { keys } from '../api/queries.ts'
import { answerOf, v1 } from '../api/v1.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/index.ts'
import type { Incident, IncidentAct, Spike, Wording } from './use-incidents.ts'

const maxTitle = 100
const maxWords = 600

interface Words {
  readonly zh?: string
  readonly en?: string
}

/** Chinese first; English only where something was written. */
const wordingOf = ({ zh = '', en = '' }: Words): Wording | undefined => {
  if (zh.trim() === '') return undefined
  return en.trim() === '' ? { zh: zh.trim() } : { zh: zh.trim(), en: en.trim() }
}

const listOf = (text = ''): string[] => [...new Set(text.split(/[,，、\s]+/).filter((one) => one !== ''))]

interface Facts {
  readonly title?: Words
  readonly notice?: Words
  readonly topics?: string
  readonly channels?: string
  readonly gather?: boolean
}

const factsOf = ({ title = {}, notice = {}, topics, channels }: Facts) => {
  const [name, words] = [wordingOf(title), wordingOf(notice)]
  return {
    ...(name === undefined ? {} : { title: name }),
    ...(words === undefined ? {} : { notice: words }),
    topics: listOf(topics),
    channels: listOf(channels) as Incident['channels'],
  }
}

/** What is not as it was: a colleague may have changed the rest meanwhile. */
const changedIn = <Whole extends object>(now: Whole, before: Whole): Partial<Whole> => {
  const was = new Map(Object.entries(before).map(([name, value]) => [name, JSON.stringify(value)]))
  const changed = Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== was.get(name))
  return Object.fromEntries(changed) as Partial<Whole>
}

interface AskProps<Values extends object> {
  readonly title: string
  readonly ok: string
  readonly initial: Values
  readonly finish: (values: Values) => void
  readonly close: () => void
  readonly pending: boolean
  readonly children: ReactNode
}

/** A dialog with a form. */
const Ask = <Values extends object>({
  title,
  ok,
  initial,
  finish,
  close,
  pending,
  children,
}: AskProps<Values>) => {
  const t = useWords()
  const [form] = Form.useForm<Values>()
  const { askClose, stays } = useAskClose(() => form.isFieldsTouched(), close)
  return (
    <Modal
      open
      title={title}
      okText={ok}
      cancelText={t('cancel')}
      confirmLoading={pending}
      onOk={form.submit}
      {...stays}
      onCancel={askClose}
    >
      <Form<Values> form={form} layout="vertical" initialValues={initial} onFinish={finish}>
        {children}
      </Form>
    </Modal>
  )
}

/** What an incident is called, what contacts hear, whom it is about. `isNew`: words may be left to the product. */
const FactFields = ({ isNew }: { readonly isNew: boolean }) => {
  const t = useWords()
  const rules = isNew ? [] : [{ required: true }]
  const placeholder = isNew ? t('incident.usual') : ''
  return (
    <>
      <Form.Item name={['title', 'zh']} label={t('incident.title')} rules={rules}>
        <Input maxLength={maxTitle} placeholder={placeholder} />
      </Form.Item>
      <Form.Item name={['title', 'en']} label={t('incident.title.en')}>
        <Input maxLength={maxTitle * 2} />
      </Form.Item>
      <Form.Item name={['notice', 'zh']} label={t('incident.notice')} rules={rules}>
        <Input.TextArea rows={3} maxLength={maxWords} placeholder={placeholder} />
      </Form.Item>
      <Form.Item name={['notice', 'en']} label={t('incident.notice.en')}>
        <Input.TextArea rows={3} maxLength={maxWords * 2} />
      </Form.Item>
      <Form.Item name="topics" label={t('incident.topics')}>
        <Input />
      </Form.Item>
      <Form.Item name="channels" label={t('incident.channels')}>
        <Input />
      </Form.Item>
    </>
  )
}

interface FormProps {
  readonly act: (wanted: IncidentAct) => void
  readonly close: () => void
  readonly pending: boolean
}

/** Declares an incident, from a spike or by hand. */
export const DeclareForm = ({
  spike,
  act,
  close,
  pending,
}: FormProps & { readonly spike: Spike | undefined }) => {
  const t = useWords()
  const initial: Facts = { topics: spike?.topic ?? '', channels: spike?.channel ?? '', gather: true }
  const finish = (facts: Facts): void => {
    const from = spike === undefined ? {} : { spikeId: spike.id }
    act({ act: 'declare', body: { ...factsOf(facts), gather: facts.gather ?? true, ...from } })
  }
  return (
    <Ask {...{ title: t('incident.declare'), ok: t('incident.declare'), initial, finish, close, pending }}>
      <FactFields isNew />
      <Form.Item name="gather" valuePropName="checked">
        <Checkbox>{t('incident.gather')}</Checkbox>
      </Form.Item>
    </Ask>
  )
}

/** Changes what an incident is called, says and covers. */
export const ChangeForm = ({
  incident,
  act,
  close,
  pending,
}: FormProps & { readonly incident: Incident }) => {
  const t = useWords()
  const { title, notice, topics, channels, number } = incident
  // As it was opened: the incident may change meanwhile, and what stands in the form does not.
  const [initial] = useState<Facts>({
    ...{ title, notice },
    ...{ topics: topics.join(', '), channels: channels.join(', ') },
  })
  const finish = (facts: Facts): void => {
    const body = changedIn(factsOf(facts), factsOf(initial))
    if (Object.keys(body).length === 0) close()
    else act({ act: 'change', incident, body })
  }
  const name = t('incident.change')
  return (
    <Ask {...{ title: `${name} I-${number}`, ok: name, initial, finish, close, pending }}>
      <FactFields isNew={false} />
    </Ask>
  )
}

/** What would come of telling; the dialog does without where that cannot be had. */
const useTelling = ({ id }: Incident, kind: 'update' | 'closed') =>
  useQuery({
    queryKey: [...keys.incidents, id, 'telling', kind],
    queryFn: ({ signal }) =>
      answerOf(v1.GET('/incidents/{id}/telling', { params: { path: { id }, query: { kind } }, signal })),
    select: ({ people, now, fallback, waits, never }) => ({ people, now, fallback, waits, never }),
    staleTime: 0,
  })

interface NewsProps extends FormProps {
  readonly incident: Incident
  readonly kind: 'update' | 'close'
}

/** What those who follow are told: progress, or that it is over. */
export const NewsForm = ({ incident, kind, act, close, pending }: NewsProps) => {
  const t = useWords()
  const isClose = kind === 'close'
  const { data: counts } = useTelling(incident, isClose ? 'closed' : 'update')
  const { number, openTickets: open } = incident
  const finish = (words: Words): void => {
    act({ act: kind, incident, wording: wordingOf(words) })
  }
  const name = t(`incident.${kind}`)
  return (
    <Ask<Words> {...{ title: `${name} I-${number}`, ok: name, initial: {}, finish, close, pending }}>
      {counts === undefined ? null : <p>{t('incident.telling', counts)}</p>}
      {isClose && open > 0 ? <p>{t('incident.solves', { open })}</p> : null}
      <Form.Item
        name="zh"
        label={t(isClose ? 'incident.closing' : 'incident.wording')}
        rules={[{ required: !isClose }]}
      >
        <Input.TextArea rows={3} maxLength={maxWords} />
      </Form.Item>
      <Form.Item name="en" label={t('incident.wording.en')}>
        <Input.TextArea rows={3} maxLength={maxWords * 2} />
      </Form.Item>
    </Ask>
  )
}

/** Why a spike is no incident. */
export const DismissForm = ({ spike, act, close, pending }: FormProps & { readonly spike: Spike }) => {
  const t = useWords()
  const finish = ({ reason }: { readonly reason: string }): void => {
    act({ act: 'dismiss', spike, reason: reason.trim() })
  }
  const name = t('incident.dismiss')
  return (
    <Ask {...{ title: name, ok: name, initial: { reason: '' }, finish, close, pending }}>
      <Form.Item
        name="reason"
        label={t('incident.dismiss.reason')}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input maxLength={300} />
      </Form.Item>
    </Ask>
  )
}
