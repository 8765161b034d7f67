import type { RefObject } from 'react'
import type { TicketView } from '../api/desk.ts'
import { Choices } from '../compose/choices.tsx'
import type { AttachedFile } from '../compose/drafts.ts'
import type { HearKey } from '../compose/use-trigger.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/canned.ts'
import { isWord } from '../words/index.ts'
import { fillIn } from './names.ts'
import { findCanned, useCanned, type CannedReply } from './use-canned.ts'

/** What this channel gets. */
const textFor = ({ text, variants }: CannedReply, channel: TicketView['channel']): string =>
  variants.find((variant) => variant.channel === channel)?.text ?? text

interface CannedListProps {
  readonly query: string
  readonly ticket: TicketView
  readonly keys: RefObject<HearKey | null>
  /** With the text filled in. */
  readonly choose: (text: string, pictures: readonly AttachedFile[]) => void
  readonly leave: () => void
  readonly tellActive: (id: string | undefined) => void
}

/** Canned replies that match what was typed after `;`. */
export const CannedList = ({ query, ticket, choose, ...rest }: CannedListProps) => {
  const t = useWords()
  const { agent } = useSession()
  const { data } = useCanned()
  if (data === undefined) return null
  const key = `channel.${ticket.channel}`
  const channel = isWord(key) ? t(key) : ticket.channel
  const fill = (reply: CannedReply): string =>
    fillIn(textFor(reply, ticket.channel), { ticket, channel, agentName: agent.name })
  return (
    <Choices<CannedReply>
      // What is found anew is chosen from its beginning.
      key={query}
      {...rest}
      label={t('canned.list')}
      hint={t('canned.keys')}
      items={findCanned(data, query)}
      idOf={({ id }) => id}
      nothing={data.length === 0 ? t('canned.none') : t('canned.no-match', { query })}
      choose={(reply) => choose(fill(reply), reply.pictures)}
      render={(reply) => (
        <>
          <bdi className="choice-name">{reply.name}</bdi>
          {reply.scope === 'personal' ? <span className="chip">{t('canned.scope.personal')}</span> : null}
          {reply.pictures.length === 0 ? null : (
            <span className="chip">{t('canned.pictures.count', { n: reply.pictures.length })}</span>
          )}
          <span className="choice-text" dir="auto">
            {fill(reply)}
          </span>
        </>
      )}
    />
  )
}
