import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import Segmented from 'antd/es/segmented'
import { useState } from 'react'
import { keys } from '../api/queries.ts'
import { ApiError } from '../api/request.ts'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { exactTime, shortTime } from '../shell/time.ts'
import { useLanguage } from '../words/index.ts'
import { isIncidentWord, useWords } from '../words/incidents.ts'
import { Asked, type Asking } from './asked.tsx'
import { useIncidentAct, useIncidents, type Incident, type IncidentAct } from './use-incidents.ts'

type Both = Incident['title']
type Filter = 'all' | 'open' | 'closed'
const filters = ['all', 'open', 'closed'] as const
const perPage = 20

const useWording = () => {
  const language = useLanguage((state) => state.language)
  return ({ zh, en = zh }: Both): string => (language === 'en' ? en : zh)
}

/** Incidents, the latest first; more of them on demand. */
const useAll = (filter: Filter) =>
  useInfiniteQuery({
    queryKey: [...keys.incidents, 'all', filter],
    queryFn: ({ signal, pageParam }) =>
      answerOf(
        v1.GET('/incidents', {
          params: {
            query: {
              limit: perPage,
              ...(filter === 'all' ? {} : { state: filter }),
              ...(pageParam === '' ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })

const useReport = (id: string) =>
  useQuery({
    queryKey: [...keys.incidents, id, 'report'],
    queryFn: ({ signal }) =>
      answerOf(v1.GET('/incidents/{id}/report', { params: { path: { id }, query: {} }, signal })),
  })

const useTold = (id: string) =>
  useQuery({
    queryKey: [...keys.incidents, id, 'notices'],
    queryFn: async ({ signal }) =>
      (
        await answerOf(
          v1.GET('/incidents/{id}/notices', { params: { path: { id }, query: { limit: 100 } }, signal }),
        )
      ).data,
  })

const At = ({ at }: { readonly at: string }) => (
  <time className="quiet" dateTime={at} title={exactTime(at)}>
    {shortTime(at)}
  </time>
)

const Said = ({ name, words }: { readonly name: string; readonly words: Both }) => (
  <div>
    <dt>{name}</dt>
    <dd className="words">
      <bdi>{words.zh}</bdi>
      {words.en === undefined ? null : (
        <>
          {'\n'}
          <bdi lang="en">{words.en}</bdi>
        </>
      )}
    </dd>
  </div>
)

/** What contacts hear: above answers, on some channels in other words, and as news. */
const Words = ({
  incident,
  updates,
}: {
  readonly incident: Incident
  readonly updates: readonly Schemas['IncidentUpdate'][]
}) => {
  const t = useWords()
  return (
    <section aria-label={t('incidents.words')}>
      <h3>{t('incidents.words')}</h3>
      <dl className="facts">
        <Said name={t('incidents.notice')} words={incident.notice} />
        {Object.entries(incident.channelNotices).map(([channel, words]) => (
          <Said key={channel} name={t('incidents.notice.on', { channel })} words={words} />
        ))}
        {updates.map(({ id, kind, at, wording }) => (
          <Said key={id} name={`${t(`incidents.news.${kind}`)} ${exactTime(at)}`} words={wording} />
        ))}
      </dl>
    </section>
  )
}

const ways = ['now', 'fallback', 'next-message', 'planned', 'waits', 'never'] as const

/** Who was told, and why others were not. */
const Told = ({ id, report }: { readonly id: string; readonly report: Schemas['IncidentReport'] }) => {
  const t = useWords()
  const { data: notices = [] } = useTold(id)
  return (
    <section aria-label={t('incidents.told')}>
      <h3>{t('incidents.told')}</h3>
      <p>
        {ways.map((way) => (
          <span key={way} className="chip">
            {t(`incidents.told.${way}`)} {report.told[way]}
          </span>
        ))}
      </p>
      {notices.length === 0 ? <p className="quiet">{t('incidents.told.none')}</p> : null}
      <ul className="history">
        {notices.map(({ id: one, state, reason, createdAt, contactId }) => (
          <li key={one}>
            <At at={createdAt} /> <code className="hash">{contactId.slice(-8)}</code>{' '}
            {t(`incidents.notice.${state}`)}
            {reason === undefined ? null : <span className="quiet"> {t(`incidents.reason.${reason}`)}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}

const History = ({ lines }: { readonly lines: readonly Schemas['IncidentEntry'][] }) => {
  const t = useWords()
  return (
    <section aria-label={t('history')}>
      <h3>{t('history')}</h3>
      <ol className="history">
        {lines.map(({ id, at, actor, change }) => {
          const key = `incidents.change.${change}`
          return (
            <li key={id}>
              <At at={at} /> <bdi>{actor.name ?? t('incidents.machine')}</bdi>{' '}
              {isIncidentWord(key) ? t(key) : change}
            </li>
          )
        })}
      </ol>
    </section>
  )
}

/** All that is known of an incident, fetched when it is looked at. */
const Detail = ({ incident }: { readonly incident: Incident }) => {
  const t = useWords()
  const { id, parentTicketId } = incident
  const { data: report, error } = useReport(id)
  if (report === undefined) return error === null ? null : <p role="alert">{explain(error, t)}</p>
  const { total, open, replied, medianReplyMinutes } = report.tickets
  return (
    <div className="case-decide">
      <p>
        {t('incidents.tickets', { total, open, replied })}{' '}
        {medianReplyMinutes === undefined ? '' : t('incidents.median', { n: Math.round(medianReplyMinutes) })}{' '}
        {parentTicketId === undefined ? null : (
          <Link to="/inbox/$view/$ticketId" params={{ view: 'open', ticketId: parentTicketId }}>
            {t('incidents.parent')}
          </Link>
        )}
      </p>
      <div className="columns">
        <div>
          <Words incident={incident} updates={report.updates} />
          <History lines={report.timeline} />
        </div>
        <Told id={id} report={report} />
      </div>
      <Button href={`/api/v1/incidents/${id}/report?format=markdown`} download>
        {t('incidents.report')}
      </Button>
    </div>
  )
}

interface RowProps {
  readonly incident: Incident
  readonly ask: (asking: Asking) => void
}

const Row = ({ incident, ask }: RowProps) => {
  const t = useWords()
  const wording = useWording()
  const { may } = useSession()
  const [isOpen, setOpen] = useState(false)
  const { number, title, state, sinceAt, closedAt, declaredBy, topics, channels } = incident
  const { heard, followers, tickets, openTickets } = incident
  const name = `I-${number}`
  return (
    <li className="theme">
      <strong>
        {name} <bdi>{wording(title)}</bdi>{' '}
        <span className={state === 'open' ? 'chip due-soon' : 'chip'}>{t(`incidents.state.${state}`)}</span>
      </strong>
      <span className="quiet">
        {exactTime(sinceAt)} – {closedAt === undefined ? '' : exactTime(closedAt)} ·{' '}
        {t('incidents.by', { name: declaredBy.name ?? t('incidents.machine') })} ·{' '}
        {[...topics, ...channels].join(' · ') || t('incident.everything')}
      </span>
      <span>{t('incidents.counts', { heard, followers, tickets, open: openTickets })}</span>
      <div className="actions">
        <Button
          size="small"
          aria-expanded={isOpen}
          aria-label={t('incidents.look.of', { name })}
          onClick={() => setOpen(!isOpen)}
        >
          {t(isOpen ? 'incidents.fold' : 'incidents.look')}
        </Button>
        {state === 'open' && may('incident.manage')
          ? (['change', 'update', 'close'] as const).map((form) => (
              <Button
                key={form}
                size="small"
                aria-label={`${t(`incident.${form}`)} ${name}`}
                onClick={() => ask({ form, incident })}
              >
                {t(`incident.${form}`)}
              </Button>
            ))
          : null}
      </div>
      {isOpen ? <Detail incident={incident} /> : null}
    </li>
  )
}

/** Spikes that may be incidents. */
const Spikes = ({ ask }: Pick<RowProps, 'ask'>) => {
  const t = useWords()
  const { spikes } = useIncidents()
  if (spikes.length === 0) return null
  return (
    <section aria-label={t('incidents.spikes')}>
      <h2>{t('incidents.spikes')}</h2>
      <ul className="pieces">
        {spikes.map((spike) => {
          const { observed, minutes, expected, factor } = spike.evidence
          const what = [spike.topic, spike.channel].filter(Boolean).join(' · ') || t('incident.everything')
          const numbers = { observed, minutes, expected: expected.toFixed(1), factor: factor.toFixed(1) }
          return (
            <li key={spike.id} className="theme">
              <bdi>{t('incident.spike', { what, ...numbers })}</bdi>
              <div className="actions">
                <Button size="small" onClick={() => ask({ form: 'declare', spike })}>
                  {t('incident.declare')}
                </Button>
                <Button size="small" onClick={() => ask({ form: 'dismiss', spike })}>
                  {t('incident.dismiss')}
                </Button>
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** The same form on the incident as it is now: what was typed stays in it. */
const onCurrent = (asking: Asking, error: unknown): Asking =>
  error instanceof ApiError &&
  error.code === 'stale' &&
  (asking.form === 'change' || asking.form === 'update' || asking.form === 'close')
    ? { ...asking, incident: error.facts.current as Incident }
    : asking

const useAsked = () => {
  const t = useWords()
  const { message } = App.useApp()
  const [asking, setAsking] = useState<Asking>()
  const act = useIncidentAct()
  const close = (): void => setAsking(undefined)
  const run = (wanted: IncidentAct): void => {
    act.mutate(wanted, {
      onSuccess: () => {
        void message.success(t('done.incident'))
        close()
      },
      onError: (error) => {
        void message.error(explain(error, t))
        setAsking((was) => (was === undefined ? was : onCurrent(was, error)))
      },
    })
  }
  return { asking, ask: setAsking, close, run, pending: act.isPending }
}

/** Incidents, open and over: what was said, who was told, and what may be done. */
export const Incidents = () => {
  const t = useWords()
  const { may } = useSession()
  const [filter, setFilter] = useState<Filter>('all')
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useAll(filter)
  const { asking, ask, close, run, pending } = useAsked()
  const incidents = (data?.pages ?? []).flatMap((page) => page.data)
  return (
    <>
      <header className="page-head">
        <h1>{t('admin.incidents')}</h1>
        <Segmented<Filter>
          value={filter}
          aria-label={t('incidents.filter')}
          options={filters.map((one) => ({ value: one, label: t(`incidents.state.${one}`) }))}
          onChange={setFilter}
        />
        {may('incident.manage') ? (
          <Button type="primary" onClick={() => ask({ form: 'declare' })}>
            {t('incident.by-hand')}
          </Button>
        ) : (
          <span className="quiet">{t('incidents.why.manage')}</span>
        )}
      </header>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      <Spikes ask={ask} />
      {incidents.length === 0 && !isPending && error === null ? <p>{t('incidents.none')}</p> : null}
      <ul className="pieces">
        {incidents.map((incident) => (
          <Row key={incident.id} incident={incident} ask={ask} />
        ))}
      </ul>
      {hasNextPage ? (
        <Button className="page-more" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('incidents.more')}
        </Button>
      ) : null}
      {asking === undefined ? null : <Asked asking={asking} act={run} close={close} pending={pending} />}
    </>
  )
}
