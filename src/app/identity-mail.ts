import type { CodeMail } from '../complaints/index.ts'
import { ChannelError } from '../core/errors.ts'
import type { Inboxes } from './inboxes.ts'

/** Where mails leave that answer none. */
export interface MailRoom {
  /** The inbox they leave from; undefined: there is none, or several and none is named. */
  readonly inboxId: () => string | undefined
  /** Throws `ChannelError`. */
  readonly deliver: (mail: CodeMail) => Promise<void>
}

/** Sends by the inbox that is named, else by the only one of channel email. */
export const createMailRoom = (inboxes: Inboxes, named: string | undefined): MailRoom => {
  const inboxId = (): string | undefined => {
    const mail = [...inboxes.all().keys()].filter((id) => inboxes.channelOf(id) === 'email')
    if (named !== undefined) return mail.find((id) => id === named)
    return mail.length === 1 ? mail[0] : undefined
  }
  return {
    inboxId,
    deliver: async ({ id, conversationId, to, text, createdAt, attempt }) => {
      const from = inboxId()
      if (from === undefined)
        throw new ChannelError('email', 'temporary', 'send: there is no inbox for mail any more')
      await inboxes.get(from).deliver({
        ...{ id, inboxId: from, conversationId, createdAt, attempt },
        contactKey: to,
        // A thread of its own: an answer to the mail is nobody's conversation yet.
        threadKey: `identity-${id}`,
        part: { kind: 'text', text },
        author: 'system',
      })
    },
  }
}
