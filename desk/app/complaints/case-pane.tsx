import Button from 'antd/es/button'
import Skeleton from 'antd/es/skeleton'
import { useState } from 'react'
import { createKey } from '../api/request.ts'
import { answerOf, v1 } from '../api/v1.ts'
import type { TicketDetail } from '../api/desk.ts'
import { Reveal } from '../people/reveal.tsx'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { exactTime, shortTime, spanOf, useNow } from '../shell/time.ts'
import { isCaseWord, useWords } from '../words/complaint.ts'
import { Appeal } from './appeal.tsx'
import { Decide } from './decide.tsx'
import { Decisions } from './decisions.tsx'
import { Evidence } from './evidence.tsx'
import { Reported } from './reported.tsx'
import { IdentityState } from './identity.tsx'
import { OpenCase } from './open-case.tsx'
import { Similar } from './similar.tsx'
import { useCase, type Case } from './use-case.ts'

/** How much of the soonest deadline is left, in words and colour. */
const DueMark = ({ found: { dueAt, createdAt, state } }: { readonly found: Case }) => {
  const t = useWords()
  const now = useNow()
  if (state === 'final' || state === 'withdrawn' || state === 'decided') return null
  const left = Date.parse(dueAt) - now
  const level = left < 0 ? 'over' : left <= (Date.parse(dueAt) - Date.parse(createdAt)) / 4 ? 'soon' : 'calm'
  return (
    <span className={`chip due-${level}`} title={exactTime(dueAt)}>
      {t(left < 0 ? 'due.over' : 'due.left', { time: spanOf(left, t) })}
    </span>
  )
}

const revealCase = (id: string, reason: string) =>
  answerOf(
    v1.POST('/complaints/{id}/reveal', {
      params: { path: { id }, header: { 'Idempotency-Key': createKey() } },
      body: { reason },
    }),
  )

interface HeadProps {
  readonly found: Case
  readonly shown: Case
  readonly show: (plain: Case) => void
}

const CaseHead = ({ found, shown, show }: HeadProps) => {
  const t = useWords()
  const { may } = useSession()
  return (
    <header className="page-head">
      <h2>
        {t('case.title')} T-{found.ticketNumber}
      </h2>
      <span className="chip">{t(`case.kind.${found.kind}`)}</span>
      <span className="chip">{t(`case.state.${found.state}`)}</span>
      {found.round > 1 ? <span className="chip">{t('case.review')}</span> : null}
      <DueMark found={found} />
      {found.slowed ? <span className="chip due-soon">{t('case.slowed')}</span> : null}
      {found.coordinated ? <span className="chip due-over">{t('case.coordinated')}</span> : null}
      <span className="page-acts">
        <Reveal shown={shown} ask={(reason) => revealCase(found.id, reason)} show={show} />
        {may('complaint.work') ? (
          <Button size="small" href={`/api/v1/complaints/${found.id}/archive`} download>
            {t('case.archive')}
          </Button>
        ) : null}
        <Button
          size="small"
          onClick={() => {
            print()
          }}
        >
          {t('case.print')}
        </Button>
      </span>
    </header>
  )
}

/** What is owed until when, by whose word. */
const Deadlines = ({ found: { deadlines, appealUntil } }: { readonly found: Case }) => {
  const t = useWords()
  return (
    <section aria-label={t('case.deadlines')}>
      <h3>{t('case.deadlines')}</h3>
      <ul className="addresses">
        {deadlines.map(({ name, dueAt, source }) => {
          const key = `case.deadline.${name}`
          return (
            <li key={`${name} ${dueAt}`}>
              {isCaseWord(key) ? t(key) : name} <time dateTime={dueAt}>{exactTime(dueAt)}</time>{' '}
              <span className="quiet">{source ?? t('case.deadline.own')}</span>
            </li>
          )
        })}
        {appealUntil === undefined ? null : (
          <li>
            {t('case.appeal-until')} <time dateTime={appealUntil}>{exactTime(appealUntil)}</time>
          </li>
        )}
      </ul>
    </section>
  )
}

/** What each side was told so far, and what happened. */
const Past = ({ found: { notices, timeline } }: { readonly found: Case }) => {
  const t = useWords()
  return (
    <>
      {notices.length === 0 ? null : (
        <details>
          <summary>{t('case.notices', { n: notices.length })}</summary>
          <ol className="history">
            {notices.map(({ id, side, words, at }) => (
              <li key={id}>
                <time className="quiet" dateTime={at} title={exactTime(at)}>
                  {shortTime(at)}
                </time>{' '}
                {t(`case.side.${side}`)}
                <p className="words" lang="zh-CN">
                  {words.zh}
                </p>
              </li>
            ))}
          </ol>
        </details>
      )}
      <details>
        <summary>{t('history')}</summary>
        <ol className="history">
          {timeline.map(({ at, actor, actorName, change, detail }, place) => {
            const key = `case.change.${change}`
            const { why } = detail
            return (
              // A history only grows at its end.
              <li key={place}>
                <time className="quiet" dateTime={at} title={exactTime(at)}>
                  {shortTime(at)}
                </time>{' '}
                <bdi>{actorName ?? t(`case.actor.${actor}`)}</bdi> {isCaseWord(key) ? t(key) : change}
                {typeof why === 'string' ? <bdi className="quiet"> {why}</bdi> : null}
              </li>
            )
          })}
        </ol>
      </details>
    </>
  )
}

const CaseView = ({ found, detail }: { readonly found: Case; readonly detail: TicketDetail }) => {
  const t = useWords()
  const [plain, setPlain] = useState<Case>()
  // What was revealed counts for the version it was revealed of.
  const shown = plain?.version === found.version ? plain : found
  return (
    <div className="case" role="region" aria-label={t('case.title')} tabIndex={0}>
      <CaseHead {...{ found, shown }} show={setPlain} />
      <div className="columns">
        <div>
          <Reported found={found} shown={shown} name={detail.contact.displayName} />
          <IdentityState found={found} shown={shown} />
          <Deadlines found={found} />
        </div>
        <div>
          <Evidence found={found} />
          <Similar found={found} />
        </div>
      </div>
      <Decisions found={found} />
      <Decide found={found} />
      <Appeal found={found} />
      <Past found={shown} />
    </div>
  )
}

/** The case of a complaint's ticket: what is reported, by whom, what proves it, what is decided. */
export const CasePane = ({ detail }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  const { data: found, error, refetch } = useCase(detail.ticket.id)
  if (found === null) return <OpenCase ticket={detail.ticket} />
  if (found === undefined)
    return error === null ? (
      <Skeleton active />
    ) : (
      <div className="case" role="alert">
        <p>{explain(error, t)}</p>
        <Button onClick={() => void refetch()}>{t('retry')}</Button>
      </div>
    )
  return <CaseView key={found.id} found={found} detail={detail} />
}
