import { Link, useNavigate } from '@tanstack/react-router'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import type { TicketDetail } from '../api/desk.ts'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { changeDraft } from '../compose/drafts.ts'
import { explain } from '../shell/explain.ts'
import { run } from '../shell/keys.ts'
import { useSession } from '../shell/session.ts'
import { exactTime, shortTime } from '../shell/time.ts'
import { useWords } from '../words/hints.ts'

type Suggested = Schemas['SuggestedArticles']['data'][number]
type Similar = Schemas['SimilarTickets']['data'][number]

interface HintsProps {
  readonly detail: TicketDetail
}

const percent = (share: number): number => Math.round(share * 100)

/** What the contact said last; another message has the articles looked for anew. */
const lastSaid = ({ messages }: TicketDetail): number =>
  messages.findLast(({ author }) => author === 'contact')?.seq ?? 0

/** Puts an answer into the field, behind what was typed; nothing is sent. */
const useFill = ({ ticket }: TicketDetail) => {
  const t = useWords()
  const { agent } = useSession()
  const { message } = App.useApp()
  const navigate = useNavigate()
  return (words: string): void => {
    changeDraft({ agentId: agent.id, ticketId: ticket.id, mode: 'reply' }, ({ text, files }) => ({
      text: text.trim() === '' ? words : `${text}\n${words}`,
      files,
    }))
    void message.success(t('hints.filled'))
    // On narrow screens the information stands in front of the field; so does a complaint's case on all.
    void navigate({ to: '.', search: {} }).then(() => run('reply'))
  }
}

const Article = ({
  found: { articleId, question, score, text },
  fill,
}: {
  readonly found: Suggested
  readonly fill: (words: string) => void
}) => {
  const t = useWords()
  const { may } = useSession()
  return (
    <li>
      <bdi>{question}</bdi> <span className="quiet">{t('hints.score', { percent: percent(score) })}</span>
      <div>
        {may('ticket.reply') ? (
          <Button
            size="small"
            aria-label={t('hints.fill.named', { question })}
            title={text}
            onClick={() => fill(text)}
          >
            {t('hints.fill')}
          </Button>
        ) : null}{' '}
        {may('knowledge.read') ? (
          <Link
            to="/knowledge/articles/$articleId"
            params={{ articleId }}
            aria-label={t('hints.open.named', { question })}
          >
            {t('hints.open')}
          </Link>
        ) : null}
      </div>
    </li>
  )
}

const Articles = ({ detail }: HintsProps) => {
  const t = useWords()
  const { id } = detail.ticket
  const fill = useFill(detail)
  const { data, error } = useQuery({
    queryKey: ['hints', id, 'articles', lastSaid(detail)],
    queryFn: ({ signal }) =>
      answerOf(v1.GET('/tickets/{id}/suggested-articles', { params: { path: { id } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  })
  return (
    <section aria-label={t('hints.articles')} aria-busy={data === undefined && error === null}>
      <h2>{t('hints.articles')}</h2>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data?.data.length === 0 ? <p className="quiet">{t('hints.articles.none')}</p> : null}
      <ul className="addresses">
        {data?.data.map((found) => (
          <Article key={found.articleId} {...{ found, fill }} />
        ))}
      </ul>
    </section>
  )
}

const SimilarTicket = ({
  found: { id, number, title, kind, solvedAt, likeness, answer },
}: {
  readonly found: Similar
}) => {
  const t = useWords()
  return (
    <li>
      <Link to="/inbox/$view/$ticketId" params={{ view: 'solved', ticketId: id }}>
        T-{number} <bdi>{title}</bdi>
      </Link>{' '}
      <span className="quiet">
        {t(`kind.${kind}`)} · {t('hints.likeness', { percent: percent(likeness) })} ·{' '}
        <time dateTime={solvedAt} title={exactTime(solvedAt)}>
          {shortTime(solvedAt)}
        </time>
      </span>
      {answer === undefined ? null : (
        <details>
          <summary>{t('hints.answered')}</summary>
          <p className="words" dir="auto">
            {answer}
          </p>
        </details>
      )}
    </li>
  )
}

const SimilarTickets = ({ detail }: HintsProps) => {
  const t = useWords()
  const { id } = detail.ticket
  const { data, error } = useQuery({
    queryKey: ['hints', id, 'similar'],
    queryFn: ({ signal }) => answerOf(v1.GET('/tickets/{id}/similar', { params: { path: { id } }, signal })),
    staleTime: 60_000,
  })
  return (
    <section aria-label={t('hints.similar')} aria-busy={data === undefined && error === null}>
      <h2>{t('hints.similar')}</h2>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data?.data.length === 0 ? <p className="quiet">{t('hints.similar.none')}</p> : null}
      <ul className="addresses">
        {data?.data.map((found) => (
          <SimilarTicket key={found.id} found={found} />
        ))}
      </ul>
    </section>
  )
}

/** What may help to answer: articles for what was said last, and how the like was answered before. */
export const Hints = ({ detail }: HintsProps) => (
  <>
    <Articles detail={detail} />
    <SimilarTickets detail={detail} />
  </>
)
