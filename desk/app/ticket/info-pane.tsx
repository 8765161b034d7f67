import { LeftOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import type { TicketDetail } from '../api/desk.ts'
import { ContactCard } from '../people/contact-card.tsx'
import { exactTime, shortTime } from '../shell/time.ts'
import { useWords } from '../words/index.ts'
import { Properties } from './properties.tsx'
import { Related } from './related.tsx'

const Forms = ({ detail: { ticket } }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  return ticket.forms.map(({ id, title, complete, fields }) => (
    <section key={id} aria-label={title}>
      <h3>
        <bdi>{title}</bdi> {complete ? null : <span className="chip">{t('form.partial')}</span>}
      </h3>
      <dl className="facts">
        {fields.map(({ name, label, value }) => (
          <div key={name}>
            <dt dir="auto">{label}</dt>
            <dd dir="auto" className="words">
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  ))
}

const History = ({ detail: { timeline } }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  return (
    <details>
      <summary>{t('history')}</summary>
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
      <p dir="auto">{ticket.summary}</p>
      <Properties ticket={ticket} />
      <Related detail={detail} />
      <Forms detail={detail} />
      <History detail={detail} />
    </aside>
  )
}
