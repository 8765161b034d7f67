import Button from 'antd/es/button'
import { useState } from 'react'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/admin.ts'
import { CalendarImport } from './calendar-import.tsx'
import { CalendarTry } from './calendar-try.tsx'
import { hoursWords, ruleWords, weekdays } from './calendar-words.ts'
import { useAdmin } from './use-admin.ts'

type Calendar = Schemas['Calendar']

/** Days that are shown before somebody wants all. */
const fewDays = 8

const Warning = ({ warning }: { readonly warning: NonNullable<Calendar['warning']> }) => {
  const t = useWords()
  const { knownUntil: date = t('calendars.nobody'), daysLeft: n } = warning
  return (
    <p role="alert" className={n > 0 ? 'notice due-soon' : 'notice due-over'}>
      ⚠ {n > 0 ? t('calendars.warning.days', { date, n }) : t('calendars.warning.over')}
    </p>
  )
}

const SpecialDays = ({ days }: { readonly days: Calendar['specialDays'] }) => {
  const t = useWords()
  const [isAll, setAll] = useState(false)
  if (days.length === 0) return <p className="quiet">{t('calendars.special.none')}</p>
  const shown = isAll ? days : days.slice(0, fewDays)
  return (
    <>
      <ul className="days">
        {shown.map(({ date, weekday, rule, hours, name = '' }) => (
          <li key={date}>
            {date} {t(`day.${weekday}`)} <strong>{ruleWords(rule, t)}</strong>{' '}
            {hours === 'closed' || hours === rule ? '' : hours} <bdi>{name}</bdi>
          </li>
        ))}
      </ul>
      {isAll || days.length <= fewDays ? null : (
        <Button size="small" onClick={() => setAll(true)}>
          {t('calendars.more', { n: days.length })}
        </Button>
      )}
    </>
  )
}

const useHolidayWords = ({ holidays }: Calendar): string => {
  const t = useWords()
  if (holidays === undefined) return t('calendars.holidays.none')
  const { set, knownUntil: date } = holidays
  return date === undefined
    ? t('calendars.holidays.unknown', { set })
    : t('calendars.holidays.known', { set, date })
}

const OneCalendar = ({ calendar }: { readonly calendar: Calendar }) => {
  const t = useWords()
  const { name, timeZone, week, makeUpLike, warning, isOpen, nextOpening, usedBy, specialDays } = calendar
  const holidays = useHolidayWords(calendar)
  return (
    <section aria-label={name} className="calendar">
      <header className="page-head">
        <h2>{name}</h2>
        <span className={`chip ${isOpen ? 'due-done' : ''}`}>
          {t(isOpen ? 'calendars.open' : 'calendars.closed')}
        </span>
        <span className="quiet">
          {timeZone}
          {isOpen
            ? ''
            : ` · ${nextOpening === undefined ? t('calendars.never') : t('calendars.next', { at: exactTime(nextOpening) })}`}
        </span>
      </header>
      {warning === undefined ? null : <Warning warning={warning} />}
      <h3>{t('calendars.week')}</h3>
      <dl className="facts">
        {weekdays.map((day) => (
          <div key={day} className="fact">
            <dt>{t(`day.${day}`)}</dt>
            <dd>{hoursWords(week[day], t)}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{t('calendars.where', { name })}</p>
      <dl className="facts">
        <dt>{t('calendars.holidays')}</dt>
        <dd>
          {holidays}
          {calendar.holidays === undefined
            ? ''
            : ` · ${t('calendars.make-up', { day: t(`day.${makeUpLike}`) })}`}
        </dd>
        <dt>{t('calendars.used')}</dt>
        <dd>{usedBy.length === 0 ? t('calendars.used.none') : <code>{usedBy.join(', ')}</code>}</dd>
      </dl>
      <h3>{t('calendars.special')}</h3>
      <SpecialDays days={specialDays} />
    </section>
  )
}

/** When work is done: hours, holidays, trying a moment, and importing. */
export const Calendars = () => {
  const t = useWords()
  const { may } = useSession()
  const [isImporting, setImporting] = useState(false)
  const { data = [], error } = useAdmin(
    ['calendars'],
    async (signal) => (await answerOf(v1.GET('/calendars', { signal }))).data,
  )
  const names = data.map(({ name }) => name)
  const sets = [...new Set(['cn', ...data.flatMap(({ holidays }) => holidays?.set ?? [])])]
  return (
    <>
      <header className="page-head">
        <h1>{t('admin.calendars')}</h1>
        {may('system.manage') && !isImporting ? (
          <Button type="primary" onClick={() => setImporting(true)}>
            {t('calendars.import')}
          </Button>
        ) : null}
      </header>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {isImporting ? (
        <CalendarImport sets={sets} calendars={names} close={() => setImporting(false)} />
      ) : null}
      {data.map((calendar) => (
        <OneCalendar key={calendar.name} calendar={calendar} />
      ))}
      {names.length === 0 ? null : <CalendarTry names={names} />}
    </>
  )
}
