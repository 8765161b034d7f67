import { useQuery } from '@tanstack/react-query'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import Select from 'antd/es/select'
import { useDeferredValue, useState } from 'react'
import { present } from '../api/present.ts'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/admin.ts'
import { hoursWords, momentOf } from './calendar-words.ts'
import { adminKey } from './use-admin.ts'

type Moment = Schemas['CalendarMoment']

const nowTyped = (): string => exactTime(new Date(present())).replace(' ', 'T')

const Answer = ({ moment, hours: n }: { readonly moment: Moment; readonly hours: number }) => {
  const t = useWords()
  const { at, isOpen, nextOpening, day, dueAt } = moment
  const { date, weekday, hours, name = '', isUnknown } = day
  const told = isOpen
    ? t('calendars.try.open', { at: exactTime(at) })
    : nextOpening === undefined
      ? t('calendars.try.never', { at: exactTime(at) })
      : t('calendars.try.closed', { at: exactTime(at), next: exactTime(nextOpening) })
  const facts = { date, day: t(`day.${weekday}`), hours: hoursWords(hours, t) }
  return (
    <div role="status">
      <p>
        <strong>{told}</strong>
      </p>
      <p>
        {t('calendars.try.day', facts)} <bdi>{name}</bdi>
        {isUnknown ? <span className="chip due-soon">{t('calendars.unknown')}</span> : null}
      </p>
      <p>
        {dueAt === undefined
          ? t('calendars.try.no-due')
          : t('calendars.try.due', { n, at: exactTime(dueAt) })}
      </p>
    </div>
  )
}

/** A moment: is it open then, and when is a promise due that is made then? */
export const CalendarTry = ({ names }: { readonly names: readonly string[] }) => {
  const t = useWords()
  const [chosen, choose] = useState<string>()
  const [typed, type] = useState(nowTyped)
  const [hours, setHours] = useState(4)
  const name = chosen ?? names[0] ?? ''
  const at = useDeferredValue(momentOf(typed))
  const { data, error } = useQuery({
    queryKey: adminKey('calendars', 'moment', name, at, hours),
    queryFn: ({ signal }) => {
      const params = { path: { name }, query: { at: at ?? '', hours } }
      return answerOf(v1.GET('/calendars/{name}/moment', { params, signal }))
    },
    enabled: at !== undefined && name !== '',
  })
  return (
    <section aria-label={t('calendars.try')}>
      <h2>{t('calendars.try')}</h2>
      <div className="try">
        <div className="field">
          <span aria-hidden="true">{t('calendars.try.calendar')}</span>
          <Select
            value={name}
            aria-label={t('calendars.try.calendar')}
            options={names.map((value) => ({ value, label: value }))}
            onChange={choose}
          />
        </div>
        <label>
          {t('calendars.try.at')}
          <Input type="datetime-local" value={typed} onChange={({ target }) => type(target.value)} />
        </label>
        <label>
          {t('calendars.try.hours')}
          <InputNumber min={0.5} max={8_760} value={hours} onChange={(value) => setHours(value ?? 4)} />
        </label>
      </div>
      {at === undefined ? <p role="alert">{t('calendars.try.wrong')}</p> : null}
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data === undefined ? null : <Answer moment={data} hours={hours} />}
    </section>
  )
}
