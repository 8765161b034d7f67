import { Link } from '@tanstack/react-router'
import Empty from 'antd/es/empty'
import { useWords } from '../words/index.ts'

export const NotFound = () => {
  const t = useWords()
  return (
    <main className="alone">
      <Empty description={t('page.missing')}>
        <Link to="/inbox/$view" params={{ view: 'unassigned' }}>
          {t('page.to-inbox')}
        </Link>
      </Empty>
    </main>
  )
}
