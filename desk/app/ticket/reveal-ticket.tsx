import { useState } from 'react'
import type { TicketView } from '../api/desk.ts'
import { createKey } from '../api/request.ts'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { Reveal } from '../people/reveal.tsx'
import { useWords } from '../words/index.ts'

type Revealed = Pick<Schemas['Ticket'], 'title' | 'summary' | 'forms' | 'fields'>

const revealTicket = (id: string, reason: string): Promise<Revealed> =>
  answerOf(
    v1.POST('/tickets/{id}/reveal', {
      params: { path: { id }, header: { 'Idempotency-Key': createKey() } },
      body: { reason },
    }),
  )

/** What a ticket says in full, beside the page that stays masked; gone when the ticket is left. */
export const RevealTicket = ({ ticket }: { readonly ticket: TicketView }) => {
  const t = useWords()
  const [plain, setPlain] = useState<Revealed>()
  const pairs =
    plain === undefined
      ? []
      : [
          [t('reveal.ticket'), plain.title],
          [t('reveal.summary'), plain.summary],
          ...plain.forms.flatMap(({ fields }) => fields.map(({ label, value }) => [label, value])),
          ...Object.entries(plain.fields).map(([name, value]) => [name, String(value)]),
        ]
  return (
    <>
      <Reveal
        shown={[ticket.title, ticket.summary, ticket.forms, ticket.fields]}
        ask={(reason) => revealTicket(ticket.id, reason)}
        show={setPlain}
      />
      {pairs.length === 0 ? null : (
        <dl className="facts" aria-label={t('reveal.title')}>
          {pairs.map(([name, value], at) => (
            // Two forms may ask the same.
            <div key={at}>
              <dt dir="auto">{name}</dt>
              <dd dir="auto" className="words">
                {value}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}
