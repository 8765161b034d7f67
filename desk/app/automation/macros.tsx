import { useMutation } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import { useState } from 'react'
import { once } from '../admin/use-admin.ts'
import { answerOf, ifMatch, v1, type BodyOf } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/automation.ts'
import { ActionFields } from './action-fields.tsx'
import { EditRemove } from './edit-remove.tsx'
import { Editor } from './editor.tsx'
import { actionOf, type Macro, type TypedAction } from './facts.ts'
import { Planned } from './planned.tsx'
import { useSaving } from './saving.tsx'
import { useTelling } from './tell.ts'
import { refusalOf, useMacroList } from './use-automation.ts'

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
  const { save, isPending, refusal } = useSaving<Macro, Body>({
    kept: macro,
    lines,
    done: close,
    send: (body, seen) =>
      answerOf(
        seen === undefined
          ? v1.POST('/macros', { params: { header: once() }, body })
          : v1.PATCH('/macros/{id}', {
              params: { path: { id: seen.id }, header: ifMatch(seen.version) },
              body,
            }),
      ),
  })
  const needed = [{ required: true, whitespace: true, message: t('article.missing') }]
  return (
    <Editor<Typed>
      {...{ form, close }}
      finish={(typed) => save(bodyOf(typed))}
      title={t(macro === undefined ? 'macros.new' : 'macros.edit')}
      initial={{ zh: macro?.name.zh ?? '', en: macro?.name.en ?? '', actions: [...(macro?.actions ?? [])] }}
      pending={isPending}
    >
      <Form.Item name="zh" label={t('admin.name.zh')} rules={needed}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="en" label={t('admin.name.en')} rules={needed}>
        <Input maxLength={60} />
      </Form.Item>
      <ActionFields mayReply />
      {refusal}
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
              {manages ? (
                <div className="actions">
                  <EditRemove
                    name={label}
                    edit={() => setEditing({ macro })}
                    remove={() => answerOf(v1.DELETE('/macros/{id}', { params: { path: { id: macro.id } } }))}
                  />
                </div>
              ) : null}
            </li>
          )
        })}
      </ul>
      {editing === undefined ? null : <MacroForm macro={editing.macro} close={() => setEditing(undefined)} />}
    </>
  )
}
