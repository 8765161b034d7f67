import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useWords, type WordKey } from '../words/reports.ts'
import { MonthField, useMonth } from './month.tsx'

type Theme = Schemas['ReportedTheme']

const Themes = ({ name, themes }: { readonly name: WordKey; readonly themes: readonly Theme[] }) => {
  const t = useWords()
  if (themes.length === 0) return null
  return (
    <section aria-label={t(name)}>
      <h2>{t(name)}</h2>
      <ol className="history">
        {themes.map(({ id, label, count, contacts }) => (
          <li key={id}>
            <bdi>{t('feedback.theme', { label, count, contacts })}</bdi>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What contacts suggested in a month. */
export const FeedbackReport = () => {
  const t = useWords()
  const { month, typed, type } = useMonth()
  const { data, error } = useQuery({
    queryKey: ['reports', 'feedback', month],
    queryFn: async ({ signal }) =>
      answerOf(v1.GET('/feedback/report', { params: { query: { month, format: 'json' } }, signal })),
  })
  const report = typeof data === 'object' && 'mostAsked' in data ? data : undefined
  return (
    <>
      <header className="page-head">
        <h1>{t('reports.feedback')}</h1>
        <MonthField typed={typed} type={type} />
        <Button href={`/api/v1/feedback/report?month=${month}&format=csv`}>{t('reports.export')}</Button>
      </header>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {report === undefined ? null : (
        <>
          <p>
            {t('feedback.count', {
              count: report.suggestions,
              before: report.suggestionsBefore,
              contacts: report.contacts,
            })}
          </p>
          <Themes name="feedback.most" themes={report.mostAsked} />
          <Themes name="feedback.new" themes={report.newThemes} />
          <Themes name="feedback.rising" themes={report.rising} />
          <Themes name="feedback.shipped" themes={report.shipped} />
          <Themes name="feedback.declined" themes={report.declined} />
        </>
      )}
    </>
  )
}
