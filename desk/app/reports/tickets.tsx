import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Table from 'antd/es/table'
import Tooltip from 'antd/es/tooltip'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { spanOf } from '../shell/time.ts'
import { isWord } from '../words/index.ts'
import { useWords, type Translate, type WordKey } from '../words/reports.ts'
import { csvOf, save } from './csv.ts'
import { MonthField, useMonth } from './month.tsx'

type Report = Schemas['TicketReport']
type Numbers = Report['total'] & { readonly key?: string }

/** With fewer than this a share says little. */
const few = 30

const shareOf = ({ kept, broken }: { readonly kept: number; readonly broken: number }): string =>
  kept + broken === 0 ? '—' : `${Math.round((kept / (kept + broken)) * 100)} %`

/** A share, grey where it says little. */
const Share = ({ of }: { readonly of: { readonly kept: number; readonly broken: number } }) => {
  const t = useWords()
  const n = of.kept + of.broken
  return n >= few || n === 0 ? (
    shareOf(of)
  ) : (
    <Tooltip title={t('reports.few')}>
      <span className="quiet">{shareOf(of)}</span>
    </Tooltip>
  )
}

const Title = ({ name, means }: { readonly name: WordKey; readonly means: WordKey }) => {
  const t = useWords()
  return (
    <Tooltip title={t(means)}>
      <span tabIndex={0}>{t(name)}</span>
    </Tooltip>
  )
}

const medianText = ({ medianFirstReplySeconds: seconds }: Numbers, t: Translate): string =>
  seconds === undefined ? '—' : spanOf(seconds * 1_000, t)

interface PartProps {
  readonly rows: readonly Numbers[]
  readonly name: WordKey
}

const Part = ({ rows, name }: PartProps) => {
  const t = useWords()
  const nameOf = (key: string): string => {
    const word = `channel.${key}`
    return isWord(word) ? t(word) : key
  }
  return (
    <Table<Numbers>
      size="small"
      rowKey={({ key = '' }) => key}
      dataSource={[...rows]}
      pagination={false}
      columns={[
        { title: t(name), render: (_, { key = '' }) => nameOf(key) },
        { title: <Title name="reports.opened" means="reports.opened.means" />, dataIndex: 'opened' },
        { title: <Title name="reports.solved" means="reports.solved.means" />, dataIndex: 'solved' },
        {
          title: <Title name="reports.median" means="reports.median.means" />,
          render: (_, row) => medianText(row, t),
        },
        {
          title: <Title name="reports.first" means="reports.first.means" />,
          render: (_, { firstReply }) => <Share of={firstReply} />,
        },
        {
          title: <Title name="reports.resolution" means="reports.resolution.means" />,
          render: (_, { resolution }) => <Share of={resolution} />,
        },
      ]}
    />
  )
}

const Cards = ({ total }: Pick<Report, 'total'>) => {
  const t = useWords()
  const cards: readonly (readonly [name: WordKey, value: string, means: WordKey])[] = [
    ['reports.opened', String(total.opened), 'reports.opened.means'],
    ['reports.solved', String(total.solved), 'reports.solved.means'],
    ['reports.median', medianText(total, t), 'reports.median.means'],
    ['reports.first', shareOf(total.firstReply), 'reports.first.means'],
    ['reports.resolution', shareOf(total.resolution), 'reports.resolution.means'],
  ]
  return (
    <dl className="cards">
      {cards.map(([name, value, means]) => (
        <div key={name} className="card">
          <dt>{t(name)}</dt>
          <dd>{value}</dd>
          <dd className="quiet">{t(means)}</dd>
        </div>
      ))}
    </dl>
  )
}

const rowsOf = (
  { total, topics, channels }: Report,
  t: Translate,
): readonly (readonly (string | number)[])[] => [
  [
    '',
    t('reports.opened'),
    t('reports.solved'),
    t('reports.median'),
    t('reports.first'),
    t('reports.resolution'),
  ],
  ...[total, ...topics, ...channels].map((row: Numbers) => [
    row.key ?? '',
    row.opened,
    row.solved,
    row.medianFirstReplySeconds ?? '',
    shareOf(row.firstReply),
    shareOf(row.resolution),
  ]),
]

/** How the tickets of a month fared; every number says what it means. */
export const TicketReport = () => {
  const t = useWords()
  const { month, typed, type } = useMonth()
  const { data, error } = useQuery({
    queryKey: ['reports', 'tickets', month],
    queryFn: ({ signal }) => answerOf(v1.GET('/reports/tickets', { params: { query: { month } }, signal })),
  })
  return (
    <>
      <header className="page-head">
        <h1>{t('reports.tickets')}</h1>
        <MonthField typed={typed} type={type} />
        {data === undefined ? null : (
          <>
            <span className="quiet">{t('reports.zone', { zone: data.timeZone })}</span>
            <Button onClick={() => save(`tickets-${month}.csv`, csvOf(rowsOf(data, t)))}>
              {t('reports.export')}
            </Button>
          </>
        )}
      </header>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data === undefined ? null : (
        <>
          <Cards total={data.total} />
          <Part rows={data.topics} name="reports.topic" />
          <Part rows={data.channels} name="reports.channel" />
        </>
      )}
    </>
  )
}
