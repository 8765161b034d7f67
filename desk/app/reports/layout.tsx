import { Link, Outlet } from '@tanstack/react-router'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/reports.ts'
import type { Permission } from '../../../src/http/api.ts'

const pages = ['tickets', 'surveys', 'feedback'] as const
type Page = (typeof pages)[number]

const permissionOf: Readonly<Record<Page, Permission>> = {
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
              className="view"
              activeProps={{ 'aria-current': 'page' }}
            >
              {t(`reports.${page}`)}
            </Link>
          ))}
      </nav>
      <section className="page">
        <Outlet />
      </section>
    </main>
  )
}
