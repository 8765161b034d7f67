import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { keys } from '../api/queries.ts'
import { answerOf, v1 } from '../api/v1.ts'
import { useWords } from '../words/index.ts'

/** Tickets that this one names or that name it. */
export const Related = ({ ticketId }: { readonly ticketId: string }) => {
  const t = useWords()
  const { data: related = [] } = useQuery({
    queryKey: [...keys.ticket(ticketId), 'related'],
    queryFn: async ({ signal }) =>
      (await answerOf(v1.GET('/tickets/{id}/related', { params: { path: { id: ticketId } }, signal }))).data,
  })
  if (related.length === 0) return null
  return (
    <>
      <h2>{t('info.related')}</h2>
      <ul className="addresses">
        {related.map(({ id, number, state, title, relation }) => (
          <li key={`${id} ${relation}`}>
            <span className="quiet">{t(`relation.${relation}`)}</span>{' '}
            <Link to="/inbox/$view/$ticketId" params={{ view: 'open', ticketId: id }}>
              T-{number} <bdi>{title}</bdi>
            </Link>{' '}
            <span className="chip">{t(`state.${state}`)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
