import { Link, Outlet } from '@tanstack/react-router'
import { useWords } from '../words/settings.ts'

const pages = ['keys', 'notices'] as const

/** What agents set for themselves. */
export const SettingsLayout = () => {
  const t = useWords()
  return (
    <main className="pages">
      <nav className="views" aria-label={t('settings')}>
        {pages.map((page) => (
          <Link key={page} to={`/settings/${page}`} className="view" activeProps={{ 'aria-current': 'page' }}>
            {t(`settings.${page}`)}
          </Link>
        ))}
      </nav>
      <section className="page">
        <Outlet />
      </section>
    </main>
  )
}
