import { Link, Outlet } from '@tanstack/react-router'
import { useWords } from '../words/knowledge.ts'

const pages = [
  ...(['articles', 'drafts', 'versions', 'proposals', 'exchange'] as const),
  ...(['intents', 'dictionary', 'persona'] as const),
] as const

/** The knowledge with its pages. */
export const KnowledgeLayout = () => {
  const t = useWords()
  return (
    <main className="pages">
      <nav className="views" aria-label={t('knowledge')}>
        {pages.map((page) => (
          <Link
            key={page}
            to={`/knowledge/${page}`}
            className="view"
            activeProps={{ 'aria-current': 'page' }}
          >
            {t(`knowledge.${page}`)}
          </Link>
        ))}
      </nav>
      <section className="page" tabIndex={0} aria-label={t('knowledge')}>
        <Outlet />
      </section>
    </main>
  )
}
