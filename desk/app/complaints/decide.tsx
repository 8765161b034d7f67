import { useMutation } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import Select from 'antd/es/select'
import { useState } from 'react'
import { answerOf, v1, type BodyOf, type Schemas } from '../api/v1.ts'
import { useSession } from '../shell/session.ts'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/complaint.ts'
import { Confirm } from './confirm.tsx'
import { enforces, hoursOf, tookPart, verdicts } from './facts.ts'
import {
  isStale,
  refusalOf,
  useCaseAct,
  useKept,
  usePolicy,
  type Case,
  type Reason,
  type Verdict,
} from './use-case.ts'
import { Why } from './why.tsx'

type Body = BodyOf<'/complaints/{id}/decisions', 'post'>

/** The form as it is typed. */
interface Typed {
  readonly verdict?: Verdict | undefined
  readonly reason?: string | undefined
  readonly hours?: number | undefined
  readonly note: string
  readonly ask: string
  readonly toReported: string
}
const nothing: Typed = { note: '', ask: '', toReported: '' }

/** What is asked for; what does not belong to the verdict is left out. Undefined: something is missing. */
const bodyOf = ({ verdict, reason, hours, note, ask, toReported }: Typed): Body | undefined => {
  if (verdict === undefined || reason === undefined) return undefined
  if (hoursOf(verdict) === 'required' && hours === undefined) return undefined
  const isAsking = verdict === 'need-more-evidence'
  if (isAsking && ask.trim() === '') return undefined
  return {
    ...{ verdict, reason },
    ...(hours === undefined || hoursOf(verdict) === 'none' ? {} : { hours }),
    ...(note.trim() === '' ? {} : { note: note.trim() }),
    ...(isAsking ? { ask: ask.trim() } : {}),
    ...(enforces(verdict) && toReported.trim() !== '' ? { toReported: toReported.trim() } : {}),
  }
}

interface FieldsProps {
  readonly found: Case
  readonly typed: Typed
  readonly type: (changes: Partial<Typed>) => void
  readonly reasons: readonly Reason[]
}

/** Verdict and reason, with what the list of reasons says to either side. */
const MainFields = ({ found, typed, type, reasons }: FieldsProps) => {
  const t = useWords()
  const language = useLanguage((state) => state.language)
  const { verdict, reason } = typed
  const fitting = reasons.filter(
    ({ kinds, verdicts: own }) =>
      kinds.includes(found.kind) && (verdict === undefined || own.includes(verdict)),
  )
  const chosen = reasons.find(({ code }) => code === reason)
  return (
    <>
      <Form.Item label={t('case.verdict')} htmlFor="case-verdict" required>
        <Select<Verdict>
          id="case-verdict"
          value={verdict ?? null}
          placeholder={t('case.choose')}
          options={verdicts.map((one) => ({ value: one, label: t(`case.verdict.${one}`) }))}
          onChange={(one) => {
            const stays = chosen?.verdicts.includes(one) === true
            type({ verdict: one, ...(stays ? {} : { reason: undefined }) })
          }}
        />
      </Form.Item>
      <Form.Item label={t('case.reason')} htmlFor="case-reason" required>
        <Select
          id="case-reason"
          value={reason ?? null}
          placeholder={t('case.choose')}
          notFoundContent={t('case.reason.none')}
          options={fitting.map(({ code, title }) => ({ value: code, label: title[language] }))}
          onChange={(code) => type({ reason: code })}
        />
      </Form.Item>
      {chosen === undefined ? null : (
        <dl className="facts template">
          <div>
            <dt>{t('case.template.reporter')}</dt>
            <dd>{chosen.toReporter[language]}</dd>
          </div>
          <div>
            <dt>{t('case.template.reported')}</dt>
            <dd>{chosen.toReported[language]}</dd>
          </div>
          {chosen.source === undefined ? null : (
            <div>
              <dt>{t('case.template.source')}</dt>
              <dd>{chosen.source}</dd>
            </div>
          )}
        </dl>
      )}
    </>
  )
}

/** What goes beside the words of the list. */
const OwnWords = ({ typed, type }: Pick<FieldsProps, 'typed' | 'type'>) => {
  const t = useWords()
  const { verdict, hours, note, ask, toReported } = typed
  return (
    <>
      {verdict === undefined || hoursOf(verdict) === 'none' ? null : (
        <Form.Item label={t('case.hours')} htmlFor="case-hours" required={hoursOf(verdict) === 'required'}>
          <InputNumber
            id="case-hours"
            min={1}
            max={8_760}
            precision={0}
            value={hours ?? null}
            onChange={(value) => type({ hours: value ?? undefined })}
          />
        </Form.Item>
      )}
      {verdict === 'need-more-evidence' ? (
        <Form.Item label={t('case.ask')} htmlFor="case-ask" required>
          <Input.TextArea
            id="case-ask"
            rows={3}
            maxLength={2_000}
            value={ask}
            onChange={({ target }) => type({ ask: target.value })}
          />
        </Form.Item>
      ) : null}
      {verdict !== undefined && enforces(verdict) ? (
        <Form.Item
          label={t('case.to-reported')}
          htmlFor="case-to-reported"
          extra={t('case.to-reported.hint')}
        >
          <Input.TextArea
            id="case-to-reported"
            rows={2}
            maxLength={500}
            value={toReported}
            onChange={({ target }) => type({ toReported: target.value })}
          />
        </Form.Item>
      ) : null}
      <Form.Item label={t('case.note')} htmlFor="case-note">
        <Input.TextArea
          id="case-note"
          rows={2}
          maxLength={2_000}
          value={note}
          onChange={({ target }) => type({ note: target.value })}
        />
      </Form.Item>
    </>
  )
}

/** What stands in the way of enforcing anything, as far as it shows here. */
const missingOf = ({ kind, objects, rights, identity }: Case) => [
  ...(objects.length === 0 ? (['case.why.object'] as const) : []),
  ...(kind === 'copyright' && rights?.statement === undefined ? (['case.why.rights'] as const) : []),
  ...((kind === 'copyright' || kind === 'personality-rights') &&
  identity?.state !== 'verified' &&
  identity?.state !== 'waived'
    ? (['case.why.identity'] as const)
    : []),
]

/** The form: nothing is decided before it was seen what each side hears. */
const DecisionForm = ({ found }: { readonly found: Case }) => {
  const t = useWords()
  const { data: reasons = [] } = usePolicy()
  const [typed, type, clear] = useKept<Typed>(`${found.id}.decision`, nothing)
  const [preview, setPreview] = useState<Schemas['ComplaintDecisionPreview']>()
  const body = bodyOf(typed)
  const look = useMutation({
    mutationFn: (asked: Body) =>
      answerOf(
        v1.POST('/complaints/{id}/decisions/preview', { params: { path: { id: found.id } }, body: asked }),
      ),
    onSuccess: setPreview,
  })
  const decide = useCaseAct(found, 'done.decided', (params, asked: Body) =>
    answerOf(v1.POST('/complaints/{id}/decisions', { params, body: asked })),
  )
  const { verdict } = typed
  const missing = verdict !== undefined && enforces(verdict) ? missingOf(found) : []
  return (
    <Form layout="vertical" onFinish={() => body !== undefined && look.mutate(body)}>
      <MainFields {...{ found, typed, type, reasons }} />
      <OwnWords {...{ typed, type }} />
      {missing.map((key) => (
        <Why key={key} text={t(key)} />
      ))}
      {look.error === null ? null : <Alert type="error" role="alert" title={refusalOf(look.error, t)} />}
      {isStale(decide.error) ? (
        <Alert
          type="warning"
          role="alert"
          title={t('case.stale', {
            name: found.timeline.at(-1)?.actorName ?? t('case.actor.system'),
            state: t(`case.state.${found.state}`),
          })}
        />
      ) : null}
      <div className="actions">
        <Button type="primary" htmlType="submit" disabled={body === undefined} loading={look.isPending}>
          {t('case.preview')}
        </Button>
        <Button onClick={clear}>{t('case.clear')}</Button>
      </div>
      {preview === undefined || body === undefined ? null : (
        <Confirm
          {...{ found, preview }}
          verdict={body.verdict}
          ask={body.ask}
          pending={decide.isPending}
          close={() => setPreview(undefined)}
          finish={() => {
            decide.mutate(body, {
              onSuccess: clear,
              onSettled: () => setPreview(undefined),
            })
          }}
        />
      )}
    </Form>
  )
}

/** Begins to look at a case. */
const Examine = ({ found }: { readonly found: Case }) => {
  const t = useWords()
  const { may } = useSession()
  const examine = useCaseAct(found, 'done.examined', (params) =>
    answerOf(v1.POST('/complaints/{id}/examine', { params })),
  )
  if (!may('complaint.work')) return <Why text={t('case.why.work')} />
  return (
    <>
      <p>{t(`case.examine.${found.state === 'awaiting-evidence' ? 'awaiting' : 'first'}`)}</p>
      <Button type="primary" loading={examine.isPending} onClick={() => examine.mutate()}>
        {t('case.examine')}
      </Button>
    </>
  )
}

const What = ({ found }: { readonly found: Case }) => {
  const t = useWords()
  const { may, agent } = useSession()
  if (found.state === 'received' || found.state === 'awaiting-evidence' || found.state === 'appealed')
    return <Examine found={found} />
  if (!may('complaint.decide')) return <Why text={t('case.why.decide')} />
  if (tookPart(found, agent.id)) return <Why text={t('case.why.took-part')} />
  return <DecisionForm found={found} />
}

const open: readonly Case['state'][] = ['received', 'examining', 'awaiting-evidence', 'appealed']

/** Deciding a case, or what has to come before. */
export const Decide = ({ found }: { readonly found: Case }) => {
  const t = useWords()
  if (!open.includes(found.state)) return null
  return (
    <section className="case-decide" aria-label={t('case.decide')}>
      <h3>{t('case.decide')}</h3>
      <What found={found} />
    </section>
  )
}
