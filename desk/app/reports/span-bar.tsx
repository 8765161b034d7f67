import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Segmented from 'antd/es/segmented'
import Select from 'antd/es/select'
import { useWords, type WordKey } from '../words/reports.ts'
import { Files } from './files.tsx'
import type { ReportName } from './report-page.tsx'
import { dateBefore, useSpan, type ReportSpan } from './use-span.ts'

const date = /^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/

const picks: readonly (readonly [name: WordKey, from: number, to: number])[] = [
  ['reports.today', 0, 0],
  ['reports.yesterday', 1, 1],
  ['reports.week', 6, 0],
  ['reports.month-long', 29, 0],
  ['reports.quarter', 89, 0],
]

const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone
const zones = [
  ...new Set(['Asia/Shanghai', browserZone, 'Asia/Tokyo', 'Europe/London', 'America/New_York', 'UTC']),
]

const times = ['calendar', 'business'] as const

const Days = ({ span, choose }: ReturnType<typeof useSpan>) => {
  const t = useWords()
  const field = (key: 'from' | 'to', label: WordKey) => (
    <Input
      className="month"
      type="date"
      defaultValue={span[key]}
      key={`${key} ${span[key]}`}
      aria-label={t(label)}
      onChange={({ target: { value } }) => {
        if (date.test(value)) choose({ [key]: value })
      }}
    />
  )
  return (
    <>
      {field('from', 'reports.from')}
      <span aria-hidden="true">–</span>
      {field('to', 'reports.to')}
    </>
  )
}

/** Which days are looked at, in which zone and by which clock; and files of them. */
export const SpanBar = ({ name }: { readonly name: ReportName }) => {
  const t = useWords()
  const { span, choose } = useSpan()
  return (
    <div className="page-head" role="group" aria-label={t('reports.what')}>
      {picks.map(([label, from, to]) => {
        const picked = { from: dateBefore(from, span.zone), to: dateBefore(to, span.zone) }
        const isChosen = picked.from === span.from && picked.to === span.to
        return (
          <Button
            key={label}
            size="small"
            type={isChosen ? 'primary' : 'default'}
            aria-pressed={isChosen}
            onClick={() => choose(picked)}
          >
            {t(label)}
          </Button>
        )
      })}
      <Days span={span} choose={choose} />
      <Select
        className="month"
        aria-label={t('reports.zone.choose')}
        value={span.zone ?? 'Asia/Shanghai'}
        options={zones.map((value) => ({ value, label: value }))}
        onChange={(zone) => choose({ zone })}
      />
      <Segmented<ReportSpan['time']>
        value={span.time}
        options={times.map((value) => ({ value, label: t(`reports.time.${value}`) }))}
        onChange={(time) => choose({ time })}
      />
      <Files name={name} />
    </div>
  )
}
