import { Link, Outlet } from '@tanstack/react-router'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/admin.ts'
import type { Permission } from '../../../src/http/api.ts'

const pages = [
  'inboxes',
  'teams',
  'canned',
  'rules',
  'macros',
  'incidents',
  'calendars',
  'promises',
  'surveys',
  'retention',
  'keys',
  'webhooks',
  'audit',
  'system',
] as const
type Page = (typeof pages)[number]

/** What each page needs. */
export const permissionOf: Readonly<Record<Page, Permission>> = {
  inboxes: 'inbox.read',
  teams: 'team.read',
  canned: 'canned.read',
  rules: 'rule.read',
  macros: 'macro.read',
  incidents: 'incident.read',
  keys: 'key.manage',
  webhooks: 'webhook.manage',
  audit: 'audit.read',
  calendars: 'system.read',
  promises: 'system.read',
  surveys: 'survey.read',
  retention: 'privacy.read',
  system: 'system.read',
}

/** The administration with the pages that one may see. */
export const AdminLayout = () => {
  const t = useWords()
  const { may } = useSession()
  return (
    <main className="pages">
      <nav className="views" aria-label={t('admin')}>
        {pages
          .filter((page) => may(permissionOf[page]))
          .map((page) => (
            <Link key={page} to={`/admin/${page}`} className="view" activeProps={{ 'aria-current': 'page' }}>
              {t(`admin.${page}`)}
            </Link>
          ))}
      </nav>
      {/* Where it scrolls and holds nothing to press, the keyboard still has to get there. */}
      <section className="page" tabIndex={0} aria-label={t('admin')}>
        <Outlet />
      </section>
    </main>
  )
}
