import Table from 'antd/es/table'
import Tooltip from 'antd/es/tooltip'
import { lazy, Suspense } from 'react'
import type { Schemas } from '../api/v1.ts'
import { useWords } from '../words/reports.ts'
import type { Opened } from './entries.tsx'
import { HeatTable } from './heat.tsx'
import { changeOf, Shown } from './number.tsx'

// The largest part of the reports: tables are there before it.
const Chart = lazy(() => import('./chart.tsx').then(({ Chart: one }) => ({ default: one })))

export type ReportSection = Schemas['ReportSection']
type Row = Schemas['ReportRow']

interface SectionProps {
  readonly section: ReportSection
  readonly open: (opened: Opened) => void
}

const Title = ({ name, means }: { readonly name: string; readonly means: string }) => (
  <Tooltip title={means}>
    <span tabIndex={0} className="defined">
      {name}
    </span>
  </Tooltip>
)

const Rows = ({ section: { id, name, chart, columns, rows }, open }: SectionProps) => {
  const t = useWords()
  // Of a funnel each row is a number of its own.
  const openRow = (row: Row, metric: string): void =>
    open(
      chart === 'funnel'
        ? { metric: row.key, name: row.name }
        : { metric, section: id, key: row.key, name: `${name}: ${row.name}` },
    )
  return (
    <Table<Row>
      size="small"
      rowKey="key"
      scroll={{ x: 'max-content' }}
      dataSource={[...rows]}
      pagination={rows.length > 30 ? { pageSize: 30, showSizeChanger: false } : false}
      locale={{ emptyText: t('reports.none') }}
      columns={[
        {
          title: name,
          render: (_, { name: rowName, surge }) => (
            <>
              <bdi>{rowName}</bdi> {surge ? <strong className="surge">↑ {t('reports.surge')}</strong> : null}
            </>
          ),
        },
        ...columns.map(({ metric, name: column, means, unit }, place) => ({
          key: metric,
          title: <Title name={column} means={means} />,
          render: (_: unknown, row: Row) => {
            const cell = row.cells[place]
            if (cell === undefined || cell.value === undefined) return '—'
            return (
              <Tooltip title={changeOf(cell, unit, t)}>
                <button
                  type="button"
                  className="count"
                  aria-label={t('reports.open', { name: `${row.name} ${column}` })}
                  onClick={() => openRow(row, metric)}
                >
                  <Shown cell={cell} unit={unit} />
                </button>
              </Tooltip>
            )
          },
        })),
      ]}
    />
  )
}

/** A chart with its table. */
export const Section = ({ section, open }: SectionProps) => (
  <section className="report-section" aria-label={section.name}>
    <h2>{section.name}</h2>
    {section.chart === 'none' || section.rows.length === 0 ? null : (
      <Suspense fallback={null}>
        <Chart section={section} />
      </Suspense>
    )}
    {section.chart === 'heat' ? (
      <HeatTable section={section} open={open} />
    ) : (
      <Rows section={section} open={open} />
    )}
  </section>
)
