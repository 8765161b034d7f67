import { PlusOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTickets, useViews } from '../api/queries.ts'
import { useSession } from '../shell/session.ts'
import { useNow } from '../shell/time.ts'
import { useWords } from '../words/index.ts'
import { customView, inView, views, type PlainView, type View } from './views.ts'

const ViewDrawer = lazy(async () => ({ default: (await import('../views/index.ts')).ViewDrawer }))

interface LinkProps {
  readonly to: View
  readonly name: string
  readonly count: string | undefined
  readonly isShown: boolean
}

const ViewLink = ({ to, name, count, isShown }: LinkProps) => (
  <Link to="/inbox/$view" params={{ view: to }} className="view" aria-current={isShown ? 'page' : undefined}>
    <bdi className="view-name">{name}</bdi>
    <span className="count">{count}</span>
  </Link>
)

/** The views that the agent made, those that colleagues share, and how to make one. */
const CustomViews = ({ view }: { readonly view: View }) => {
  const t = useWords()
  const { may } = useSession()
  const mayRead = may('ticket.read')
  const { data } = useViews(mayRead)
  const [isMaking, setMaking] = useState(false)
  if (!mayRead) return null
  return (
    <>
      {(data?.views ?? []).map(({ id, name, count, more }) => (
        <ViewLink
          key={id}
          to={customView(id)}
          name={name}
          count={`${count}${more ? '+' : ''}`}
          isShown={customView(id) === view}
        />
      ))}
      <button
        type="button"
        className="view view-new"
        aria-label={t('views.new.label')}
        onClick={() => setMaking(true)}
      >
        <span>{t('views.new')}</span>
        <PlusOutlined />
      </button>
      {isMaking ? (
        <Suspense fallback={null}>
          <ViewDrawer view={undefined} close={() => setMaking(false)} />
        </Suspense>
      ) : null}
    </>
  )
}

/** The views with how many tickets they hold; with `+` when more may exist than one look brings. */
export const ViewsPane = ({ view }: { readonly view: View }) => {
  const t = useWords()
  const at = useNow()
  const { agent, may } = useSession()
  const open = useTickets('open', may('ticket.read'))
  const mentioned = useTickets('mentioned', may('ticket.read'))
  const countOf = (one: PlainView): string | undefined => {
    const { data, hasNextPage } = one === 'mentioned' ? mentioned : open
    if (data === undefined || one === 'solved') return undefined
    return `${inView(data, one, { agentId: agent.id, at }).length}${hasNextPage ? '+' : ''}`
  }
  return (
    <nav className="views" aria-label={t('views')}>
      {views.map((one) => (
        <ViewLink key={one} to={one} name={t(`view.${one}`)} count={countOf(one)} isShown={one === view} />
      ))}
      <CustomViews view={view} />
    </nav>
  )
}
