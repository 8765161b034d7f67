import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import type { TicketDetail } from '../api/desk.ts'
import { changeDraft } from '../compose/drafts.ts'
import { run } from '../shell/keys.ts'
import { useSession } from '../shell/session.ts'
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

/** What happened so far, for whoever takes over; made when it is asked for. */
export const Summary = ({ detail }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  const language = useLanguage(({ language: chosen }) => chosen)
  const { id } = detail.ticket
  const note = useNote(detail)
  // Kept while the desk is open: whoever comes back to a ticket does not pay for it twice.
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['assist', id, 'summary', language, detail.messages.at(-1)?.seq],
    queryFn: ({ signal }) => assist.summary(id, signal),
    ...{ enabled: false, retry: false, staleTime: Infinity, gcTime: Infinity },
  })
  return (
    <section aria-label={t('assist.summary')} aria-busy={isFetching}>
      <Button size="small" loading={isFetching} disabled={isFetching} onClick={() => void refetch()}>
        {t(data === undefined ? 'assist.summary' : 'assist.summary.again')}
      </Button>
      {isFetching ? <span role="status"> {t('assist.working')}</span> : <Fault error={error} />}
      {data === undefined ? null : 'refused' in data ? (
        <Refused refused={data.refused} />
      ) : (
        <>
          <p>
            <MachineMade model={data.model} />
          </p>
          <dl className="facts">
            {parts.map((part) => (
              <div key={part}>
                <dt>{t(`assist.${part}`)}</dt>
                <dd>
                  <Lines lines={data.made[part]} />
                </dd>
              </div>
            ))}
            <dt>{t('assist.mood')}</dt>
            <dd>{t(`emotion.${data.made.mood}`)}</dd>
          </dl>
          <Button size="small" onClick={() => note(data.made)}>
            {t('assist.note')}
          </Button>
        </>
      )}
    </section>
  )
}
