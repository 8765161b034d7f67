import App from 'antd/es/app'
import Button from 'antd/es/button'
import { useState } from 'react'
import { answerOf, v1 } from '../api/v1.ts'
import { AskWords } from '../shell/ask-words.tsx'
import { useSession } from '../shell/session.ts'
import { exactTime } from '../shell/time.ts'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/complaint.ts'
import { tookPart } from './facts.ts'
import { useCaseAct, type Case, type Decision } from './use-case.ts'
import { Why } from './why.tsx'

/** The second person's word on what is proposed. */
const Settle = ({ found, decision }: { readonly found: Case; readonly decision: Decision }) => {
  const t = useWords()
  const { modal } = App.useApp()
  const { may, agent } = useSession()
  const [isRejecting, setRejecting] = useState(false)
  const approve = useCaseAct(found, 'done.approved', (params) =>
    answerOf(v1.POST('/complaints/{id}/approve', { params })),
  )
  const reject = useCaseAct(found, 'done.rejected', (params, why: string) =>
    answerOf(v1.POST('/complaints/{id}/reject', { params, body: { why } })),
  )
  if (!may('complaint.approve')) return <Why text={t('case.why.approve')} />
  if (decision.proposedBy === agent.id) return <Why text={t('case.why.own')} />
  if (tookPart(found, agent.id)) return <Why text={t('case.why.took-part')} />
  const askApprove = async (): Promise<void> => {
    const sure = await modal.confirm({
      title: t('case.approve.sure', {
        verdict: t(`case.verdict.${decision.verdict}`),
        objects: found.objects.map(({ id }) => id).join(t('case.comma')),
      }),
      content: t('case.approve.told'),
      okText: t('case.approve'),
      cancelText: t('cancel'),
    })
    if (sure) approve.mutate()
  }
  return (
    <div className="actions">
      <Button type="primary" loading={approve.isPending} onClick={() => void askApprove()}>
        {t('case.approve')}
      </Button>
      <Button onClick={() => setRejecting(true)}>{t('case.reject')}</Button>
      {isRejecting ? (
        <AskWords
          title={t('case.reject')}
          label={t('case.reject.why')}
          ok={t('case.reject')}
          pending={reject.isPending}
          finish={(why) => reject.mutate(why, { onSuccess: () => setRejecting(false) })}
          close={() => setRejecting(false)}
        />
      ) : null}
    </div>
  )
}

/** What the moderation system was asked for, and what became of it. */
const Actions = ({ found, decisionId }: { readonly found: Case; readonly decisionId: string }) => {
  const t = useWords()
  const { may } = useSession()
  const repeat = useCaseAct(found, 'done.repeated', ({ path, header }, actionId: string) =>
    answerOf(
      v1.POST('/complaints/{id}/actions/{actionId}/repeat', {
        params: { path: { ...path, actionId }, header },
      }),
    ),
  )
  const own = found.actions.filter((action) => action.decisionId === decisionId)
  if (own.length === 0) return null
  return (
    <ul className="addresses">
      {own.map(({ id, kind, state, reference, problem, requests }) => (
        <li key={id}>
          {t(`case.action.${kind}`)}{' '}
          <span className={state === 'failed' ? 'chip due-over' : 'chip'}>
            {t(`case.action.state.${state}`)}
          </span>{' '}
          <span className="quiet">
            {reference} {t('case.action.requests', { n: requests })}
          </span>
          {problem === undefined ? null : <bdi className="delivery bad"> {problem}</bdi>}
          {state !== 'confirmed' && may('complaint.work') ? (
            <Button size="small" loading={repeat.isPending} onClick={() => repeat.mutate(id)}>
              {t('case.action.repeat')}
            </Button>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

const One = ({ found, decision }: { readonly found: Case; readonly decision: Decision }) => {
  const t = useWords()
  const language = useLanguage((state) => state.language)
  const { id, verdict, hours, reasonTitle, policyVersion, state, note, toReported } = decision
  const { proposedByName, proposedAt, settledByName, settledAt } = decision
  return (
    <li className="decided">
      <strong>{t(`case.verdict.${verdict}`)}</strong>{' '}
      {hours === undefined ? null : <span>{t('case.hours.n', { n: hours })} </span>}
      <span className={state === 'rejected' ? 'chip' : 'chip due-soon'}>
        {t(`case.decision.${state}`)}
      </span>{' '}
      <bdi>{reasonTitle[language]}</bdi> <span className="quiet">{policyVersion}</span>
      <p className="quiet">
        {t('case.decision.by', { name: proposedByName, at: exactTime(proposedAt) })}
        {settledByName === undefined || settledAt === undefined
          ? ''
          : ` · ${t('case.decision.settled', { name: settledByName, at: exactTime(settledAt) })}`}
      </p>
      {note === undefined ? null : (
        <p className="note-line words">
          <bdi>{note}</bdi>
        </p>
      )}
      {toReported === undefined ? null : (
        <p className="words">
          <span className="quiet">{t('case.to-reported')}: </span>
          <bdi>{toReported}</bdi>
        </p>
      )}
      <Actions found={found} decisionId={id} />
      {state === 'proposed' ? <Settle found={found} decision={decision} /> : null}
    </li>
  )
}

/** What was decided or proposed so far. */
export const Decisions = ({ found }: { readonly found: Case }) => {
  const t = useWords()
  if (found.decisions.length === 0) return null
  return (
    <section aria-label={t('case.decisions')}>
      <h3>{t('case.decisions')}</h3>
      <ol className="pieces">
        {found.decisions.map((decision) => (
          <One key={decision.id} found={found} decision={decision} />
        ))}
      </ol>
    </section>
  )
}
