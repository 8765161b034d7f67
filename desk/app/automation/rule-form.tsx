import Form from 'antd/es/form'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import Select from 'antd/es/select'
import Switch from 'antd/es/switch'
import { once } from '../admin/use-admin.ts'
import { answerOf, ifMatch, v1, type BodyOf } from '../api/v1.ts'
import { useWords } from '../words/automation.ts'
import { ActionFields } from './action-fields.tsx'
import { ConditionFields } from './condition-fields.tsx'
import { DryRun } from './dry-run.tsx'
import { Editor } from './editor.tsx'
import { actionOf, changes, type Change, type Condition, type Rule, type TypedAction } from './facts.ts'
import { useSaving } from './saving.tsx'
import { useTelling } from './tell.ts'

type Body = BodyOf<'/rules', 'post'>

interface Typed {
  readonly name: string
  readonly on: Change[]
  readonly when: Condition[]
  readonly actions: TypedAction[]
  readonly enabled: boolean
  readonly position: number
}

const typedOf = (rule: Rule | undefined): Typed => ({
  name: rule?.name ?? '',
  on: [...(rule?.on ?? [])],
  when: [...(rule?.when ?? [])],
  actions: [...(rule?.actions ?? [])],
  // A new one is tried first, then switched on.
  enabled: rule?.enabled ?? false,
  position: rule?.position ?? 100,
})

const bodyOf = ({ name, on, when, actions, enabled, position }: Typed): Body => ({
  ...{ name: name.trim(), on, enabled, position },
  when: when.map(({ name: field, ...rest }) => ({
    ...rest,
    ...(rest.fact === 'field' && field !== undefined ? { name: field.trim() } : {}),
  })),
  actions: actions.map(actionOf),
})

/** A rule in lines that can be laid beside another's. */
const useLines = () => {
  const t = useWords()
  const tell = useTelling()
  return ({ name, on, when, actions, enabled, position }: Body) => [
    { name: t('rules.name'), text: name },
    { name: t('rules.on'), text: on.map((one) => t(`change.${one}`)).join(t('rules.or')) },
    { name: t('rules.when'), text: when.map(tell.condition).join('\n') },
    { name: t('rules.then'), text: actions.map(tell.action).join('\n') },
    { name: t('rules.enabled'), text: t(enabled ? 'rules.yes' : 'rules.no') },
    { name: t('rules.position'), text: String(position) },
  ]
}

const MainFields = () => {
  const t = useWords()
  const needed = [{ required: true, message: t('article.missing') }]
  return (
    <>
      <Form.Item name="name" label={t('rules.name')} rules={needed}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="on" label={t('rules.on')} rules={needed}>
        <Select
          mode="multiple"
          listHeight={400}
          showSearch={{ optionFilterProp: 'label' }}
          options={changes.map((one) => ({ value: one, label: t(`change.${one}`) }))}
        />
      </Form.Item>
    </>
  )
}

const Standing = () => {
  const t = useWords()
  return (
    <div className="actions">
      <Form.Item name="enabled" label={t('rules.enabled')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="position" label={t('rules.position')} extra={t('rules.position.hint')}>
        <InputNumber min={0} max={100_000} precision={0} />
      </Form.Item>
    </div>
  )
}

interface RuleFormProps {
  /** Undefined: a new one. */
  readonly rule: Rule | undefined
  readonly close: () => void
}

/** Makes a rule or changes one; it can be tried as it is typed. */
export const RuleForm = ({ rule, close }: RuleFormProps) => {
  const t = useWords()
  const lines = useLines()
  const [form] = Form.useForm<Typed>()
  const { save, isPending, refusal } = useSaving<Rule, Body>({
    kept: rule,
    lines,
    done: close,
    send: (body, seen) =>
      answerOf(
        seen === undefined
          ? v1.POST('/rules', { params: { header: once() }, body })
          : v1.PATCH('/rules/{id}', {
              params: { path: { id: seen.id }, header: ifMatch(seen.version) },
              body,
            }),
      ),
  })
  const read = (): Promise<Body | undefined> => form.validateFields().then(bodyOf, () => undefined)
  return (
    <Editor<Typed>
      {...{ form, close }}
      finish={(typed) => save(bodyOf(typed))}
      title={t(rule === undefined ? 'rules.new' : 'rules.edit')}
      initial={typedOf(rule)}
      pending={isPending}
    >
      <MainFields />
      <ConditionFields />
      <ActionFields mayReply={false} />
      <Standing />
      <DryRun read={read} />
      {refusal}
    </Editor>
  )
}
