import { Link } from '@tanstack/react-router'
import { useTickets } from '../api/queries.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'
import { inView, views, type View } from './views.ts'

/** The views with how many tickets they hold; with `+` when more may exist than one look brings. */
export const ViewsPane = ({ view }: { readonly view: View }) => {
  const t = useWords()
  const { agent, may } = useSession()
  const open = useTickets('open', may('ticket.read'))
  const mentioned = useTickets('mentioned', may('ticket.read'))
  const countOf = (one: View): string | undefined => {
    const { data, hasNextPage } = one === 'mentioned' ? mentioned : open
    if (data === undefined || one === 'solved') return undefined
    return `${inView(data, one, agent.id).length}${hasNextPage ? '+' : ''}`
  }
  return (
    <nav className="views" aria-label={t('views')}>
      {views.map((one) => (
        <Link
          key={one}
          to="/inbox/$view"
          params={{ view: one }}
          className="view"
          aria-current={one === view ? 'page' : undefined}
        >
          <span>{t(`view.${one}`)}</span>
          <span className="count">{countOf(one)}</span>
        </Link>
      ))}
    </nav>
  )
}
