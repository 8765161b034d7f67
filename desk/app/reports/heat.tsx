import { useWords, type WordKey } from '../words/reports.ts'
import type { Opened, ReportSection } from './types.ts'

/** Monday is 1. */
export const heatDays = [1, 2, 3, 4, 5, 6, 7] as const
export const heatHours: readonly string[] = Array.from({ length: 24 }, (_, hour) =>
  String(hour).padStart(2, '0'),
)

/** The word of a weekday. */
export const dayWord = (day: (typeof heatDays)[number]): WordKey => `reports.day.${day}`

/** Counts by day and hour, e.g. `1-09`. */
export const heatOf = ({ rows }: ReportSection): ReadonlyMap<string, number> =>
  new Map(rows.map(({ key, cells }) => [key, cells[0]?.value ?? 0]))

interface HeatProps {
  readonly section: ReportSection
  readonly open: (opened: Opened) => void
}

/** The hours of a week as a table. */
export const HeatTable = ({ section, open }: HeatProps) => {
  const t = useWords()
  const counts = heatOf(section)
  const metric = section.columns[0]?.metric ?? ''
  return (
    <div className="heat" tabIndex={0} role="region" aria-label={section.name}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('reports.hour')}</th>
            {heatDays.map((day) => (
              <th key={day} scope="col">
                {t(dayWord(day))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {heatHours.map((hour) => (
            <tr key={hour}>
              <th scope="row">{hour}:00</th>
              {heatDays.map((day) => {
                const key = `${day}-${hour}`
                const count = counts.get(key) ?? 0
                const name = `${t(dayWord(day))} ${hour}:00`
                return (
                  <td key={day}>
                    {count === 0 ? (
                      <span className="quiet">0</span>
                    ) : (
                      <button
                        type="button"
                        className="count"
                        aria-label={t('reports.open.count', { name, n: count })}
                        onClick={() => open({ metric, section: section.id, key, name })}
                      >
                        {count}
                      </button>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
