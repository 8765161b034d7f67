import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import { desk, type MessageView, type TicketDetail } from '../api/desk.ts'
import { keys, lookAgain } from '../api/queries.ts'
import { createKey } from '../api/request.ts'
import { changeDraft } from '../compose/drafts.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { isWord } from '../words/index.ts'
import { useWords } from '../words/hints.ts'
import { identityOf, reachOf, type Identity } from './reach.ts'
import { useUndo } from './undo.tsx'

type Parts = MessageView['parts']

const wordsOf = (parts: Parts): string =>
  parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n')

const filesOf = (parts: Parts) =>
  parts.flatMap((part) => {
    const mediaId = 'media' in part ? part.media?.mediaId : undefined
    return mediaId === undefined ? [] : [{ mediaId, name: 'name' in part ? part.name : part.kind }]
  })

/** Another address of the contact at which something may be sent now. */
const otherWay = ({ contact, ticket }: TicketDetail): (Identity & { conversationId: string }) | undefined => {
  const now = Date.now()
  const here = identityOf(contact, ticket.conversationId)
  for (const identity of contact.identities) {
    const { conversationId } = identity
    if (conversationId === undefined || identity === here) continue
    const reach = reachOf(identity, now)
    if (reach === undefined || (reach.left > 0 && reach.leftMs > 0)) return { ...identity, conversationId }
  }
  return undefined
}

/** Goes on by another address and says the same there. Where only the first succeeds, the words stand in the field. */
const useSendThere = (parts: Parts) => {
  const t = useWords()
  const { agent } = useSession()
  const { message } = App.useApp()
  const undo = useUndo()
  return useMutation({
    mutationFn: async ({
      ticket: { id, version },
      to,
    }: {
      readonly ticket: TicketDetail['ticket']
      readonly to: string
    }) => {
      const moved = await desk.move(id, { version, conversationId: to }, createKey())
      const [text, files] = [wordsOf(parts), filesOf(parts)]
      try {
        const body = { version: moved.ticket.version, text }
        return await desk.reply(id, files.length === 0 ? body : { ...body, attachments: files }, createKey())
      } catch (error) {
        changeDraft({ agentId: agent.id, ticketId: id, mode: 'reply' }, (now) => ({
          text: now.text.trim() === '' ? text : `${now.text}\n${text}`,
          files: [...now.files, ...files],
        }))
        void message.error(`${t('elsewhere.moved')} ${explain(error, t)}`)
        return undefined
      }
    },
    onSuccess: (changed) => {
      if (changed !== undefined) undo.offer(changed, t('elsewhere.done'))
    },
    onError: (error) => void message.error(`${t('elsewhere.failed')} ${explain(error, t)}`),
    onSettled: () => {
      lookAgain(undefined)
    },
  })
}

const Elsewhere = ({ parts, detail }: { readonly parts: Parts; readonly detail: TicketDetail }) => {
  const t = useWords()
  const { modal } = App.useApp()
  const send = useSendThere(parts)
  const to = otherWay(detail)
  if (to === undefined) return null
  const word = `channel.${to.channel}`
  const name = `${isWord(word) ? t(word) : to.channel} · ${to.displayName ?? to.contactKey}`
  const ask = async (): Promise<void> => {
    const isMeant = await modal.confirm({
      title: t('elsewhere.title', { name }),
      content: (
        <>
          <p>{t('elsewhere.hint')}</p>
          <blockquote className="words" dir="auto">
            {wordsOf(parts)}
          </blockquote>
        </>
      ),
      okText: t('elsewhere.send'),
      cancelText: t('cancel'),
    })
    if (isMeant) send.mutate({ ticket: detail.ticket, to: to.conversationId })
  }
  return (
    <Button size="small" loading={send.isPending} onClick={() => void ask()}>
      {t('elsewhere')}
    </Button>
  )
}

/** What else can be done with a message that did not arrive: by another address, or as words to be used elsewhere. */
export const WaysOut = ({ message: { parts } }: { readonly message: MessageView }) => {
  const t = useWords()
  const { may } = useSession()
  const { message } = App.useApp()
  const { ticketId = '' } = useParams({ strict: false })
  const { data: detail } = useQuery({
    queryKey: keys.ticket(ticketId),
    queryFn: ({ signal }) => desk.ticket(ticketId, undefined, signal),
    enabled: false,
  })
  const words = wordsOf(parts)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(words)
      void message.success(t('copy.done'))
    } catch {
      void message.error(t('copy.failed'))
    }
  }
  return (
    <>
      {detail === undefined || !may('ticket.reply') ? null : <Elsewhere {...{ parts, detail }} />}
      {words === '' ? null : (
        <Button size="small" onClick={() => void copy()}>
          {t('copy')}
        </Button>
      )}
    </>
  )
}
