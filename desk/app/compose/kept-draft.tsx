import type { TicketDetail } from '../api/desk.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'
import { useDraft } from './drafts.ts'

/** Words that an agent typed and may not send any more: shown, so that they can be copied. */
export const KeptDraft = ({ detail: { ticket } }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  const { agent } = useSession()
  const { text } = useDraft({ agentId: agent.id, ticketId: ticket.id, mode: 'reply' })
  return (
    <div className="read-only">
      <p>{t('compose.read-only')}</p>
      {text === '' ? null : (
        <>
          <p>{t('draft.kept')}</p>
          <blockquote className="words draft-other" dir="auto" data-testid="kept-draft">
            {text}
          </blockquote>
        </>
      )}
    </div>
  )
}
