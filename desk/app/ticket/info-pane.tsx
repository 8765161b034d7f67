import { LeftOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { lazy, Suspense } from 'react'
import type { TicketDetail } from '../api/desk.ts'
import { ContactCard } from '../people/contact-card.tsx'
import { useSession } from '../shell/session.ts'
import { exactTime, shortTime } from '../shell/time.ts'
import { isWord, useWords } from '../words/index.ts'
import { Properties } from './properties.tsx'
import { Related } from './related.tsx'
import { RevealTicket } from './reveal-ticket.tsx'
import { FoldedHints } from './folded-hints.tsx'
import { LatestTrace } from './trace-line.tsx'

const Assist = lazy(async () => ({ default: (await import('../assist/index.ts')).AssistPane }))

type FormFile = NonNullable<TicketDetail['ticket']['forms'][number]['fields'][number]['files']>[number]

interface FormFileProps {
  readonly file: FormFile
  readonly messages: TicketDetail['messages']
}

/** A file among a form's answers; one that came later than the answer stands in its message. */
const FileOfForm = ({ file: { kind, messageId, mediaId, name }, messages }: FormFileProps) => {
  const t = useWords()
  const later = messages
    .find(({ id }) => id === messageId)
    ?.parts.flatMap((part) => (part.kind === kind && 'media' in part ? [part.media?.mediaId] : []))
    .find((id) => id !== undefined)
  const found = mediaId ?? later
  const key = `part.${kind}`
  const label = <bdi>{name ?? (isWord(key) ? t(key) : kind)}</bdi>
  if (found === undefined) return <span className="quiet">{label}</span>
  return (
    <a href={`/api/desk/media/${found}`} target="_blank" rel="noopener" className="file">
      {label}
    </a>
  )
}

const Forms = ({ detail: { ticket, messages } }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  return ticket.forms.map(({ id, title, complete, fields }) => (
    <section key={id} aria-label={title}>
      <h3>
        <bdi>{title}</bdi> {complete ? null : <span className="chip">{t('form.partial')}</span>}
      </h3>
      <dl className="facts">
        {fields.map(({ name, label, value, files = [] }) => (
          <div key={name}>
            <dt dir="auto">{label}</dt>
            <dd dir="auto" className="words">
              {value}
              {files.map((file) => (
                <FileOfForm key={`${file.messageId} ${file.kind}`} file={file} messages={messages} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  ))
}

const History = ({ detail: { ticket, timeline } }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  return (
    <details>
      <summary>{t('history')}</summary>
      <p>
        <span className="quiet">{t('reason')}: </span>
        {ticket.reason}
      </p>
      <ol className="history">
        {timeline.map(({ at, actor, agentName, change }, place) => (
          // A history only grows at its end.
          <li key={place}>
            <time className="quiet" dateTime={at} title={exactTime(at)}>
              {shortTime(at)}
            </time>{' '}
            <bdi>{agentName ?? t(`author.${actor}`)}</bdi> {t(`change.${change}`)}
          </li>
        ))}
      </ol>
    </details>
  )
}

/** What is known: the contact with all addresses, the ticket, what forms gathered, and what happened. */
export const InfoPane = ({ detail }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  const navigate = useNavigate()
  const { assists } = useSession()
  const { contact, ticket } = detail
  return (
    <aside className="info" aria-label={t('info.show')}>
      <Button
        className="narrow"
        type="text"
        icon={<LeftOutlined />}
        onClick={() =>
          void navigate({ to: '.', search: ({ case: isCase }) => (isCase === true ? { case: isCase } : {}) })
        }
      >
        {t('info.close')}
      </Button>
      <h2>{t('info.contact')}</h2>
      <ContactCard contact={contact} ticket={ticket} />
      <h2>{t('info.ticket')}</h2>
      <p dir="auto" className="words">
        {ticket.summary}
      </p>
      <RevealTicket ticket={ticket} />
      <Properties ticket={ticket} />
      <Related detail={detail} />
      <Forms detail={detail} />
      <Suspense>{assists ? <Assist key={ticket.id} detail={detail} /> : null}</Suspense>
      <FoldedHints key={ticket.id} detail={detail} />
      <History detail={detail} />
      <LatestTrace detail={detail} />
    </aside>
  )
}
