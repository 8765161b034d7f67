import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/automation.ts'
import { conditionFacts, kinds, operators, priorities, states, type Condition } from './facts.ts'
import { useTeams } from './use-automation.ts'

/** Values that a fact can have, where there are few; anything else is typed. */
const useOptions = (fact: Condition['fact'] | undefined) => {
  const t = useWords()
  const language = useLanguage((state) => state.language)
  const { data: teams = [] } = useTeams()
  switch (fact) {
    case 'kind':
      return kinds.map((one) => ({ value: one, label: t(`kind.${one}`) }))
    case 'priority':
      return priorities.map((one) => ({ value: one, label: t(`priority.${one}`) }))
    case 'state':
      return states.map((one) => ({ value: one, label: t(`state.${one}`) }))
    case 'assigned':
      return (['yes', 'no'] as const).map((one) => ({ value: one, label: t(`rules.${one}`) }))
    case 'team':
      return teams.map(({ id, name }) => ({ value: id, label: name[language] }))
    default:
      return undefined
  }
}

const OneCondition = ({ place, remove }: { readonly place: number; readonly remove: () => void }) => {
  const t = useWords()
  const form = Form.useFormInstance()
  const fact = Form.useWatch<Condition['fact'] | undefined>(['when', place, 'fact'], form)
  const options = useOptions(fact)
  const needed = [{ required: true, message: t('article.missing') }]
  const label = t('rules.condition.n', { n: place + 1 })
  return (
    <fieldset className="rule-part">
      <legend>{label}</legend>
      <Form.Item name={[place, 'fact']} label={t('rules.what')} rules={needed}>
        <Select
          listHeight={400}
          options={conditionFacts.map((one) => ({ value: one, label: t(`rules.fact.${one}`) }))}
          onChange={() => form.setFieldValue(['when', place, 'values'], [])}
        />
      </Form.Item>
      {fact === 'field' ? (
        <Form.Item name={[place, 'name']} label={t('rules.field')} rules={needed}>
          <Input maxLength={60} />
        </Form.Item>
      ) : null}
      <Form.Item name={[place, 'op']} label={t('rules.how')} rules={needed}>
        <Select options={operators.map((one) => ({ value: one, label: t(`rules.op.${one}`) }))} />
      </Form.Item>
      <Form.Item name={[place, 'values']} label={t('rules.values')} rules={needed}>
        {options === undefined ? (
          <Select mode="tags" tokenSeparators={[',', '，', '、']} open={false} suffix={null} />
        ) : (
          <Select mode="multiple" options={options} showSearch={{ optionFilterProp: 'label' }} />
        )}
      </Form.Item>
      <Button size="small" onClick={remove} aria-label={t('rules.take-out', { what: label })}>
        {t('admin.remove')}
      </Button>
    </fieldset>
  )
}

/** What must be so, all of it. */
export const ConditionFields = () => {
  const t = useWords()
  return (
    <Form.List name="when">
      {(fields, { add, remove }) => (
        <section aria-label={t('rules.when')}>
          <h3>{t('rules.when')}</h3>
          {fields.length === 0 ? <p className="quiet">{t('rules.always')}</p> : null}
          {fields.map(({ key, name }) => (
            <OneCondition key={key} place={name} remove={() => remove(name)} />
          ))}
          <Button disabled={fields.length >= 20} onClick={() => add({ op: 'is', values: [] })}>
            {t('rules.condition.add')}
          </Button>
        </section>
      )}
    </Form.List>
  )
}
