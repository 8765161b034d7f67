import { Link } from '@tanstack/react-router'
import type { TicketDetail } from '../api/desk.ts'
import { useWords } from '../words/index.ts'

/** Tickets that this one names or that name it. */
export const Related = ({ detail: { related } }: { readonly detail: TicketDetail }) => {
  const t = useWords()
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
