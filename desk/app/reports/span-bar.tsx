import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Segmented from 'antd/es/segmented'
import Select from 'antd/es/select'
import { useState } from 'react'
import { useWords, type WordKey } from '../words/reports.ts'
import { Files } from './files.tsx'
import type { ReportName } from './types.ts'
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

interface DayProps {
  readonly label: WordKey
  readonly value: string
  readonly choose: (date: string) => void
}

/** A date; while one is being typed, what is looked at stays. */
const Day = ({ label, value, choose }: DayProps) => {
  const t = useWords()
  const [typed, setTyped] = useState({ text: value, of: value })
  return (
    <Input
      className="month"
      type="date"
      value={typed.of === value ? typed.text : value}
      aria-label={t(label)}
      onChange={({ target: { value: text } }) => {
        const isDate = date.test(text)
        setTyped({ text, of: isDate ? text : value })
        if (isDate) choose(text)
      }}
    />
  )
}

interface SpanBarProps {
  readonly name: ReportName
  /** The zone that the report is in; undefined: not known yet. */
  readonly zone: string | undefined
}

/** Which days are looked at, in which zone and by which clock; and files of them. */
export const SpanBar = ({ name, zone }: SpanBarProps) => {
  const t = useWords()
  const { span, choose } = useSpan()
  const shownZone = span.zone ?? zone ?? 'Asia/Shanghai'
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
      <Day label="reports.from" value={span.from} choose={(from) => choose({ from })} />
      <span aria-hidden="true">–</span>
      <Day label="reports.to" value={span.to} choose={(to) => choose({ to })} />
      <Select
        className="month"
        aria-label={t('reports.zone.choose')}
        value={shownZone}
        options={[...new Set([shownZone, ...zones])].map((value) => ({ value, label: value }))}
        onChange={(chosen) => choose({ zone: chosen })}
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
