import Tooltip from 'antd/es/tooltip'
import { useWords, type Translate } from '../words/reports.ts'
import type { Cell, Unit } from './types.ts'

const minuteS = 60
const hourS = 3_600
const dayS = 24 * hourS

const durationOf = (seconds: number, t: Translate): string => {
  if (seconds < minuteS) return t('reports.seconds', { n: Math.round(seconds) })
  if (seconds < 2 * hourS) return t('time.minutes', { n: Math.round(seconds / minuteS) })
  if (seconds < 2 * dayS) return t('reports.hours', { n: (seconds / hourS).toFixed(1) })
  return t('reports.days', { n: (seconds / dayS).toFixed(1) })
}

/** A number in words; a dash where there is nothing to reckon it from. */
export const textOf = (value: number | undefined, unit: Unit, t: Translate): string => {
  if (value === undefined) return '—'
  if (unit === 'share') return `${(value * 100).toFixed(1)} %`
  return unit === 'seconds' ? durationOf(value, t) : String(value)
}

/** How a number changed, in words and with an arrow: never by colour alone. */
export const changeOf = ({ value, before }: Cell, unit: Unit, t: Translate): string => {
  if (before === undefined || value === undefined) return t('reports.before.none')
  const arrow = value > before ? '↑' : value < before ? '↓' : '→'
  return t('reports.before', { arrow, value: textOf(before, unit, t) })
}

interface ShownProps {
  readonly cell: Cell
  readonly unit: Unit
}

/** A number, grey where it says little. */
export const Shown = ({ cell, unit }: ShownProps) => {
  const t = useWords()
  const text = textOf(cell.value, unit, t)
  if (!cell.few || cell.value === undefined) return text
  return (
    <Tooltip title={t('reports.few.n', { n: cell.n })}>
      <span className="quiet" tabIndex={0}>
        {text} <span className="unseen">{t('reports.few.n', { n: cell.n })}</span>
        <span aria-hidden="true">*</span>
      </span>
    </Tooltip>
  )
}
