import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import { useState } from 'react'
import { desk, type ContactView, type TicketView } from '../api/desk.ts'
import { createKey } from '../api/request.ts'
import { answerOf, v1 } from '../api/v1.ts'
import { ChannelMark } from '../inbox/chips.tsx'
import { useSession } from '../shell/session.ts'
import { exactTime, useNow } from '../shell/time.ts'
import { reachOf, reachText, type Identity } from '../ticket/reach.ts'
import { useWords } from '../words/index.ts'
import { FindTwin } from './find-twin.tsx'
import { Reveal } from './reveal.tsx'
import { useContactChange } from './use-contact-change.ts'

interface CardProps {
  readonly contact: ContactView
  readonly ticket: TicketView
}

interface AddressProps extends CardProps {
  readonly identity: Identity
}

/** One address: how it can be reached, whether the conversation goes on there, what the contact agreed to. */
const Address = ({ contact, ticket, identity }: AddressProps) => {
  const t = useWords()
  const now = useNow()
  const { may } = useSession()
  const change = useContactChange()
  const { channel, inboxId, contactKey, displayName, avatarMediaId, conversationId, fallback } = identity
  const isHere = conversationId === ticket.conversationId
  return (
    <li>
      <ChannelMark channel={channel} />{' '}
      {avatarMediaId === undefined ? null : (
        <img className="avatar" src={`/api/desk/media/${avatarMediaId}`} alt="" loading="lazy" />
      )}
      <bdi>{displayName ?? contactKey}</bdi>
      <span className="quiet">
        {' '}
        {inboxId} · {reachText(reachOf(identity, now), t)}
      </span>
      {isHere ? <span className="chip">{t('contact.here')}</span> : null}
      {isHere || conversationId === undefined || !may('ticket.reply') ? null : (
        <Button
          size="small"
          disabled={change.isPending}
          onClick={() => {
            const { id, version } = ticket
            change.mutate({
              run: () => desk.move(id, { version, conversationId }, createKey()),
              done: 'done.move',
            })
          }}
        >
          {t('contact.move')}
        </Button>
      )}
      {may('contact.change') ? (
        <Checkbox
          checked={fallback}
          disabled={change.isPending}
          onChange={({ target }) => {
            const body = { inboxId, contactKey, fallback: target.checked }
            change.mutate({ run: () => desk.setFallback(contact.id, body), done: 'done.contact' })
          }}
        >
          {t('contact.fallback')}
        </Checkbox>
      ) : null}
    </li>
  )
}

const Merges = ({ contact }: Pick<CardProps, 'contact'>) => {
  const t = useWords()
  const { may } = useSession()
  const change = useContactChange()
  return contact.merges.map(({ id, fromName, at, undoneAt }) => (
    <li key={id}>
      <bdi>{t('contact.merged', { name: fromName || t('author.contact'), at: exactTime(at) })}</bdi>{' '}
      {undoneAt !== undefined ? (
        <span className="quiet">{t('contact.undone')}</span>
      ) : may('contact.merge') ? (
        <Button
          size="small"
          disabled={change.isPending}
          onClick={() => {
            change.mutate({ run: () => desk.undoMerge(id), done: 'done.contact.undo' })
          }}
        >
          {t('contact.undo')}
        </Button>
      ) : null}
    </li>
  ))
}

const revealContact = (id: string, reason: string) =>
  answerOf(
    v1.POST('/contacts/{id}/reveal', {
      params: { path: { id }, header: { 'Idempotency-Key': createKey() } },
      body: { reason },
    }),
  )

/** Who the contact is over all channels, and what may be done about it. */
export const ContactCard = ({ contact, ticket }: CardProps) => {
  const t = useWords()
  const { may } = useSession()
  const [isFinding, setFinding] = useState(false)
  const [plain, setPlain] = useState<readonly string[]>()
  const change = useContactChange()
  return (
    <>
      <p>
        <bdi>{contact.displayName || t('author.contact')}</bdi>{' '}
        <span className="quiet">{t('contact.addresses', { n: contact.identities.length })}</span>{' '}
        <Reveal
          shown={[contact.displayName, contact.identities]}
          ask={(reason) => revealContact(contact.id, reason)}
          show={({ displayName, identities }) => {
            setPlain([
              displayName,
              ...identities.map(({ channel, contactKey }) => `${channel} ${contactKey}`),
            ])
          }}
        />
      </p>
      {plain === undefined ? null : (
        <ul className="addresses">
          {plain.map((line) => (
            <li key={line}>
              <bdi>{line}</bdi>
            </li>
          ))}
        </ul>
      )}
      <ul className="addresses">
        {contact.identities.map((identity) => (
          <Address key={`${identity.inboxId} ${identity.contactKey}`} {...{ contact, ticket, identity }} />
        ))}
        <Merges contact={contact} />
      </ul>
      {may('contact.merge') ? (
        <Button
          size="small"
          onClick={() => {
            setFinding(true)
          }}
        >
          {t('contact.merge')}
        </Button>
      ) : null}
      {isFinding ? (
        <FindTwin
          contact={contact}
          close={() => {
            setFinding(false)
          }}
          choose={(from) => {
            setFinding(false)
            change.mutate({ run: () => desk.mergeContacts(contact.id, from), done: 'done.contact.merge' })
          }}
        />
      ) : null}
    </>
  )
}
