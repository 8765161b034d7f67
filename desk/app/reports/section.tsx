import Table from 'antd/es/table'
import Tooltip from 'antd/es/tooltip'
import { lazy, Suspense } from 'react'
import { useWords } from '../words/reports.ts'
import { HeatTable } from './heat.tsx'
import { changeOf, Shown } from './number.tsx'
import type { Cell, Opened, ReportSection, Row, Unit } from './types.ts'

// The largest part of the reports: tables are there before it.
const Chart = lazy(() => import('./chart.tsx').then(({ Chart: one }) => ({ default: one })))

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

interface CountedProps {
  readonly cell: Cell
  readonly unit: Unit
  /** What the number is of, for who does not see the table. */
  readonly name: string
  readonly open: () => void
}

/** A number of a row beside that of the span before; it opens what it counts. */
const Counted = ({ cell, unit, name, open }: CountedProps) => {
  const t = useWords()
  if (cell.value === undefined) return <span className="quiet">—</span>
  return (
    <>
      <button type="button" className="count" aria-label={t('reports.open', { name })} onClick={open}>
        <Shown cell={cell} unit={unit} />
      </button>
      <div className="quiet compared">{changeOf(cell, unit, t)}</div>
    </>
  )
}

const RowName = ({ name, means, surge }: Row) => {
  const t = useWords()
  return (
    <>
      {means === undefined ? <bdi>{name}</bdi> : <Title name={name} means={means} />}{' '}
      {surge ? <strong className="surge">↑ {t('reports.surge')}</strong> : null}
    </>
  )
}

const mostRows = 30

const Rows = ({ section: { id, name, chart, columns, rows }, open }: SectionProps) => {
  const t = useWords()
  // Of a funnel each row is a number of its own.
  const isFunnel = chart === 'funnel'
  const openedBy = (row: Row, metric: string): Opened =>
    isFunnel
      ? { metric: row.key, name: row.name }
      : { metric, section: id, key: row.key, name: `${name}: ${row.name}` }
  return (
    <Table<Row>
      size="small"
      rowKey="key"
      dataSource={[...rows]}
      pagination={rows.length > mostRows ? { pageSize: mostRows, showSizeChanger: false } : false}
      locale={{ emptyText: t('reports.empty') }}
      columns={[
        { title: name, render: (_, row) => <RowName {...row} /> },
        ...columns.map(({ metric, name: column, means, unit }, place) => ({
          key: metric,
          title: isFunnel ? t('reports.count') : <Title name={column} means={means} />,
          render: (_: unknown, row: Row) => {
            const cell = row.cells[place]
            return cell === undefined ? null : (
              <Counted
                cell={cell}
                unit={unit}
                name={isFunnel ? row.name : `${row.name} ${column}`}
                open={() => open(openedBy(row, metric))}
              />
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
