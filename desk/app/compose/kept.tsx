import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'
import { useDraft, type Mode } from './drafts.ts'

const KeptOne = ({ ticketId, mode }: { readonly ticketId: string; readonly mode: Mode }) => {
  const t = useWords()
  const { agent } = useSession()
  const { text } = useDraft({ agentId: agent.id, ticketId, mode })
  if (text.trim() === '') return null
  return (
    <label className="kept">
      {t(`kept.${mode}`)}
      <textarea readOnly rows={3} value={text} />
    </label>
  )
}

/** What was written before the right to send it was taken away: it can be read and copied. */
export const KeptDrafts = ({ ticketId }: { readonly ticketId: string }) => (
  <>
    <KeptOne ticketId={ticketId} mode="reply" />
    <KeptOne ticketId={ticketId} mode="note" />
  </>
)
