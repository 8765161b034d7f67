/** A process that reads a mailbox into a database on disk until it is killed, or until `until` mails are stored. */
import { join } from 'node:path'
import { z } from 'zod'
import { email } from '../../../channels/email/index.ts'
import {
  createInProcessBus,
  createInProcessCache,
  createInProcessLimiters,
  createInProcessLocks,
} from '../../../src/bus/index.ts'
import { systemClock } from '../../../src/core/clock.ts'
import { silentLog } from '../../../src/core/log.ts'
import { createAccept, createReceipts } from '../../../src/router/index.ts'
import {
  createConversationStore,
  createCursors,
  createFolderBlobs,
  createMediaStore,
  createMessageLog,
  createProviderNews,
  createSentMessages,
  openEmbedded,
} from '../../../src/store/index.ts'

const settings = z
  .object({
    folder: z.string(),
    port: z.number(),
    user: z.string(),
    password: z.string(),
    mailbox: z.string(),
    smtpPort: z.number(),
    until: z.number().optional(),
  })
  .parse(JSON.parse(process.argv[2] ?? '{}'))

const { folder, port, user, password, mailbox, until } = settings
const database = await openEmbedded({ folder, log: silentLog })
const config = email.config.parse({
  address: 'support@shop.example',
  smtp: { host: '127.0.0.1', port: settings.smtpPort, tls: 'none' },
  imap: { host: '127.0.0.1', port, tls: 'none', user, password, mailbox, pollMs: 1_000, backfillDays: 1 },
})
const inboxId = 'mail'
let stored = 0
const accept = createAccept({
  store: createConversationStore(database),
  clock: systemClock,
  receipts: createReceipts(),
  watch: () => undefined,
  inbox: () => ({ channel: 'email', capabilities: channel.capabilities }),
  settleMs: 0,
  settleMaxMs: 0,
  onAccepted: () => undefined,
})
const channel = email.create(config, {
  inboxId,
  attends: true,
  accept: async (message) => {
    const accepted = await accept(message)
    const [row] = await database.query<{ count: number }>(
      `select count(*)::int as count from messages where direction = 'in'`,
    )
    stored = row?.count ?? 0
    return accepted
  },
  awaitReply: () => Promise.resolve(undefined),
  attachMedia: () => Promise.resolve(),
  takePendingMedia: () => Promise.resolve([]),
  report: () => undefined,
  avatars: {
    takeTurn: () => Promise.resolve(false),
    countAsOld: () => Promise.resolve(),
    keep: () => Promise.resolve(),
    refuse: () => Promise.resolve(),
  },
  linkTo: (mediaId) => `https://support.example/media/${mediaId}`,
  moveThreads: () => Promise.resolve(),
  standing: () => Promise.resolve({ mode: 'bot' }),
  stopWaiting: () => Promise.resolve(),
  rank: () => Promise.resolve(),
  log: silentLog,
  clock: systemClock,
  media: createMediaStore({
    database,
    blobs: createFolderBlobs(join(folder, 'media')),
    maxBytes: 1_000_000,
  }),
  bus: createInProcessBus(),
  locks: createInProcessLocks(),
  cache: createInProcessCache(),
  limiters: createInProcessLimiters(),
  messageLog: createMessageLog(database),
  cursor: createCursors(database)(inboxId),
  sent: createSentMessages(database)(inboxId, () => undefined),
  news: createProviderNews({ database, freshDialogue: {}, now: () => new Date() })(inboxId, () => undefined),
  secret: () => Promise.resolve('the same in every process'),
})
await channel.start()
process.stdout.write('reading\n')

if (until !== undefined) {
  stored = (await database.query(`select id from messages where direction = 'in'`)).length
  const look = setInterval(() => {
    if (stored < until) return
    clearInterval(look)
    void channel
      .stop()
      .then(() => database.close())
      .then(() => process.exit(0))
  }, 100)
}
