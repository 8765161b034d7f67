import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Collapse from 'antd/es/collapse'
import Empty from 'antd/es/empty'
import Segmented from 'antd/es/segmented'
import Skeleton from 'antd/es/skeleton'
import { useState } from 'react'
import { ApiError } from '../api/request.ts'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/knowledge.ts'
import { AskWords } from '../shell/ask-words.tsx'
import { ProposalDraft } from './machine.tsx'
import { knowledgeKey, onceAt, useKnowledgeAct } from './use-knowledge.ts'

type Proposal = Schemas['Proposal']

const states = ['open', 'accepted', 'dismissed', 'done'] as const
const most = 100

const useProposals = (state: Proposal['state']) =>
  useQuery({
    queryKey: knowledgeKey('proposals', state),
    queryFn: async ({ signal }) =>
      (await answerOf(v1.GET('/knowledge/proposals', { params: { query: { state, limit: most } }, signal })))
        .data,
  })

/** What accepting would write, and what an editor has to add first. */
const useEdits = ({ id, state }: Proposal) =>
  useQuery({
    queryKey: knowledgeKey('proposal', id, 'edits'),
    queryFn: ({ signal }) =>
      answerOf(v1.GET('/knowledge/proposals/{id}/edits', { params: { path: { id } }, signal })),
    enabled: state === 'open',
  })

const Evidence = ({ proposal: { evidence, examples } }: { readonly proposal: Proposal }) => {
  const t = useWords()
  return (
    <>
      <h3>{t('proposal.examples')}</h3>
      <ul className="addresses">
        {examples.map((sentence) => (
          <li key={sentence}>
            <bdi>{sentence}</bdi>
          </li>
        ))}
      </ul>
      <h3>{t('proposal.failures')}</h3>
      <p>
        {evidence.failures.map(({ kind, count }) => (
          <span key={kind} className="chip">
            {t(`failure.kind.${kind}`)} {count}
          </span>
        ))}
      </p>
      {evidence.closest.length === 0 ? null : (
        <>
          <h3>{t('proposal.closest')}</h3>
          <ul className="addresses">
            {evidence.closest.map(({ articleId, question, score }) => (
              <li key={articleId}>
                {Math.round(score * 100)} %{' '}
                <Link to="/knowledge/articles/$articleId" params={{ articleId }}>
                  <bdi>{question}</bdi>
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

const Acts = ({ proposal }: { readonly proposal: Proposal }) => {
  const t = useWords()
  const { data: edits, error } = useEdits(proposal)
  const [isDismissing, setDismissing] = useState(false)
  const path = { id: proposal.id }
  const accept = useKnowledgeAct(
    () =>
      answerOf(
        v1.POST('/knowledge/proposals/{id}/accept', {
          params: { path, header: onceAt(proposal.version) },
          body: {},
        }),
      ),
    'done.accept',
  )
  const dismiss = useKnowledgeAct(
    (reason: string) =>
      answerOf(
        v1.POST('/knowledge/proposals/{id}/dismiss', {
          params: { path, header: onceAt(proposal.version) },
          body: { reason },
        }),
      ),
    'done.dismiss',
  )
  if (proposal.state !== 'open') return null
  const needs = edits?.needsEditor ?? []
  const fault = error instanceof ApiError ? explain(error, t) : undefined
  return (
    <div className="actions">
      {needs.length === 0 ? (
        <Button
          type="primary"
          loading={accept.isPending}
          disabled={edits === undefined}
          title={fault ?? ''}
          onClick={() => accept.mutate()}
        >
          {t('proposal.accept')}
        </Button>
      ) : (
        <span className="quiet">{t('proposal.needs', { what: needs.join(', ') })}</span>
      )}
      {proposal.kind === 'new_article' ? <ProposalDraft proposalId={proposal.id} /> : null}
      <Button onClick={() => setDismissing(true)}>{t('proposal.dismiss')}</Button>
      {isDismissing ? (
        <AskWords
          title={t('proposal.dismiss')}
          label={t('proposal.dismiss.reason')}
          ok={t('proposal.dismiss')}
          pending={dismiss.isPending}
          close={() => setDismissing(false)}
          finish={(reason) => {
            dismiss.mutate(reason, { onSuccess: () => setDismissing(false) })
          }}
        />
      ) : null}
    </div>
  )
}

const Body = ({ proposal }: { readonly proposal: Proposal }) => {
  const t = useWords()
  const { may } = useSession()
  return (
    <>
      <Evidence proposal={proposal} />
      {proposal.draftIds.length === 0 ? null : (
        <p>
          {t('proposal.drafts')}{' '}
          {proposal.draftIds.map((draftId) => (
            <Link key={draftId} to="/knowledge/drafts/$draftId" params={{ draftId }}>
              {t('knowledge.drafts')}
            </Link>
          ))}
        </p>
      )}
      {may('knowledge.edit') ? <Acts proposal={proposal} /> : null}
    </>
  )
}

/** What the bot did not settle, grouped by meaning, with what might be done about it. */
export const Proposals = () => {
  const t = useWords()
  const [state, setState] = useState<Proposal['state']>('open')
  const { data: proposals, error } = useProposals(state)
  return (
    <>
      <header className="page-head">
        <h1>{t('knowledge.proposals')}</h1>
        <Segmented<Proposal['state']>
          value={state}
          options={states.map((one) => ({ value: one, label: t(`proposal.state.${one}`) }))}
          onChange={setState}
        />
      </header>
      {proposals === undefined ? (
        error === null ? (
          <Skeleton active />
        ) : (
          <p role="alert">{explain(error, t)}</p>
        )
      ) : proposals.length === 0 ? (
        <Empty description={t('proposal.none')} />
      ) : (
        <Collapse
          accordion
          destroyOnHidden
          items={proposals.map((proposal) => ({
            key: proposal.id,
            label: (
              <>
                <span className="chip">{t(`proposal.kind.${proposal.kind}`)}</span>{' '}
                <bdi>{proposal.label}</bdi>
              </>
            ),
            extra: t('proposal.count', { count: proposal.count, contacts: proposal.contacts }),
            children: <Body proposal={proposal} />,
          }))}
        />
      )}
    </>
  )
}
