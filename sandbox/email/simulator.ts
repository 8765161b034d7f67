import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import { TongdaError } from '../../src/core/errors.ts'
import { createClosing } from '../kit/closing.ts'
import { createListeners } from '../kit/listeners.ts'
import { createTrace } from '../kit/trace.ts'
import type { ClientAct, SimulatedClient, SimulatedUser, Simulator } from '../simulator.ts'
import type { EmailAccount, EmailSimulatorOptions, MailTiming } from './account.ts'
import { usualTiming } from './account.ts'
import type { Writing } from './compose.ts'
import { write, writeReport } from './compose.ts'
import type { Faults } from './faults.ts'
import { createFaults } from './faults.ts'
import type { HandOver } from './hand-over.ts'
import { createHandOver } from './hand-over.ts'
import type { ShelvedFile } from './mail-view.ts'
import { boxedOf, lineOf } from './mail-view.ts'
import type { BoxedMail, Mailboxes } from './mailboxes.ts'
import { createMailboxes } from './mailboxes.ts'
import type { Submitted } from './submission.ts'
import { openSubmission } from './submission.ts'

/** A mail provider on this machine: mailboxes of customers, SMTP for the product, LMTP into it. */
export interface EmailSimulator extends Simulator {
  readonly account: EmailAccount
  /** Resolves once mail is taken; rejects when the port is not free. */
  readonly ready: Promise<void>
  addUser(user: SimulatedUser): void
}

const shelfSize = 100

const createShelf = () => {
  const files = new Map<string, ShelvedFile>()
  return {
    add: (file: ShelvedFile): string => {
      const id = randomUUID()
      files.set(id, file)
      const [oldest] = files.keys()
      if (files.size > shelfSize && oldest !== undefined) files.delete(oldest)
      return `/files/${id}`
    },
    find: (id: string) => files.get(id),
  }
}

const contentTypes: Readonly<Record<string, string>> = {
  '89504e47': 'image/png',
  ffd8ffe0: 'image/jpeg',
  '47494638': 'image/gif',
}
const typeOf = (bytes: Uint8Array): string =>
  contentTypes[Buffer.from(bytes.subarray(0, 4)).toString('hex')] ?? 'application/octet-stream'

/** What a user writes by an act. Throws `bad_input` for what mail has no form for. */
const contentOf = (act: ClientAct): Pick<Writing, 'text' | 'file'> => {
  if (act.kind === 'text') return { text: act.text }
  if (act.kind === 'file')
    return { text: '', file: { name: act.name, bytes: act.bytes, contentType: typeOf(act.bytes) } }
  if (act.kind === 'image')
    return { text: '', file: { name: 'photo.png', bytes: act.bytes, contentType: typeOf(act.bytes) } }
  throw new TongdaError('bad_input', `mail has no ${act.kind}; write text, or attach a file`)
}

/** The mail that is answered: the one named, else the last of the account unless a subject begins a new one. */
const answeredBy = (act: ClientAct, box: readonly BoxedMail[]): BoxedMail | undefined => {
  const named = act.kind === 'text' ? act.replyTo : undefined
  if (named !== undefined) {
    const found = box.find(({ line }) => line.id === named)
    if (found === undefined) throw new TongdaError('not_found', 'the mail to answer is not in this mailbox')
    return found
  }
  return act.kind === 'text' && act.subject !== undefined
    ? undefined
    : box.findLast(({ line }) => line.from === 'account')
}

const subjectOf = (act: ClientAct, answered: BoxedMail | undefined): string => {
  if (answered !== undefined) return `回复：${answered.subject}`
  if (act.kind !== 'text') return '附件'
  return act.subject ?? act.text.replace(/\s+/g, ' ').slice(0, 20)
}

interface Provider {
  readonly options: EmailSimulatorOptions
  readonly timing: MailTiming
  readonly mailboxes: Mailboxes
  readonly faults: Faults
  readonly handOver: HandOver
  readonly stopped: AbortSignal
}

/** Sends what users write; a held mail goes after the next one. */
const createOutgoing = ({ mailboxes, faults, handOver }: Provider) => {
  const held = new Map<string, () => Promise<void>>()
  const send = async (user: SimulatedUser, writing: Writing): Promise<void> => {
    const { messageId, references, raw } = await write(writing)
    const { to, subject, text, file, answers, date } = writing
    const isHeld = faults.has('out-of-order') && !held.has(user.key)
    const lineId = mailboxes.add(
      user.key,
      { messageId, references, subject, text, replyTo: user.key },
      {
        at: date,
        from: 'user',
        state: isHeld ? 'held' : 'sending',
        subject,
        text,
        ...(file === undefined ? {} : { fileName: file.name }),
        ...(answers === undefined ? {} : { replyTo: answers.line.id }),
      },
    )
    const deliver = async (): Promise<void> => {
      const parcel = { userKey: user.key, from: user.key, to, raw }
      mailboxes.mark(user.key, lineId, 'sending')
      const taken = await handOver(parcel)
      if (taken && faults.has('duplicate')) await handOver(parcel)
      mailboxes.mark(user.key, lineId, taken ? 'delivered' : 'failed')
    }
    if (isHeld) {
      held.set(user.key, deliver)
      return
    }
    await deliver()
    const late = held.get(user.key)
    held.delete(user.key)
    await late?.()
  }
  return { send, drop: () => held.clear() }
}
type Send = ReturnType<typeof createOutgoing>['send']

const createUserOf =
  ({ mailboxes }: Provider) =>
  (userKey: string): SimulatedUser => {
    const user = mailboxes.find(userKey)
    if (user === undefined)
      throw new TongdaError('not_found', 'there is no such user on the simulated provider')
    return user
  }

/** What a user's act becomes. */
const createAct = (provider: Provider, send: Send): SimulatedClient['act'] => {
  const { options, mailboxes } = provider
  const userOf = createUserOf(provider)
  return (userKey, act) => {
    const user = userOf(userKey)
    const answers = answeredBy(act, mailboxes.of(user.key))
    void send(user, {
      ...contentOf(act),
      from: { name: user.name, address: user.key },
      to: answers?.line.from === 'account' ? answers.replyTo : options.account.address,
      subject: subjectOf(act, answers),
      date: options.clock.now(),
      ...(answers === undefined ? {} : { answers }),
    })
  }
}

/** What becomes of a mail of the account: returned, or in the user's mailbox, perhaps with an automatic answer. */
const createIncoming = (provider: Provider, send: Send, shelve: (file: ShelvedFile) => string) => {
  const { options, timing, mailboxes, faults, handOver, stopped } = provider
  const { account, clock } = options
  const userOf = createUserOf(provider)

  /** The mailbox turns out not to exist only after the mail was taken. */
  const bounce = async ({ userKey, envelopeFrom, mail }: Submitted): Promise<void> => {
    await sleep(timing.bounceMs, undefined, { signal: stopped }).catch(() => undefined)
    if (stopped.aborted || envelopeFrom === '') return
    const raw = writeReport({
      recipient: userKey,
      envelopeFrom,
      messageId: mail.messageId ?? '',
      host: account.authservId,
      date: clock.now(),
    })
    await handOver({ userKey, from: '', to: envelopeFrom, raw })
  }

  /** A holiday notice, marked as RFC 3834 wants it. */
  const answerAutomatically = (user: SimulatedUser, answers: BoxedMail): Promise<void> =>
    send(user, {
      from: { name: user.name, address: user.key },
      to: answers.replyTo,
      subject: `自动回复：${answers.subject}`,
      text: '我正在休假，回来后回复您。',
      date: clock.now(),
      answers,
      headers: { 'Auto-Submitted': 'auto-replied' },
    })

  return (submitted: Submitted): void => {
    if (faults.has('bounce')) {
      void bounce(submitted)
      return
    }
    const { userKey, mail } = submitted
    const user = userOf(userKey)
    // A second copy of the same mail is one mail to a client.
    if (mailboxes.of(user.key).some(({ messageId }) => messageId !== '' && messageId === mail.messageId))
      return
    mailboxes.add(user.key, boxedOf(mail), lineOf(mail, clock.now(), shelve))
    const added = mailboxes.of(user.key).at(-1)
    if (faults.has('auto-reply') && added !== undefined) void answerAutomatically(user, added)
  }
}

const createApi = (shelf: ReturnType<typeof createShelf>): Hono => {
  const api = new Hono()
  api.get('/files/:id', (context) => {
    const file = shelf.find(context.req.param('id'))
    if (file === undefined) return context.notFound()
    const isPicture = /^image\/(?:png|jpeg|gif|webp)$/.test(file.contentType)
    return context.body(new Uint8Array(file.bytes), 200, {
      'content-type': isPicture ? file.contentType : 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
  })
  return api
}

/** Starts a simulated provider. Its rules are those of RFC 5321 and of the big Chinese providers. */
export const createEmailSimulator = (options: EmailSimulatorOptions): EmailSimulator => {
  const { account, clock, users = [], smtpPort, receiverPort } = options
  const timing = { ...usualTiming, ...options.timing }
  const stopping = createClosing()
  const stopped = stopping.signal
  const listeners = createListeners()
  const changed = listeners.tell
  const mailboxes = createMailboxes(users, changed)
  const faults = createFaults()
  const trace = createTrace(changed)
  const shelf = createShelf()
  const handOver = createHandOver({ account, receiverPort, timing, faults, trace, clock, stopped })
  const provider: Provider = { options, timing, mailboxes, faults, handOver, stopped }
  const { send, drop } = createOutgoing(provider)
  const onMail = createIncoming(provider, send, (file) => shelf.add(file))
  const submission = openSubmission({ account, port: smtpPort, mailboxes, faults, trace, clock, onMail })
  // Whoever waits for it hears of a failure; nobody has to.
  submission.ready.catch(() => undefined)

  const client: SimulatedClient = {
    acts: ['text', 'image', 'file'],
    users: () => mailboxes.users(),
    lines: (userKey) => mailboxes.of(userKey).map(({ line }) => line),
    act: createAct(provider, send),
    faults: () => faults.list(),
    setFault: (name, on) => {
      faults.set(name, on)
      changed()
    },
    exchanges: (userKey) => trace.of(mailboxes.find(userKey)?.key ?? userKey),
    allowance: () => undefined,
    onChange: listeners.add,
  }
  return {
    channel: 'email',
    account,
    api: createApi(shelf),
    client,
    ready: submission.ready,
    addUser: (user) => {
      mailboxes.addUser(user)
      changed()
    },
    reset: () => {
      drop()
      for (const part of [trace, faults]) part.clear()
      mailboxes.reset()
      changed()
    },
    close: async () => {
      stopping.abort()
      await submission.close()
    },
  }
}
