import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import { useState } from 'react'
import { answerOf, v1, type BodyOf, type Schemas } from '../api/v1.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/automation.ts'
import { Planned } from './planned.tsx'
import { refusalOf } from './use-automation.ts'

type Body = BodyOf<'/rules/dry-run', 'post'>

const Matches = ({ found }: { readonly found: Schemas['RuleDryRun'] }) => {
  const t = useWords()
  const { tickets, matches } = found
  return (
    <>
      <p role="status">{t('rules.tried', { tickets, n: matches.length })}</p>
      <ol className="pieces matches">
        {matches.map(({ ticketId, number, title, at, change, would }) => (
          <li key={`${ticketId} ${at} ${change}`} className="decided">
            <Link to="/inbox/$view/$ticketId" params={{ view: 'open', ticketId }} target="_blank">
              T-{number} <bdi>{title}</bdi>
            </Link>{' '}
            <span className="quiet">
              {exactTime(at)} {t(`change.${change}`)}
            </span>
            <Planned plan={would} />
          </li>
        ))}
      </ol>
    </>
  )
}

interface DryRunProps {
  /** The rule as it is typed; undefined: something is missing, and the form says what. */
  readonly read: () => Promise<Body['rule'] | undefined>
}

/** What the rule would have done: on the tickets of some days, or on one. Nothing is changed. */
export const DryRun = ({ read }: DryRunProps) => {
  const t = useWords()
  const [days, setDays] = useState(7)
  const [ticket, setTicket] = useState('')
  const run = useMutation({
    mutationFn: async (on: Pick<Body, 'days' | 'ticket'>) => {
      const rule = await read()
      if (rule === undefined) return undefined
      return answerOf(v1.POST('/rules/dry-run', { body: { days: 7, tickets: 500, ...on, rule } }))
    },
  })
  const number = ticket.trim().replace(/^(?=\d)/, 'T-')
  return (
    <section className="case-decide" aria-label={t('rules.try')}>
      <h3>{t('rules.try')}</h3>
      <p className="quiet">{t('rules.try.hint')}</p>
      <div className="actions">
        <InputNumber
          min={1}
          max={90}
          value={days}
          aria-label={t('rules.try.days')}
          onChange={(value) => setDays(value ?? 7)}
        />
        <Button loading={run.isPending} onClick={() => run.mutate({ days })}>
          {t('rules.try.past', { days })}
        </Button>
        <Input
          className="try-ticket"
          value={ticket}
          maxLength={12}
          placeholder="T-1001"
          aria-label={t('rules.try.ticket')}
          onChange={({ target }) => setTicket(target.value)}
        />
        <Button
          disabled={!/^T-\d{1,9}$/i.test(number)}
          loading={run.isPending}
          onClick={() => run.mutate({ ticket: number })}
        >
          {t('rules.try.one')}
        </Button>
      </div>
      {run.error === null ? null : <p role="alert">{refusalOf(run.error, t)}</p>}
      {run.data === undefined ? null : <Matches found={run.data} />}
    </section>
  )
}
