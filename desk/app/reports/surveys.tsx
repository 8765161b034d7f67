import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Segmented from 'antd/es/segmented'
import Table from 'antd/es/table'
import Tooltip from 'antd/es/tooltip'
import { useState } from 'react'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useWords } from '../words/reports.ts'
import { MonthField, useMonth } from './month.tsx'

type Results = Schemas['SurveyResults']
type Group = Results['groups'][number]

const ways = ['all', 'team', 'agent', 'channel', 'topic'] as const

const percent = (share: number): string => `${Math.round(share * 100)} %`
const decimal = (value: number): string => value.toFixed(2)

interface EstimateProps {
  readonly of: Schemas['Estimate'] | undefined
  readonly as: (value: number) => string
}

/** A number with how sure it is. */
const Estimated = ({ of, as }: EstimateProps) => {
  const t = useWords()
  if (of === undefined) return '—'
  const { value, low, high } = of
  if (low === undefined || high === undefined) return as(value)
  return (
    <Tooltip title={t('surveys.interval', { low: as(low), high: as(high) })}>
      <span tabIndex={0}>
        {as(value)} <span className="quiet">{`${as(low)}–${as(high)}`}</span>
      </span>
    </Tooltip>
  )
}

/** How satisfied contacts of a month were. */
export const SurveyReport = () => {
  const t = useWords()
  const { month, typed, type } = useMonth()
  const [by, setBy] = useState<Results['by']>('all')
  const { data, error, isPending } = useQuery({
    queryKey: ['reports', 'surveys', month, by],
    queryFn: async ({ signal }) =>
      answerOf(v1.GET('/surveys/results', { params: { query: { month, by, format: 'json' } }, signal })),
  })
  const groups = typeof data === 'object' && 'groups' in data ? data.groups : []
  return (
    <>
      <header className="page-head">
        <h1>{t('reports.surveys')}</h1>
        <MonthField typed={typed} type={type} />
        <Segmented<Results['by']>
          value={by}
          options={ways.map((one) => ({ value: one, label: t(`surveys.by.${one}`) }))}
          onChange={setBy}
        />
        <Button href={`/api/v1/surveys/results?month=${month}&by=${by}&format=csv`}>
          {t('reports.export')}
        </Button>
      </header>
      <Table<Group>
        size="small"
        rowKey={({ key = '' }) => key}
        dataSource={[...groups]}
        loading={isPending}
        pagination={false}
        locale={{ emptyText: error === null ? t('reports.none') : explain(error, t) }}
        columns={[
          {
            title: t('surveys.by'),
            render: (_, { name, key }) => <bdi>{name ?? key ?? t('surveys.by.all')}</bdi>,
          },
          { title: t('surveys.asked'), dataIndex: 'asked' },
          { title: t('surveys.answered'), dataIndex: 'answered' },
          {
            title: t('surveys.rate'),
            render: (_, { responseRate }) => <Estimated of={responseRate} as={percent} />,
          },
          {
            title: t('surveys.satisfied'),
            render: (_, { satisfied }) => <Estimated of={satisfied} as={percent} />,
          },
          { title: t('surveys.mean'), render: (_, { mean }) => <Estimated of={mean} as={decimal} /> },
        ]}
      />
    </>
  )
}
