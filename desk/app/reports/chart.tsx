import { BarChart, FunnelChart, HeatmapChart } from 'echarts/charts'
import { GridComponent, VisualMapComponent } from 'echarts/components'
import { init, use as install, type EChartsCoreOption } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import Button from 'antd/es/button'
import { useEffect, useMemo, useRef } from 'react'
import { useLook } from '../shell/theme.ts'
import { useWords, type Translate } from '../words/reports.ts'
import { optionOf, type Colours } from './chart-option.ts'
import { savePicture } from './picture.ts'
import type { ReportSection } from './types.ts'

install([BarChart, FunnelChart, HeatmapChart, GridComponent, VisualMapComponent, SVGRenderer])

const coloursOf = (element: Element): Colours => {
  const style = getComputedStyle(element)
  const read = (name: string): string => style.getPropertyValue(name).trim()
  return {
    ink: read('--ink'),
    quiet: read('--quiet'),
    line: read('--line'),
    sheet: read('--sheet'),
    accent: read('--accent'),
    soft: read('--accent-soft'),
  }
}

/** Draws into an element, anew when its width, the look or the numbers change. */
const useDrawing = (make: (colours: Colours) => EChartsCoreOption, dark: boolean) => {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const chart = init(element, undefined, { renderer: 'svg' })
    // `dark` decides what the colours are by now.
    chart.setOption({ ...make(coloursOf(element)), animation: false, darkMode: dark })
    const watch = new ResizeObserver(() => {
      chart.resize()
    })
    watch.observe(element)
    return () => {
      watch.disconnect()
      chart.dispose()
    }
  }, [make, dark])
  return place
}

const summaryOf = ({ name, rows }: ReportSection, t: Translate): string => {
  const [largest] = rows.toSorted((one, other) => (other.cells[0]?.value ?? 0) - (one.cells[0]?.value ?? 0))
  return t('reports.chart', { name, most: largest?.name ?? '—', n: largest?.cells[0]?.value ?? 0 })
}

/** The picture of a section; its table says the same. */
export const Chart = ({ section }: { readonly section: ReportSection }) => {
  const t = useWords()
  const dark = useLook((state) => state.dark)
  const make = useMemo(() => (colours: Colours) => optionOf(section, colours, t), [section, t])
  const place = useDrawing(make, dark)
  return (
    <figure className="chart">
      <div
        ref={place}
        className={section.chart === 'heat' ? 'drawing tall' : 'drawing'}
        role="img"
        aria-label={summaryOf(section, t)}
      />
      <figcaption>
        <Button
          size="small"
          aria-label={t('reports.png.of', { name: section.name })}
          onClick={() => {
            const picture = place.current?.querySelector('svg')
            if (picture !== null && picture !== undefined) void savePicture(picture, `${section.id}.png`)
          }}
        >
          PNG
        </Button>
      </figcaption>
    </figure>
  )
}
