import { Link, Outlet } from '@tanstack/react-router'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/reports.ts'
import type { Permission } from '../../../src/http/api.ts'

const pages = [
  'overview',
  'intents',
  'channels',
  'agents',
  'complaints',
  'suggestions',
  'tickets',
  'surveys',
  'feedback',
] as const
type Page = (typeof pages)[number]

const permissionOf: Readonly<Record<Page, Permission>> = {
  overview: 'report.read',
  intents: 'report.read',
  channels: 'report.read',
  agents: 'quality.read',
  complaints: 'report.read',
  suggestions: 'report.read',
  tickets: 'report.read',
  surveys: 'survey.read',
  feedback: 'feedback.read',
}

/** The reports that one may see. */
export const ReportsLayout = () => {
  const t = useWords()
  const { may } = useSession()
  return (
    <main className="pages">
      <nav className="views" aria-label={t('reports')}>
        {pages
          .filter((page) => may(permissionOf[page]))
          .map((page) => (
            <Link
              key={page}
              to={`/reports/${page}`}
              search
              className="view"
              activeProps={{ 'aria-current': 'page' }}
            >
              {t(`reports.${page}`)}
            </Link>
          ))}
        {may('report.read') ? (
          <Link to="/wall" className="view">
            {t('reports.wall')}
          </Link>
        ) : null}
      </nav>
      <section className="page" tabIndex={0} aria-label={t('reports')}>
        <Outlet />
      </section>
    </main>
  )
}
