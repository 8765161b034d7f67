import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import Select from 'antd/es/select'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/automation.ts'
import { deeds, kinds, priorities, type Action, type TypedAction } from './facts.ts'
import { useTeams } from './use-automation.ts'

interface DetailProps {
  readonly place: number
  readonly deed: Action['do']
}

const useNeeded = () => {
  const t = useWords()
  return [{ required: true, message: t('article.missing') }]
}

const TextDetail = ({ place }: { readonly place: number }) => {
  const t = useWords()
  const rules = useNeeded()
  return (
    <Form.Item name={[place, 'text']} label={t('rules.text')} extra={t('rules.text.hint')} rules={rules}>
      <Input.TextArea rows={3} maxLength={10_000} />
    </Form.Item>
  )
}

const QueueDetail = ({ place }: { readonly place: number }) => {
  const t = useWords()
  const rules = useNeeded()
  const language = useLanguage((state) => state.language)
  const { data: teams = [] } = useTeams()
  return (
    <Form.Item name={[place, 'teamId']} label={t('rules.team')} rules={rules}>
      <Select options={teams.map(({ id, name }) => ({ value: id, label: name[language] }))} />
    </Form.Item>
  )
}

const TagsDetail = ({ place }: { readonly place: number }) => {
  const t = useWords()
  const rules = useNeeded()
  return (
    <Form.Item name={[place, 'tags']} label={t('rules.tags')} rules={rules}>
      <Select mode="tags" tokenSeparators={[',', '，', '、', ' ']} open={false} suffix={null} />
    </Form.Item>
  )
}

const HoldDetail = ({ place }: { readonly place: number }) => {
  const t = useWords()
  const rules = useNeeded()
  return (
    <>
      <Form.Item name={[place, 'reason']} label={t('rules.reason')} rules={rules}>
        <Input maxLength={500} />
      </Form.Item>
      <Form.Item name={[place, 'hours']} label={t('rules.hours')}>
        <InputNumber min={1} max={8_760} />
      </Form.Item>
    </>
  )
}

const FieldDetail = ({ place }: { readonly place: number }) => {
  const t = useWords()
  const rules = useNeeded()
  return (
    <>
      <Form.Item name={[place, 'field']} label={t('rules.field')} rules={rules}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name={[place, 'value']} label={t('rules.value')} extra={t('rules.value.hint')}>
        <Input maxLength={1_000} />
      </Form.Item>
    </>
  )
}

/** What one kind of action needs to know. */
const Detail = ({ place, deed }: DetailProps) => {
  const t = useWords()
  const rules = useNeeded()
  switch (deed) {
    case 'set-priority':
      return (
        <Form.Item name={[place, 'priority']} label={t('info.priority')} rules={rules}>
          <Select options={priorities.map((one) => ({ value: one, label: t(`priority.${one}`) }))} />
        </Form.Item>
      )
    case 'set-kind':
      return (
        <Form.Item name={[place, 'kind']} label={t('info.kind')} rules={rules}>
          <Select options={kinds.map((one) => ({ value: one, label: t(`kind.${one}`) }))} />
        </Form.Item>
      )
    case 'set-topic':
      return (
        <Form.Item name={[place, 'topic']} label={t('rules.fact.topic')} rules={rules}>
          <Input maxLength={60} />
        </Form.Item>
      )
    case 'add-tags':
    case 'remove-tags':
      return <TagsDetail place={place} />
    case 'set-field':
      return <FieldDetail place={place} />
    case 'queue':
      return <QueueDetail place={place} />
    case 'hold':
      return <HoldDetail place={place} />
    case 'note':
    case 'reply':
      return <TextDetail place={place} />
    case 'solve':
      return null
    default:
      return deed satisfies never
  }
}

const OneAction = ({
  place,
  offered,
  remove,
}: {
  readonly place: number
  readonly offered: readonly Action['do'][]
  readonly remove: () => void
}) => {
  const t = useWords()
  const form = Form.useFormInstance()
  const deed = Form.useWatch<Action['do'] | undefined>(['actions', place, 'do'], form)
  const label = t('rules.action.n', { n: place + 1 })
  return (
    <fieldset className="rule-part">
      <legend>{label}</legend>
      <Form.Item name={[place, 'do']} label={t('rules.does')} rules={useNeeded()}>
        <Select
          listHeight={400}
          options={offered.map((one) => ({ value: one, label: t(`rules.do.${one}`) }))}
        />
      </Form.Item>
      {deed === undefined ? null : <Detail place={place} deed={deed} />}
      <Button size="small" onClick={remove} aria-label={t('rules.take-out', { what: label })}>
        {t('admin.remove')}
      </Button>
    </fieldset>
  )
}

/** What is done, one after the other. `mayReply`: macros write to contacts, rules do not. */
export const ActionFields = ({ mayReply }: { readonly mayReply: boolean }) => {
  const t = useWords()
  const offered = deeds.filter((one) => mayReply || one !== 'reply')
  const first: Partial<TypedAction> = {}
  return (
    <Form.List name="actions">
      {(fields, { add, remove }) => (
        <section aria-label={t('rules.then')}>
          <h3>{t('rules.then')}</h3>
          {fields.map(({ key, name }) => (
            <OneAction key={key} place={name} offered={offered} remove={() => remove(name)} />
          ))}
          <Button disabled={fields.length >= 20} onClick={() => add(first)}>
            {t('rules.action.add')}
          </Button>
        </section>
      )}
    </Form.List>
  )
}
