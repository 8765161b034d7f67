import { useNavigate, useSearch } from '@tanstack/react-router'
import { present } from '../api/present.ts'
import type { Schemas } from '../api/v1.ts'

export type ReportSpan = Pick<Schemas['WorkReport'], 'from' | 'to' | 'time'> & { readonly zone?: string }

const dayMs = 86_400_000
const weekDays = 7
const home = 'Asia/Shanghai'

/** The date that it is in a zone, some days before. */
export const dateBefore = (days: number, zone: string = home): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(present() - days * dayMs)

/** The days and the way of counting that the address names; the last seven days unless it does. */
export const useSpan = () => {
  const named = useSearch({ from: '/reports' })
  const { from, to, zone, time } = named
  const navigate = useNavigate()
  const span: ReportSpan = {
    from: from ?? dateBefore(weekDays - 1, zone),
    to: to ?? dateBefore(0, zone),
    time: time ?? 'calendar',
    ...(zone === undefined ? {} : { zone }),
  }
  return {
    span,
    choose: (change: Partial<ReportSpan>): void => {
      void navigate({ to: '.', search: { ...named, ...change } })
    },
  }
}
