import { useNavigate, useParams } from '@tanstack/react-router'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import type { FormInstance } from 'antd'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Skeleton from 'antd/es/skeleton'
import { useState } from 'react'
import { answerOf, ifMatch, v1 } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { shortTime } from '../shell/time.ts'
import { useWords } from '../words/knowledge.ts'
import { checkedFields, contentOf, emptyFields, fieldsOf, type ArticleFields } from './article-form.ts'
import { AskWords } from '../shell/ask-words.tsx'
import { DraftDiff } from './diff.tsx'
import { Editor } from './editor.tsx'
import { ArticleHelp } from './machine.tsx'
import { Previews } from './previews.tsx'
import { once, onceAt, useDraft, useKnowledgeAct, type Draft } from './use-knowledge.ts'

/** What may be done with a draft as it stands. */
const Acts = ({
  draft,
  save,
  check,
}: {
  readonly draft: Draft
  /** Nothing: a field is at fault, or there are none. */
  readonly save: () => Promise<Draft | undefined>
  /** Nothing: a field is at fault. */
  readonly check: () => Promise<ArticleFields | undefined>
}) => {
  const t = useWords()
  const navigate = useNavigate()
  const { modal } = App.useApp()
  const { may, agent } = useSession()
  const [isReturning, setReturning] = useState(false)
  const path = { id: draft.id }
  const submit = useKnowledgeAct(async () => {
    // What stands in the fields is what is meant.
    const saved = (await save()) ?? draft
    const params = { path, header: onceAt(saved.version) }
    return answerOf(v1.POST('/knowledge/drafts/{id}/submit', { params }))
  }, 'done.submit')
  const submitChecked = async (): Promise<void> => {
    if (draft.content === undefined || (await check()) !== undefined) submit.mutate()
  }
  const header = () => onceAt(draft.version)
  const approve = useKnowledgeAct(
    () =>
      answerOf(v1.POST('/knowledge/drafts/{id}/approve', { params: { path, header: header() }, body: {} })),
    'done.approve',
  )
  const giveBack = useKnowledgeAct(
    (note: string) =>
      answerOf(
        v1.POST('/knowledge/drafts/{id}/return', { params: { path, header: header() }, body: { note } }),
      ),
    'done.return',
  )
  const discard = useKnowledgeAct(
    () => answerOf(v1.DELETE('/knowledge/drafts/{id}', { params: { path, header: ifMatch(draft.version) } })),
    'done.discard',
  )
  const askDiscard = async (): Promise<void> => {
    const sure = await modal.confirm({ title: t('draft.discard'), content: t('draft.discard.sure') })
    if (!sure) return
    await discard.mutateAsync()
    void navigate({ to: '/knowledge/drafts' })
  }
  const isOwn = draft.author.id === agent.id
  return (
    <div className="actions">
      {draft.state === 'draft' ? (
        <>
          <Button onClick={() => void save().catch(() => undefined)}>{t('draft.save')}</Button>
          <Button type="primary" loading={submit.isPending} onClick={() => void submitChecked()}>
            {t('draft.submit')}
          </Button>
        </>
      ) : null}
      {draft.state === 'in-review' && may('knowledge.edit') && !isOwn ? (
        <Button type="primary" loading={approve.isPending} onClick={() => approve.mutate()}>
          {t('draft.approve')}
        </Button>
      ) : null}
      {draft.state === 'in-review' || draft.state === 'approved' ? (
        <Button onClick={() => setReturning(true)}>{t('draft.return')}</Button>
      ) : null}
      {draft.state === 'published' || draft.state === 'discarded' ? null : (
        <Button danger onClick={() => void askDiscard().catch(() => undefined)}>
          {t('draft.discard')}
        </Button>
      )}
      {isReturning ? (
        <AskWords
          title={t('draft.return')}
          label={t('draft.return.note')}
          ok={t('draft.return')}
          pending={giveBack.isPending}
          close={() => setReturning(false)}
          finish={(note) => {
            giveBack.mutate(note, { onSuccess: () => setReturning(false) })
          }}
        />
      ) : null}
    </div>
  )
}

/** What a language model proposes goes into the fields, where it can be changed and is saved as everything else is. */
const MachineHelp = ({ form, id }: { readonly form: FormInstance<ArticleFields>; readonly id?: string }) => (
  <ArticleHelp
    read={() => {
      const fields = { ...emptyFields, ...form.getFieldsValue() }
      return contentOf(id === undefined ? fields : { ...fields, id })
    }}
    addSimilar={(texts) => {
      const { similar } = form.getFieldsValue()
      form.setFieldValue('similar', [similar.trimEnd(), ...texts].filter((one) => one !== '').join('\n'))
    }}
    replace={(text, quote, proposal) => {
      const channel: ['channels', string] = ['channels', text]
      const field = text === 'answer' ? 'answer' : text === 'en' ? 'enAnswer' : channel
      const before: unknown = form.getFieldValue(field)
      if (typeof before !== 'string') return
      form.setFieldValue(
        field,
        before.replace(quote, () => proposal),
      )
    }}
  />
)

/** A draft that exists: written on, shown as channels will, sent on its way. */
const Existing = ({ draft }: { readonly draft: Draft }) => {
  const t = useWords()
  const [form] = Form.useForm<ArticleFields>()
  const { content } = draft
  const patch = useKnowledgeAct(
    (fields: ArticleFields) =>
      answerOf(
        v1.PATCH('/knowledge/drafts/{id}', {
          params: { path: { id: draft.id }, header: ifMatch(draft.version) },
          body: { content: contentOf(fields) },
        }),
      ),
    'done.draft',
  )
  const save = async (): Promise<Draft | undefined> => {
    if (content === undefined) return undefined
    const fields = await checkedFields(form)
    if (fields === undefined) return undefined
    return patch.mutateAsync({ ...emptyFields, ...fields, id: content.id })
  }
  const readOnly = draft.state !== 'draft'
  return (
    <>
      <header className="page-head">
        <h1>
          <bdi>{content?.question ?? draft.articleId}</bdi>
        </h1>
        <span className="chip">{t(`draft.action.${draft.action}`)}</span>
        <span className="chip">{t(`draft.state.${draft.state}`)}</span>
        {draft.source?.model === undefined ? null : (
          <span className="chip" title={draft.source.model}>
            {t('draft.machine')}
          </span>
        )}
        <span className="quiet">
          {t('draft.by', { name: draft.author.name ?? '', at: shortTime(draft.updatedAt) })}
        </span>
      </header>
      <p>
        <span className="quiet">{t('draft.reason')}: </span>
        <bdi className="words">{draft.reason}</bdi>
      </p>
      {draft.note === undefined ? null : (
        <p className="note-line">
          <bdi>{draft.note}</bdi>
        </p>
      )}
      <Acts draft={draft} save={save} check={() => checkedFields(form)} />
      {content === undefined ? null : (
        <div className="columns">
          <Editor form={form} initial={fieldsOf(content)} isNew={false} readOnly={readOnly} />
          <div>
            <Previews read={() => contentOf({ ...emptyFields, ...form.getFieldsValue(), id: content.id })} />
            {readOnly ? null : <MachineHelp form={form} id={content.id} />}
            <DraftDiff id={draft.id} version={draft.version} />
          </div>
        </div>
      )}
    </>
  )
}

/** One draft. */
export const DraftPage = () => {
  const t = useWords()
  const { draftId = '' } = useParams({ strict: false })
  const { data, error } = useDraft(draftId)
  if (data === undefined)
    return error === null ? <Skeleton active /> : <p role="alert">{explain(error, t)}</p>
  // Fields are filled once; another version is another page.
  return <Existing key={`${data.id} ${data.version}`} draft={data} />
}

/** A new article. */
export const NewDraftPage = () => {
  const t = useWords()
  const navigate = useNavigate()
  const [form] = Form.useForm<ArticleFields>()
  const [reason, setReason] = useState('')
  const make = useKnowledgeAct(
    (fields: ArticleFields) =>
      answerOf(
        v1.POST('/knowledge/drafts', {
          params: once(),
          body: { content: contentOf(fields), action: 'save', reason: reason.trim() },
        }),
      ),
    'done.draft',
  )
  const save = async (): Promise<void> => {
    const fields = await checkedFields(form)
    if (fields === undefined) return
    const { id } = await make.mutateAsync({ ...emptyFields, ...fields })
    void navigate({ to: '/knowledge/drafts/$draftId', params: { draftId: id } })
  }
  return (
    <>
      <header className="page-head">
        <h1>{t('knowledge.new')}</h1>
        <Input
          value={reason}
          aria-label={t('draft.reason')}
          placeholder={t('draft.reason')}
          onChange={({ target }) => setReason(target.value)}
        />
        <Button
          type="primary"
          loading={make.isPending}
          disabled={reason.trim() === ''}
          onClick={() => void save().catch(() => undefined)}
        >
          {t('draft.save')}
        </Button>
      </header>
      <div className="columns">
        <Editor form={form} initial={emptyFields} isNew readOnly={false} />
        <div>
          <Previews read={() => contentOf({ ...emptyFields, ...form.getFieldsValue() })} />
          <MachineHelp form={form} />
        </div>
      </div>
    </>
  )
}
