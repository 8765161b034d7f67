import type { TicketDetail } from '../api/desk.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/assist.ts'
import { Fields } from './fields.tsx'
import { Letters } from './letters.tsx'
import { Summary } from './summary.tsx'

/** What a language model knows to say of a ticket, when it is asked. */
export const AssistPane = ({ detail }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  const { may } = useSession()
  if (!may('ticket.note')) return null
  return (
    <section aria-label={t('assist')}>
      <h2>{t('assist')}</h2>
      <Summary detail={detail} />
      <Letters detail={detail} />
      {may('ticket.change') ? <Fields detail={detail} /> : null}
    </section>
  )
}
