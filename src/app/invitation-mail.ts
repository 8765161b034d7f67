import { v7 as uuid } from 'uuid'
import type { Logger } from '../core/log.ts'
import type { MailInvitation } from '../http/index.ts'
import type { MailRoom } from './identity-mail.ts'

/** What mails of invitations stand on. */
export interface InvitationMailOptions {
  readonly room: MailRoom
  /** Where browsers reach the product. */
  readonly origin: string
  readonly log: Logger
}

const words = (link: string, until: Date): string => {
  const day = until.toISOString().slice(0, 10)
  return [
    '你好！',
    `你受邀成为客服同事。请在 ${day} 之前打开下面的链接，设置姓名和密码（只能用一次）：`,
    link,
    '如果你不认识发件人，请忽略这封邮件。',
    '',
    'Hello!',
    `You are invited to join the support team. Open the link above before ${day} and choose your name and password; it works once.`,
    'If you do not know the sender, ignore this mail.',
  ].join('\n')
}

/** Sends invitations by the inbox for mail. What does not go out is handed over as a link instead. */
export const createMailInvitation =
  ({ room, origin, log }: InvitationMailOptions): MailInvitation =>
  async ({ invitation, path }) => {
    if (room.inboxId() === undefined) return false
    const { id, email, expiresAt } = invitation
    try {
      await room.deliver({
        // Each link is a mail of its own: the provider must not take it for a repetition.
        ...{ id: uuid(), conversationId: id, to: email },
        ...{ text: words(`${origin}${path}`, expiresAt), createdAt: new Date(), attempt: 1 },
      })
      return true
    } catch (error) {
      log.warn({ invitationId: id, error }, 'an invitation could not be mailed; its link is shown instead')
      return false
    }
  }
