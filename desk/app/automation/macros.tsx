import { useMutation } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import { useState } from 'react'
import { once, useSure } from '../admin/use-admin.ts'
import { answerOf, ifMatch, v1, type BodyOf } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/automation.ts'
import { ActionFields } from './action-fields.tsx'
import { Editor } from './editor.tsx'
import { actionOf, type Macro, type TypedAction } from './facts.ts'
import { Planned } from './planned.tsx'
import { useTelling } from './tell.ts'
import { Theirs } from './theirs.tsx'
import { currentOf, refusalOf, useAutomationAct, useMacroList } from './use-automation.ts'

type Body = BodyOf<'/macros', 'post'>

interface Typed {
  readonly zh: string
  readonly en: string
  readonly actions: TypedAction[]
}

const bodyOf = ({ zh, en, actions }: Typed): Body => ({
  name: { zh: zh.trim(), en: en.trim() },
  actions: actions.map(actionOf),
})

/** A macro in lines that can be laid beside another's. */
const useLines = () => {
  const t = useWords()
  const tell = useTelling()
  return ({ name, actions }: Body) => [
    { name: t('admin.name.zh'), text: name.zh },
    { name: t('admin.name.en'), text: name.en },
    { name: t('rules.then'), text: actions.map(tell.action).join('\n') },
  ]
}

interface MacroFormProps {
  /** Undefined: a new one. */
  readonly macro: Macro | undefined
  readonly close: () => void
}

/** Makes a macro or changes one. */
const MacroForm = ({ macro, close }: MacroFormProps) => {
  const t = useWords()
  const lines = useLines()
  const [form] = Form.useForm<Typed>()
  const [seen, setSeen] = useState(macro)
  const [sent, setSent] = useState<Body>()
  const save = useAutomationAct(
    (body: Body) =>
      answerOf(
        seen === undefined
          ? v1.POST('/macros', { params: { header: once() }, body })
          : v1.PATCH('/macros/{id}', {
              params: { path: { id: seen.id }, header: ifMatch(seen.version) },
              body,
            }),
      ),
    'done.saved',
  )
  const theirs = currentOf(save.error) as Macro | undefined
  const needed = [{ required: true, whitespace: true, message: t('article.missing') }]
  const finish = (typed: Typed): void => {
    const body = bodyOf(typed)
    setSent(body)
    save.mutate(body, {
      onSuccess: close,
      // A second try goes out on what is shown then.
      onError: (error) => setSeen((was) => (currentOf(error) as Macro | undefined) ?? was),
    })
  }
  return (
    <Editor<Typed>
      {...{ form, finish, close }}
      title={t(macro === undefined ? 'macros.new' : 'macros.edit')}
      initial={{ zh: macro?.name.zh ?? '', en: macro?.name.en ?? '', actions: [...(macro?.actions ?? [])] }}
      pending={save.isPending}
    >
      <Form.Item name="zh" label={t('admin.name.zh')} rules={needed}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="en" label={t('admin.name.en')} rules={needed}>
        <Input maxLength={60} />
      </Form.Item>
      <ActionFields mayReply />
      {theirs !== undefined && sent !== undefined ? (
        <Theirs
          lines={lines(theirs).map(({ name, text }, at) => ({
            ...{ name, theirs: text },
            yours: lines(sent)[at]?.text ?? '',
          }))}
        />
      ) : save.error === null ? null : (
        <Alert type="error" role="alert" title={refusalOf(save.error, t)} />
      )}
    </Editor>
  )
}

/** What a macro would do to a ticket, before anybody applies it. */
const Try = ({ macro, label }: { readonly macro: Macro; readonly label: string }) => {
  const t = useWords()
  const [ticket, setTicket] = useState('')
  const number = ticket.trim().replace(/^(?=\d)/, 'T-')
  const look = useMutation({
    mutationFn: (id: string) =>
      answerOf(v1.GET('/tickets/{id}/macros/{macroId}', { params: { path: { id, macroId: macro.id } } })),
  })
  return (
    <>
      <div className="actions">
        <Input
          className="try-ticket"
          value={ticket}
          maxLength={12}
          placeholder="T-1001"
          aria-label={t('macros.try.ticket', { name: label })}
          onChange={({ target }) => setTicket(target.value)}
        />
        <Button
          size="small"
          disabled={!/^T-\d{1,9}$/i.test(number)}
          loading={look.isPending}
          aria-label={t('macros.try.of', { name: label })}
          onClick={() => look.mutate(number)}
        >
          {t('rules.try.one')}
        </Button>
      </div>
      {look.error === null ? null : <p role="alert">{refusalOf(look.error, t)}</p>}
      {look.data === undefined ? null : <Planned plan={look.data} />}
    </>
  )
}

const Acts = ({
  macro,
  label,
  edit,
}: {
  readonly macro: Macro
  readonly label: string
  readonly edit: () => void
}) => {
  const t = useWords()
  const sure = useSure()
  const remove = useAutomationAct(
    () => answerOf(v1.DELETE('/macros/{id}', { params: { path: { id: macro.id } } })),
    'done.removed',
  )
  const askRemove = async (): Promise<void> => {
    if (await sure('admin.remove.sure', label)) remove.mutate()
  }
  return (
    <div className="actions">
      <Button size="small" onClick={edit} aria-label={t('rules.edit.of', { name: label })}>
        {t('admin.edit')}
      </Button>
      <Button
        size="small"
        danger
        onClick={() => void askRemove()}
        aria-label={t('rules.remove.of', { name: label })}
      >
        {t('admin.remove')}
      </Button>
    </div>
  )
}

/** Several actions under a name, for agents. */
export const Macros = () => {
  const t = useWords()
  const tell = useTelling()
  const language = useLanguage((state) => state.language)
  const { may } = useSession()
  const manages = may('macro.manage')
  const { data: macros = [], error, isPending } = useMacroList()
  const [editing, setEditing] = useState<{ readonly macro: Macro | undefined }>()
  return (
    <>
      <header className="page-head">
        <h1>{t('admin.macros')}</h1>
        {manages ? (
          <Button type="primary" onClick={() => setEditing({ macro: undefined })}>
            {t('macros.new')}
          </Button>
        ) : (
          <span className="quiet">{t('rules.why.manage')}</span>
        )}
      </header>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {macros.length === 0 && !isPending && error === null ? <p>{t('macros.none')}</p> : null}
      <ul className="pieces">
        {macros.map((macro) => {
          const label = macro.name[language]
          return (
            <li key={macro.id} className="theme">
              <strong>
                <bdi>{label}</bdi>
              </strong>
              <p className="words">{macro.actions.map(tell.action).join('\n')}</p>
              <Try macro={macro} label={label} />
              {manages ? <Acts {...{ macro, label }} edit={() => setEditing({ macro })} /> : null}
            </li>
          )
        })}
      </ul>
      {editing === undefined ? null : <MacroForm macro={editing.macro} close={() => setEditing(undefined)} />}
    </>
  )
}
