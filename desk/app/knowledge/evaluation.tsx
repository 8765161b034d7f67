import { useQuery } from '@tanstack/react-query'
import Spin from 'antd/es/spin'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { useWords, type Translate } from '../words/knowledge.ts'
import { knowledgeKey, type Evaluation } from './use-knowledge.ts'

const lookMs = 2_000

/** An evaluation, looked at until it is done. */
export const useEvaluation = (id: string | undefined) =>
  useQuery({
    queryKey: knowledgeKey('evaluation', id),
    queryFn: ({ signal }) =>
      answerOf(v1.GET('/knowledge/evaluations/{id}', { params: { path: { id: id ?? '' } }, signal })),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? lookMs : false),
  })

type Result = NonNullable<Evaluation['result']>
type Outcome = Result['tried'][number]['before']

const outcomeText = (outcome: Outcome, t: Translate): string =>
  outcome.kind === 'answer'
    ? t('outcome.answer', { article: outcome.articleId })
    : t(`outcome.${outcome.kind}`)

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

const Changes = ({ changes }: { readonly changes: Result['labelledChanges'] }) => {
  const t = useWords()
  return (
    <ul className="addresses">
      {changes.map(({ text, before, after, right }, at) => (
        // The same words may have been said twice.
        <li key={at}>
          <bdi>{text}</bdi>{' '}
          <span className="quiet">
            {outcomeText(before, t)} → {outcomeText(after, t)}
          </span>
          {right === undefined ? null : (
            <span className={right.after ? 'due-done' : 'delivery bad'}>{right.after ? ' ✓' : ' ✗'}</span>
          )}
        </li>
      ))}
    </ul>
  )
}

/** What an evaluation found: numbers, concerns, and the messages that would get something else. */
export const EvaluationReport = ({ evaluation }: { readonly evaluation: Evaluation }) => {
  const t = useWords()
  const { state, result, failure } = evaluation
  if (state === 'waiting')
    return (
      <p role="status">
        <Spin size="small" /> {t('publish.trying')}
      </p>
    )
  if (result === undefined) return <p role="alert">{failure}</p>
  const { labelled, conversations, concerns, labelledChanges, conversationChanges } = result
  return (
    <section aria-label={t('publish.try')}>
      {labelled === undefined ? null : (
        <p>
          {t('publish.labelled', {
            rows: labelled.rows,
            before: percent(labelled.before.coverage),
            after: percent(labelled.after.coverage),
            wrongBefore: labelled.before.wrong,
            wrongAfter: labelled.after.wrong,
          })}
        </p>
      )}
      <p>
        {t('publish.conversations', { messages: conversations.messages, changed: conversations.changed })}
      </p>
      {concerns.length === 0 ? null : (
        <>
          <h3>{t('publish.concerns')}</h3>
          <ul className="addresses">
            {concerns.map((concern) => (
              <li key={concern} className="delivery bad">
                {concern}
              </li>
            ))}
          </ul>
        </>
      )}
      {labelledChanges.length + conversationChanges.length === 0 ? null : (
        <details open>
          <summary>{t('publish.changes')}</summary>
          <Changes changes={[...labelledChanges, ...conversationChanges]} />
        </details>
      )}
    </section>
  )
}

/** What is wrong with drafts before anything is published. */
export const Findings = ({ findings }: { readonly findings: readonly Schemas['KnowledgeFinding'][] }) => {
  const t = useWords()
  return (
    <ul className="addresses">
      {findings.map(({ level, articleId, problem, fix }) => (
        <li key={`${articleId} ${problem}`} className={level === 'error' ? 'delivery bad' : ''}>
          {t(`publish.${level}`)} · {articleId}: {problem} <span className="quiet">{fix}</span>
        </li>
      ))}
    </ul>
  )
}
