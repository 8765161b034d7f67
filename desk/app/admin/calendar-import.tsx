import { useMutation, useQueryClient } from '@tanstack/react-query'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useRef, useState } from 'react'
import { ApiError } from '../api/request.ts'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useWords } from '../words/admin.ts'
import { dayRuleWords } from './calendar-words.ts'
import { adminKey, once } from './use-admin.ts'

type Preview = Schemas['HolidayPreview']

const maxBytes = 1_048_576

interface Asked {
  readonly set: string
  readonly text: string
  readonly source: string
  readonly year: string
  readonly known: string
  readonly closesUnmarked: boolean
}

const bodyOf = ({ set, text, year, known, closesUnmarked }: Asked) => ({
  ...{ set, text },
  ...(/^\d{4}$/.test(year) ? { year: Number(year) } : {}),
  ...(known.trim() === '' ? {} : { knownUntil: known.trim() }),
  ...(closesUnmarked ? { unmarked: 'closed' as const } : {}),
})

const changesOf = ({ added, changed }: Preview): number => added.length + changed.length

const Lines = ({ preview: { faults, skipped, gap } }: { readonly preview: Preview }) => {
  const t = useWords()
  return (
    <>
      {faults.length === 0 ? null : (
        <ul className="concerns">
          {faults.map(({ line, problem, fix }) => (
            <li key={`${String(line)} ${problem}`} className="delivery bad">
              {t('calendars.import.line', { n: line })}: {problem}; {fix}
            </li>
          ))}
        </ul>
      )}
      {gap === undefined ? null : <p className="delivery bad">{t('calendars.import.gap', gap)}</p>}
      {skipped.length === 0 ? null : (
        <details>
          <summary>{t('calendars.import.skipped', { n: skipped.length })}</summary>
          <ul>
            {skipped.map(({ line, text }) => (
              <li key={line}>
                {t('calendars.import.line', { n: line })}: <bdi>{text}</bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

/** Day by day, what is new and what was otherwise. */
const Changes = ({ preview }: { readonly preview: Preview }) => {
  const t = useWords()
  const { added, changed, unchanged, faults, knownUntil } = preview
  const { before = t('calendars.nobody'), after = t('calendars.nobody') } = knownUntil
  const counts = {
    ...{ added: added.length, changed: changed.length, same: unchanged.length, wrong: faults.length },
  }
  return (
    <section aria-label={t('calendars.import.preview')}>
      <p role="status">
        <strong>{t('calendars.import.counts', counts)}</strong>
      </p>
      <p>
        {before === after
          ? t('calendars.import.known.stays', { after })
          : t('calendars.import.known.moves', { before, after })}
      </p>
      <Lines preview={preview} />
      <ul className="days">
        {added.map(({ date, rule, name = '' }) => (
          <li key={date}>
            <ins>
              + {date} {dayRuleWords(rule, t)}
            </ins>{' '}
            <bdi>{name}</bdi>
          </li>
        ))}
        {changed.map(({ date, rule, name = '', before: was }) => (
          <li key={date}>
            ~ {date} {dayRuleWords(rule, t)} <bdi>{name}</bdi>{' '}
            <span className="quiet">{t('calendars.import.before', { rule: dayRuleWords(was, t) })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const useImport = (finished: () => void) => {
  const t = useWords()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [seen, see] = useState<Preview>()
  const [isConflict, setConflict] = useState(false)
  const look = useMutation({
    mutationFn: (asked: Asked) =>
      answerOf(v1.POST('/holidays/preview', { params: { header: once() }, body: bodyOf(asked) })),
    onSuccess: see,
  })
  const apply = useMutation({
    mutationFn: (asked: Asked) => {
      const body = { ...bodyOf(asked), source: asked.source, version: seen?.version ?? 0 }
      return answerOf(v1.POST('/holidays/imports', { params: { header: once() }, body }))
    },
    onSuccess: async () => {
      void message.success(t('done.imported'))
      await client.invalidateQueries({ queryKey: adminKey() })
      finished()
    },
    onError: (error, asked) => {
      if (!(error instanceof ApiError) || error.code !== 'conflict') return
      setConflict(true)
      look.mutate(asked)
    },
  })
  const error = look.error ?? (isConflict ? null : apply.error)
  return {
    ...{ seen, isConflict, error, isLooking: look.isPending, isApplying: apply.isPending },
    look: (asked: Asked): void => {
      setConflict(false)
      look.mutate(asked)
    },
    apply: apply.mutate,
    forget: (): void => see(undefined),
  }
}

interface CalendarImportProps {
  readonly sets: readonly string[]
  readonly calendars: readonly string[]
  readonly close: () => void
}

const blank: Asked = { set: 'cn', text: '', source: 'paste', year: '', known: '', closesUnmarked: false }

/** What is typed, and where it goes; a change makes what was previewed stale. */
const Fields = ({
  asked,
  change,
  sets,
  calendars,
}: Omit<CalendarImportProps, 'close'> & {
  readonly asked: Asked
  readonly change: (part: Partial<Asked>) => void
}) => {
  const t = useWords()
  const file = useRef<HTMLInputElement>(null)
  const { message } = App.useApp()
  const read = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return
    if (chosen.size > maxBytes) void message.error(t('calendars.import.large'))
    else change({ text: await chosen.text(), source: chosen.name })
  }
  return (
    <>
      <div className="try">
        <div className="field">
          <span aria-hidden="true">{t('calendars.import.set')}</span>
          <Select
            value={asked.set}
            aria-label={t('calendars.import.set')}
            popupMatchSelectWidth={false}
            options={[
              ...sets.map((name) => ({ value: name, label: t('calendars.import.set.set', { name }) })),
              ...calendars.map((name) => ({
                value: name,
                label: t('calendars.import.set.calendar', { name }),
              })),
            ]}
            onChange={(set) => change({ set })}
          />
        </div>
        <label>
          {t('calendars.import.year')}
          <Input
            value={asked.year}
            inputMode="numeric"
            maxLength={4}
            onChange={({ target }) => change({ year: target.value })}
          />
        </label>
        <label>
          {t('calendars.import.known')}
          <Input
            value={asked.known}
            maxLength={10}
            onChange={({ target }) => change({ known: target.value })}
          />
        </label>
        <Button onClick={() => file.current?.click()}>{t('calendars.import.file')}</Button>
        <input
          ref={file}
          hidden
          type="file"
          accept=".ics,.json,.txt"
          aria-label={t('calendars.import.file')}
          onChange={({ target }) => void read(target.files?.[0])}
        />
      </div>
      <Input.TextArea
        value={asked.text}
        aria-label={t('calendars.import.text')}
        placeholder={t('calendars.import.placeholder')}
        rows={8}
        onChange={({ target }) => change({ text: target.value, source: 'paste' })}
      />
      <Checkbox
        checked={asked.closesUnmarked}
        onChange={({ target }) => change({ closesUnmarked: target.checked })}
      >
        {t('calendars.import.unmarked')}
      </Checkbox>
    </>
  )
}

/** Imports holidays: read, looked at, then done as a whole. */
export const CalendarImport = ({ sets, calendars, close }: CalendarImportProps) => {
  const t = useWords()
  const [asked, ask] = useState(blank)
  const { seen, isConflict, error, isLooking, isApplying, look, apply, forget } = useImport(close)
  const n = seen === undefined ? 0 : changesOf(seen)
  const moves = seen !== undefined && seen.knownUntil.before !== seen.knownUntil.after
  const mayApply = seen !== undefined && seen.faults.length === 0 && (n > 0 || moves)
  return (
    <section aria-label={t('calendars.import')} className="import">
      <h2>{t('calendars.import')}</h2>
      <p>{t('calendars.import.about')}</p>
      <Fields
        {...{ asked, sets, calendars }}
        change={(part) => {
          forget()
          ask({ ...asked, ...part })
        }}
      />
      <div className="actions">
        <Button disabled={asked.text.trim() === ''} loading={isLooking} onClick={() => look(asked)}>
          {t('calendars.import.preview')}
        </Button>
        {seen === undefined ? null : (
          <Button type="primary" disabled={!mayApply} loading={isApplying} onClick={() => apply(asked)}>
            {n === 0 && !moves
              ? t('calendars.import.nothing')
              : t('calendars.import.apply', { n, set: asked.set })}
          </Button>
        )}
        <Button onClick={close}>{t('cancel')}</Button>
      </div>
      {isConflict ? <p role="alert">{t('calendars.import.conflict')}</p> : null}
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {seen === undefined ? null : <Changes preview={seen} />}
    </section>
  )
}
