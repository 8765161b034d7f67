import { LeftOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Button, Tag } from 'antd'
import type { TicketDetail } from '../api/desk.ts'
import { ChannelMark } from '../inbox/chips.tsx'
import { exactTime, shortTime, useNow } from '../shell/time.ts'
import { useWords } from '../words/index.ts'
import { reachOf, reachText, type Identity } from './reach.ts'

const Address = ({ identity, isHere }: { readonly identity: Identity; readonly isHere: boolean }) => {
  const t = useWords()
  const now = useNow()
  return (
    <li>
      <ChannelMark channel={identity.channel} /> <bdi>{identity.displayName ?? identity.contactKey}</bdi>
      <span className="quiet"> {reachText(reachOf(identity, now), t)}</span>
      {isHere ? <span className="chip">{t('contact.here')}</span> : null}
    </li>
  )
}

const Facts = ({ detail: { ticket } }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  return (
    <dl className="facts">
      <dt>{t('info.number')}</dt>
      <dd>T-{ticket.number}</dd>
      <dt>{t('info.kind')}</dt>
      <dd>{t(`kind.${ticket.kind}`)}</dd>
      <dt>{t('info.priority')}</dt>
      <dd>{t(`priority.${ticket.priority}`)}</dd>
      <dt>{t('info.created')}</dt>
      <dd>{exactTime(ticket.createdAt)}</dd>
      <dt>{t('info.first-due')}</dt>
      <dd>{exactTime(ticket.firstReplyDueAt)}</dd>
      <dt>{t('info.resolution-due')}</dt>
      <dd>{exactTime(ticket.resolutionDueAt)}</dd>
      {ticket.tags.length === 0 ? null : (
        <>
          <dt>{t('info.tags')}</dt>
          <dd>
            {ticket.tags.map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
          </dd>
        </>
      )}
    </dl>
  )
}

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
        onClick={() => void navigate({ to: '.', search: {} })}
      >
        {t('info.close')}
      </Button>
      <h2>{t('info.contact')}</h2>
      <p>
        <bdi>{contact.displayName || t('author.contact')}</bdi>
      </p>
      <ul className="addresses">
        {contact.identities.map((identity) => (
          <Address
            key={`${identity.inboxId} ${identity.contactKey}`}
            identity={identity}
            isHere={identity.conversationId === ticket.conversationId}
          />
        ))}
      </ul>
      <h2>{t('info.ticket')}</h2>
      <p dir="auto">{ticket.summary}</p>
      <Facts detail={detail} />
      <Forms detail={detail} />
      <History detail={detail} />
    </aside>
  )
}
