import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { exactTime } from '../shell/time.ts'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/reports.ts'
import { changeOf, Shown, textOf } from './number.tsx'

const everyMs = 15_000

/** How things stand now, on the whole screen; looks again by itself. */
export const Wall = () => {
  const t = useWords()
  const language = useLanguage((state) => state.language)
  const { data, error } = useQuery({
    queryKey: ['reports', 'wall', language],
    queryFn: ({ signal }) => answerOf(v1.GET('/reports/wall', { params: { query: {} }, signal })),
    refetchInterval: everyMs,
    // A screen on the wall has nobody at its keyboard.
    refetchIntervalInBackground: true,
  })
  return (
    <main className="wall">
      <header className="page-head">
        <h1>{t('reports.wall')}</h1>
        {data === undefined ? null : (
          <span className="quiet" role="status">
            {t('reports.wall.at', { at: exactTime(data.at), zone: data.zone })}
          </span>
        )}
        {document.fullscreenEnabled ? (
          <Button onClick={() => void document.documentElement.requestFullscreen()}>
            {t('reports.wall.full')}
          </Button>
        ) : null}
        <Link to="/reports/overview">{t('reports.back')}</Link>
      </header>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data === undefined ? null : (
        <>
          <dl className="wall-numbers">
            {data.numbers.map((number) => (
              <div key={number.metric} className="card">
                <dt>{number.name}</dt>
                <dd>
                  <Shown cell={number} unit={number.unit} />
                </dd>
                {number.before === undefined ? null : (
                  <dd className="quiet">{changeOf(number, number.unit, t)}</dd>
                )}
                <dd className="quiet">{number.means}</dd>
              </div>
            ))}
          </dl>
          <Hours hours={data.hours} />
        </>
      )}
    </main>
  )
}

/** Sessions of today by the hour, as bars with their numbers. */
const Hours = ({ hours }: Pick<Schemas['ReportWall'], 'hours'>) => {
  const t = useWords()
  const most = Math.max(1, ...hours)
  return (
    <section aria-label={t('reports.wall.hours')}>
      <h2>{t('reports.wall.hours')}</h2>
      <ol className="wall-hours">
        {hours.map((count, hour) => (
          <li key={hour}>
            <span>{textOf(count, 'count', t)}</span>
            <progress max={most} value={count} aria-label={t('reports.wall.hour', { hour, n: count })} />
            <span className="quiet">{String(hour).padStart(2, '0')}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
