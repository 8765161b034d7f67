import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { answerOf, v1 } from '../api/v1.ts'
import { useWords } from '../words/knowledge.ts'
import { knowledgeKey } from './use-knowledge.ts'

/** Fewer say little. */
const fewest = 30

/** What people found of the answers that this article gave. */
export const ArticleVerdicts = ({ articleId }: { readonly articleId: string }) => {
  const t = useWords()
  const { data } = useQuery({
    queryKey: knowledgeKey('verdicts', articleId),
    queryFn: async ({ signal }) =>
      (await answerOf(v1.GET('/knowledge/verdicts', { params: { query: { articleId } }, signal }))).data,
  })
  if (data === undefined) return null
  const [counted] = data
  if (counted === undefined) return <p className="quiet">{t('verdicts.none')}</p>
  const { right, wrong, share, instead } = counted
  return (
    <section className="article-verdicts" aria-labelledby="article-verdicts">
      <h2 id="article-verdicts">{t('verdicts')}</h2>
      <p className={right + wrong < fewest ? 'quiet' : undefined}>
        {t('verdicts.share', { share: Math.round(share * 100), right, n: right + wrong })}
        {right + wrong < fewest ? ` ${t('verdicts.few', { n: fewest })}` : ''}
      </p>
      {instead.length === 0 ? null : (
        <p>
          {t('verdicts.instead')}{' '}
          {instead.map(({ articleId: id, count }) => (
            <span key={id} className="chip">
              <Link to="/knowledge/articles/$articleId" params={{ articleId: id }}>
                {id}
              </Link>{' '}
              × {count}
            </span>
          ))}
        </p>
      )}
    </section>
  )
}
