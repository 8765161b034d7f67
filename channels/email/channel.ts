import type { Channel, ChannelHost } from '../../src/core/channel.ts'
import { createOwnAddresses } from './addresses.ts'
import { createAutoReplyLimit } from './auto-reply-limit.ts'
import { createSendMail } from './client.ts'
import { createDeliver } from './deliver.ts'
import { openMailbox } from './imap-client.ts'
import { createMailboxCursor } from './imap-cursor.ts'
import type { ImapReader } from './imap-reader.ts'
import { createImapReader } from './imap-reader.ts'
import { createSync } from './imap-sync.ts'
import type { Intake } from './intake.ts'
import { createIntake } from './intake.ts'
import type { Logins } from './login.ts'
import { createLogins } from './login.ts'
import type { EmailConfig } from './manifest.ts'
import { capabilitiesOf } from './manifest.ts'
import { createMessageIds } from './message-id.ts'
import { sharedMailParser } from './mime/parser.ts'
import { mimeLimits } from './mime/tree.ts'
import { createReceiver } from './receive.ts'
import { createSentCopies } from './sent-copies.ts'
import { createFindThread } from './thread.ts'

const createReader = (
  config: EmailConfig,
  host: ChannelHost,
  { intake, logins }: { intake: Intake; logins: Logins },
): ImapReader | undefined => {
  const { imap } = config
  if (imap === undefined) return undefined
  const cursor = createMailboxCursor(host.cursor, imap.mailbox)
  return createImapReader({
    host,
    open: (onNews, signal) => openMailbox({ imap, logins, maxBytes: mimeLimits.bytes, onNews, signal }),
    sync: createSync({ host, cursor, intake, backfillDays: imap.backfillDays }),
    pollMs: imap.pollMs,
  })
}

/** One running mailbox. */
export const createEmail = (config: EmailConfig, host: ChannelHost): Channel => {
  const own = createOwnAddresses(config)
  const ids = createMessageIds(config, host.inboxId)
  const limit = createAutoReplyLimit({ config, host })
  const findThread = createFindThread({ host, own, ids })
  const intake = createIntake({ config, host, parser: sharedMailParser, own, ids, findThread, limit })
  const logins = createLogins(config, host)
  const reader = createReader(config, host, { intake, logins })
  const copies =
    config.imap?.sentFolder === undefined
      ? undefined
      : createSentCopies({ imap: config.imap, folder: config.imap.sentFolder, logins, log: host.log })
  const receiver =
    config.receiver === undefined
      ? undefined
      : createReceiver({ receiver: config.receiver, host, own, intake })
  return {
    capabilities: capabilitiesOf(config),
    routes: [],
    sockets: [],
    deliver: createDeliver({ config, host, ids, limit, sendMail: createSendMail(config, logins), copies }),
    // Nobody sees us type in a mail.
    showTyping: () => Promise.resolve(),
    start: async () => {
      if (!host.attends) return
      await receiver?.start()
      reader?.start()
      if (config.authservId === undefined)
        host.log.info(
          { hint: 'set authservId when your mail server writes Authentication-Results' },
          'senders of mail count as unproven',
        )
    },
    stop: async () => {
      await Promise.all([reader?.stop(), receiver?.stop(), copies?.stop()])
    },
  }
}
