import Form, { type FormInstance } from 'antd/es/form'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import Select from 'antd/es/select'
import { useTickets } from '../api/queries.ts'
import { isMeant } from '../shell/initials.ts'
import { useWords } from '../words/views.ts'
import { fieldsOf, type ViewFields } from './fields.ts'
import { useChoices, useShares, type Choice } from './use-choices.ts'

const states = ['new', 'open', 'pending', 'on_hold', 'solved', 'closed'] as const
const kinds = ['question', 'complaint', 'feedback', 'appeal', 'incident-report'] as const
const priorities = ['urgent', 'high', 'normal'] as const
const orders = ['due', 'newest', 'waiting'] as const
const mostMinutes = 366 * 24 * 60

const find = {
  filterOption: (typed: string, option?: { readonly label?: unknown }) =>
    isMeant(typeof option?.label === 'string' ? option.label : '', typed),
}

interface SeveralProps {
  readonly name: keyof ViewFields
  readonly label: string
  readonly options: readonly Choice[]
  /** Shown while nothing is chosen. */
  readonly none: string
  /** Others can be written. */
  readonly free?: boolean
}

const Several = ({ name, label, options, none, free = false }: SeveralProps) => (
  <Form.Item name={name} label={label}>
    <Select
      mode={free ? 'tags' : 'multiple'}
      maxCount={50}
      options={[...options]}
      placeholder={none}
      showSearch={find}
      {...(free ? { tokenSeparators: ['、', ',', '，'] } : {})}
    />
  </Form.Item>
)

/** Tags that open tickets have; others can be written. */
const useTags = (): readonly Choice[] => {
  const { data = [] } = useTickets('open')
  return [...new Set(data.flatMap(({ tags }) => tags))].map((tag) => ({ value: tag, label: tag }))
}

const Minutes = ({
  name,
  label,
}: {
  readonly name: 'waitingMinutes' | 'dueMinutes'
  readonly label: string
}) => {
  const t = useWords()
  return (
    <Form.Item name={name} label={label}>
      <InputNumber min={0} max={mostMinutes} precision={0} placeholder={t('views.any')} />
    </Form.Item>
  )
}

/** What a view is: its name, which tickets it holds, and how they are sorted. */
export const Fields = ({ form }: { readonly form: FormInstance<ViewFields> }) => {
  const t = useWords()
  // Nothing is chosen before the form is drawn.
  const written = Form.useWatch([], form) as ViewFields | undefined
  const { teams, inboxes, holder, share } = { ...fieldsOf(undefined), ...written }
  const choices = useChoices({ teams, inboxes, holder })
  const shares = useShares(share)
  const tags = useTags()
  const any = t('views.any')
  const named = <Key extends string>(values: readonly Key[], tell: (value: Key) => string) =>
    values.map((value) => ({ value, label: tell(value) }))
  return (
    <>
      <Form.Item
        name="name"
        label={t('views.name')}
        rules={[{ required: true, whitespace: true, message: t('views.name.missing') }]}
      >
        <Input maxLength={40} dir="auto" autoFocus />
      </Form.Item>
      <Form.Item name="holder" label={t('views.holder')}>
        <Select options={[...choices.holders]} showSearch={find} />
      </Form.Item>
      <Several
        name="states"
        label={t('views.states')}
        options={named(states, (one) => t(`state.${one}`))}
        none={t('views.states.none')}
      />
      <Several
        name="kinds"
        label={t('views.kinds')}
        options={named(kinds, (one) => t(`kind.${one}`))}
        none={any}
      />
      <Several
        name="priorities"
        label={t('views.priorities')}
        options={named(priorities, (one) => t(`priority.${one}`))}
        none={any}
      />
      <Several name="inboxes" label={t('views.inboxes')} options={choices.inboxes} none={any} />
      <Several name="teams" label={t('views.teams')} options={choices.teams} none={any} />
      <Several name="tags" label={t('views.tags')} options={tags} none={any} free />
      <Form.Item name="topic" label={t('views.topic')}>
        <Input maxLength={100} dir="auto" placeholder={any} />
      </Form.Item>
      <Minutes name="waitingMinutes" label={t('views.waiting')} />
      <Minutes name="dueMinutes" label={t('views.due')} />
      <Form.Item name="order" label={t('views.order')}>
        <Select options={named(orders, (one) => t(`views.order.${one}`))} />
      </Form.Item>
      {shares.length > 1 ? (
        <Form.Item name="share" label={t('views.share')} extra={t('views.share.hint')}>
          <Select options={[...shares]} showSearch={find} />
        </Form.Item>
      ) : null}
    </>
  )
}
