import { useQuery } from '@tanstack/react-query'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { useWords } from '../words/knowledge.ts'
import { knowledgeKey } from './use-knowledge.ts'

const textOf = (value: unknown): string =>
  value === undefined ? '—' : typeof value === 'string' ? value : JSON.stringify(value, undefined, 1)

/** What differs, field by field: before and after. */
export const Fields = ({ fields }: { readonly fields: Schemas['ArticleDiff']['fields'] }) => (
  <dl className="diff">
    {fields.map(({ field, before, after }) => (
      <div key={field}>
        <dt>{field}</dt>
        <dd>
          <del className="words" dir="auto">
            {textOf(before)}
          </del>
          <ins className="words" dir="auto">
            {textOf(after)}
          </ins>
        </dd>
      </div>
    ))}
  </dl>
)

/** How a draft differs from what is live. */
export const DraftDiff = ({ id, version }: { readonly id: string; readonly version: number }) => {
  const t = useWords()
  const { data } = useQuery({
    queryKey: knowledgeKey('draft', id, 'diff', version),
    queryFn: ({ signal }) =>
      answerOf(v1.GET('/knowledge/drafts/{id}/diff', { params: { path: { id } }, signal })),
  })
  if (data === undefined) return null
  return (
    <section aria-label={t('draft.diff')}>
      <h2>{t('draft.diff')}</h2>
      {data.diff === undefined ? <p>{t('draft.diff.none')}</p> : <Fields fields={data.diff.fields} />}
    </section>
  )
}
