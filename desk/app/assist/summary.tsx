import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import type { TicketDetail } from '../api/desk.ts'
import { changeDraft } from '../compose/drafts.ts'
import { run } from '../shell/keys.ts'
import { useSession } from '../shell/session.ts'
import { exactTime, shortTime } from '../shell/time.ts'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/assist.ts'
import { assist, type MadeOf } from './ask.ts'
import { Fault, MachineMade, Refused } from './outcome.tsx'

type Made = MadeOf<Awaited<ReturnType<typeof assist.summary>>>
type Line = Made['facts'][number]

const parts = ['facts', 'tried', 'wants'] as const

const Lines = ({ lines }: { readonly lines: readonly Line[] }) => {
  const t = useWords()
  if (lines.length === 0) return <span className="quiet">{t('assist.none')}</span>
  return (
    <ul className="addresses">
      {lines.map(({ text, isUnsure }, place) => (
        // What was written never changes.
        <li key={place} dir="auto">
          {text} {isUnsure ? <strong>⚠ {t('assist.unsure')}</strong> : null}
        </li>
      ))}
    </ul>
  )
}

/** The summary as a note that can be changed before it is kept. */
const useNote = ({ ticket }: TicketDetail) => {
  const t = useWords()
  const { agent } = useSession()
  const { message } = App.useApp()
  const navigate = useNavigate()
  return ({ mood, ...made }: Made): void => {
    const told = parts.flatMap((part) =>
      made[part].map(
        ({ text, isUnsure }) =>
          `${t(`assist.${part}`)}: ${text}${isUnsure ? ` (⚠ ${t('assist.unsure')})` : ''}`,
      ),
    )
    const words = [`[${t('assist.made')}]`, ...told, `${t('assist.mood')}: ${t(`emotion.${mood}`)}`].join(
      '\n',
    )
    changeDraft({ agentId: agent.id, ticketId: ticket.id, mode: 'note' }, ({ text, files }) => ({
      text: text.trim() === '' ? words : `${text}\n${words}`,
      files,
    }))
    void message.success(t('assist.noted'))
    // On narrow screens the information stands in front of the field.
    void navigate({ to: '.', search: {} }).then(() => run('note'))
  }
}

/** A summary with the place of the newest message that it knows. */
interface Shown {
  readonly made: Made
  readonly model: string
  readonly reachesSeq: number
  /** When it was written, at a handover; absent: somebody asked for it. */
  readonly handedAt?: string
}

/** Up to where it reaches, and what it does not know. */
const Reach = ({ detail, shown }: { readonly detail: TicketDetail; readonly shown: Shown }) => {
  const t = useWords()
  const { reachesSeq, handedAt } = shown
  // The page holds the newest messages alone: of those before them it knows neither how many there are nor of when.
  const isCutOff = (detail.messages[0]?.seq ?? 0) > reachesSeq
  const last =
    detail.messages.findLast(({ seq }) => seq <= reachesSeq)?.createdAt ?? (isCutOff ? undefined : handedAt)
  const since = detail.messages.filter(
    ({ seq, direction, author }) =>
      seq > reachesSeq && direction !== 'activity' && author !== 'survey' && author !== 'system',
  ).length
  return (
    <p className="quiet">
      {handedAt === undefined ? null : `${t('assist.summary.handover')} `}
      {last === undefined ? null : (
        <time dateTime={last} title={exactTime(last)}>
          {t('assist.summary.reaches', { time: shortTime(last) })}
        </time>
      )}
      {since === 0 ? null : (
        <strong> ⚠ {t('assist.summary.since', { n: isCutOff ? `${since}+` : since })}</strong>
      )}
    </p>
  )
}

const Written = ({ detail, shown }: { readonly detail: TicketDetail; readonly shown: Shown }) => {
  const t = useWords()
  const note = useNote(detail)
  const { made, model } = shown
  return (
    <>
      <p>
        <MachineMade model={model} />
      </p>
      <Reach {...{ detail, shown }} />
      <dl className="facts">
        {parts.map((part) => (
          <div key={part}>
            <dt>{t(`assist.${part}`)}</dt>
            <dd>
              <Lines lines={made[part]} />
            </dd>
          </div>
        ))}
        <dt>{t('assist.mood')}</dt>
        <dd>{t(`emotion.${made.mood}`)}</dd>
      </dl>
      <Button size="small" onClick={() => note(made)}>
        {t('assist.note')}
      </Button>
    </>
  )
}

const plannedLookMs = 3_000

/** What was written at the handover; below the ticket's own key, so that it is asked for again when the ticket changes. */
const useHandoff = (id: string) =>
  useQuery({
    queryKey: ['ticket', id, 'handoff'],
    queryFn: ({ signal }) => assist.handoff(id, signal),
    refetchInterval: ({ state: { data } }) => (data?.state === 'planned' ? plannedLookMs : false),
  }).data

/** What happened so far, for whoever takes over: as it was written at the handover, or made when it is asked for. */
export const Summary = ({ detail }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  const language = useLanguage(({ language: chosen }) => chosen)
  const { id } = detail.ticket
  const reachesSeq = detail.messages.at(-1)?.seq ?? 0
  const handoff = useHandoff(id)
  // Kept while the desk is open: whoever comes back to a ticket does not pay for it twice.
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['assist', id, 'summary', language],
    queryFn: async ({ signal }) => ({ ...(await assist.summary(id, signal)), reachesSeq }),
    ...{ enabled: false, retry: false, staleTime: Infinity, gcTime: Infinity },
  })
  const kept = handoff?.kept
  const atHandover: Shown | undefined = kept && { ...kept, handedAt: kept.madeAt }
  const asked = data !== undefined && 'made' in data ? data : undefined
  // Asked for after a handover, it may be older than what was written at the next.
  const shown = asked !== undefined && asked.reachesSeq >= (kept?.reachesSeq ?? 0) ? asked : atHandover
  return (
    <section aria-label={t('assist.summary')} aria-busy={isFetching}>
      <Button size="small" loading={isFetching} disabled={isFetching} onClick={() => void refetch()}>
        {t(shown === undefined ? 'assist.summary' : 'assist.summary.again')}
      </Button>
      {isFetching ? <span role="status"> {t('assist.working')}</span> : <Fault error={error} />}
      {handoff?.state === 'planned' && shown === undefined ? (
        <p role="status" className="quiet">
          {t('assist.summary.planned')}
        </p>
      ) : null}
      {data !== undefined && 'refused' in data ? <Refused refused={data.refused} /> : null}
      {shown === undefined ? null : <Written {...{ detail, shown }} />}
    </section>
  )
}
