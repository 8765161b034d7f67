import type { EChartsCoreOption } from 'echarts/core'
import type { Translate } from '../words/reports.ts'
import { dayWord, heatDays, heatHours, heatOf } from './heat.tsx'
import { textOf } from './number.tsx'
import type { ReportSection } from './types.ts'

/** The colours of the page as they are now. */
export interface Colours {
  readonly ink: string
  readonly quiet: string
  readonly line: string
  readonly sheet: string
  readonly accent: string
  readonly soft: string
}

/** More bars than these are a table's work. */
const mostBars = 12

const bars = (
  { rows, columns }: ReportSection,
  { ink, line, accent }: Colours,
  t: Translate,
): EChartsCoreOption => {
  const shown = rows.slice(0, mostBars).toReversed()
  return {
    grid: { left: 8, right: 48, top: 8, bottom: 8, containLabel: true },
    xAxis: {
      type: 'value',
      minInterval: 1,
      axisLabel: { color: ink },
      splitLine: { lineStyle: { color: line } },
    },
    yAxis: {
      type: 'category',
      data: shown.map(({ name }) => name),
      axisLabel: { color: ink, width: 110, overflow: 'truncate' },
    },
    series: [
      {
        type: 'bar',
        data: shown.map(({ cells }) => cells[0]?.value ?? 0),
        itemStyle: { color: accent },
        label: {
          ...{ show: true, position: 'right', color: ink },
          formatter: ({ value }: { readonly value: number }) => textOf(value, columns[0]?.unit ?? 'count', t),
        },
      },
    ],
  }
}

const funnel = ({ rows }: ReportSection, { ink, accent, soft, sheet }: Colours): EChartsCoreOption => ({
  series: [
    {
      ...{ type: 'funnel', sort: 'none', left: 8, right: 8, top: 8, bottom: 8, minSize: '24%', gap: 3 },
      label: { show: true, position: 'inside', color: ink },
      itemStyle: { borderColor: sheet },
      data: rows.map(({ name, cells }) => ({
        name: `${name} ${cells[0]?.value ?? 0}`,
        value: cells[0]?.value ?? 0,
        itemStyle: { color: soft, borderColor: accent },
      })),
    },
  ],
})

const heat = (
  section: ReportSection,
  { ink, line, sheet, accent }: Colours,
  t: Translate,
): EChartsCoreOption => {
  const counts = heatOf(section)
  const cells = heatDays.flatMap((day, column) =>
    heatHours.map((hour, place) => [place, column, counts.get(`${day}-${hour}`) ?? 0]),
  )
  return {
    grid: { left: 8, right: 8, top: 8, bottom: 48, containLabel: true },
    xAxis: { type: 'category', data: heatHours, axisLabel: { color: ink } },
    yAxis: {
      ...{ type: 'category', inverse: true, data: heatDays.map((day) => t(dayWord(day))) },
      axisLabel: { color: ink },
    },
    visualMap: {
      ...{ min: 0, max: Math.max(1, ...counts.values()), orient: 'horizontal', left: 'center', bottom: 0 },
      inRange: { color: [sheet, accent] },
      textStyle: { color: ink },
      itemHeight: 90,
    },
    series: [{ type: 'heatmap', data: cells, itemStyle: { borderColor: line, borderWidth: 1 } }],
  }
}

/** How a section is drawn. */
export const optionOf = (section: ReportSection, colours: Colours, t: Translate): EChartsCoreOption => {
  if (section.chart === 'heat') return heat(section, colours, t)
  return section.chart === 'funnel' ? funnel(section, colours) : bars(section, colours, t)
}
