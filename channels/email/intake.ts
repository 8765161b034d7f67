/** A raw mail's way in, by whichever door it came: read, decide, store. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelHost } from '../../src/core/channel.ts'
import type { OwnAddresses } from './addresses.ts'
import type { AutoReplyLimit } from './auto-reply-limit.ts'
import { readBounce } from './bounce.ts'
import { classify, isForPerson } from './classify.ts'
import { contactKeyOf, decode } from './decode.ts'
import type { SaveFile } from './files.ts'
import { createSaveFile, storeFiles } from './files.ts'
import type { EmailConfig } from './manifest.ts'
import type { MessageIds } from './message-id.ts'
import { MailFault } from './mime/fault.ts'
import type { ParsedMail } from './mime/mail.ts'
import type { MailParser } from './mime/parser.ts'
import type { Unreadable } from './quarantine.ts'
import { quarantined } from './quarantine.ts'
import type { FindThread, Thread } from './thread.ts'
import { authenticate } from './verify.ts'

/** What became of a mail. `returned`: it was shown at the message it is about. `dropped`: our own. */
export type IntakeOutcome = 'accepted' | 'duplicate' | 'dropped' | 'returned' | 'quarantined'

export interface IntakeDeps {
  readonly config: EmailConfig
  readonly host: ChannelHost
  readonly parser: MailParser
  readonly own: OwnAddresses
  readonly ids: MessageIds
  readonly findThread: FindThread
  readonly limit: AutoReplyLimit
}

/** Takes mail. Rejects only when something of ours is away: then the mail must be offered again. */
export interface Intake {
  take(raw: Uint8Array, receivedAt: Date): Promise<IntakeOutcome>
  /** Keeps a mail that cannot be read, or cannot be fetched whole. */
  setAside(unreadable: Omit<Unreadable, 'inboxId'>): Promise<IntakeOutcome>
}

/** A bounce may be faster than the record that its mail was sent. */
const bouncePauseMs = 500
const bounceTries = 4

const createSetAside = (host: ChannelHost, save: SaveFile): Intake['setAside'] => {
  const { inboxId, log } = host
  return async (unreadable) => {
    const { outcome } = await host.accept(await quarantined({ inboxId, ...unreadable }, save))
    const facts = { code: unreadable.fault, bytes: unreadable.raw.byteLength }
    log.error(facts, 'a mail cannot be read; its raw text is kept')
    return outcome === 'accepted' ? 'quarantined' : 'duplicate'
  }
}

/** What machines report about mails of ours. */
const createReports = ({ host, own, ids }: Pick<IntakeDeps, 'host' | 'own' | 'ids'>) => {
  const find = async (outboundId: string | undefined) =>
    outboundId === undefined ? undefined : host.sent.find(outboundId)
  return {
    /** Shows a returned mail at the message it is about; undefined: it is not about one of ours. */
    takeReturned: async (mail: ParsedMail): Promise<'returned' | Thread | undefined> => {
      const { outboundId, permanent, bounce } = readBounce(mail, own, ids)
      const sent = await find(outboundId)
      if (sent === undefined) return undefined
      if (!permanent) return { threadKey: sent.threadKey, by: 'references', participant: false }
      for (
        let tries = 1;
        !(await host.sent.neverArrived(sent.outboundId, bounce)) && tries < bounceTries;
        tries += 1
      )
        await sleep(bouncePauseMs)
      const { code, providerCode } = bounce
      host.log.warn({ outboundId: sent.outboundId, code, providerCode }, 'a mail came back')
      return 'returned'
    },
    /** The conversation a read receipt belongs to. */
    threadOfReceipt: async (mail: ParsedMail): Promise<Thread | undefined> => {
      const sent = await find(ids.outboundIdOf(mail.report?.originalId ?? ''))
      return sent === undefined
        ? undefined
        : { threadKey: sent.threadKey, by: 'references', participant: true }
    },
  }
}

export const createIntake = (deps: IntakeDeps): Intake => {
  const { config, host, parser, own, ids, findThread, limit } = deps
  const { inboxId, log } = host
  const save = createSaveFile(host)
  const setAside = createSetAside(host, save)
  const { takeReturned, threadOfReceipt } = createReports(deps)

  const store = async (mail: ParsedMail, receivedAt: Date, given?: Thread): Promise<IntakeOutcome> => {
    const classified = classify(mail, { own, ids })
    const contactKey = contactKeyOf(mail)
    const thread = given ?? (await findThread(mail, contactKey))
    const message = decode({
      inboxId,
      receivedAt,
      mail,
      classified,
      thread,
      auth: authenticate(mail, config.authservId),
      files: await storeFiles(mail.files, save),
      forPerson: isForPerson(mail, classified, { own, joined: thread.by !== 'new' }),
      callsPerson: classified.answerable && (await limit.isSpent(thread.threadKey)),
    })
    const { outcome, messageId } = await host.accept(message)
    const facts = { messageId, class: classified.class, thread: thread.by, outcome }
    if (thread.tokenValid === false)
      log.warn({ ...facts, code: 'token_forged' }, 'a mail names a conversation with a wrong signature')
    else log.info(facts, 'mail taken')
    return outcome
  }

  const takeRead = async (mail: ParsedMail, receivedAt: Date): Promise<IntakeOutcome> => {
    const { class: kind } = classify(mail, { own, ids })
    if (kind === 'own-loop') {
      log.warn({ class: kind }, 'a mail of ours came back and was dropped')
      return 'dropped'
    }
    if (kind === 'receipt') return store(mail, receivedAt, await threadOfReceipt(mail))
    if (kind !== 'bounce') return store(mail, receivedAt)
    const returned = await takeReturned(mail)
    return returned === 'returned' ? returned : store(mail, receivedAt, returned)
  }

  return {
    setAside,
    take: async (raw, receivedAt) => {
      const read = await parser.parse(raw).catch((error: unknown) => {
        if (error instanceof MailFault) return error
        throw error
      })
      return read instanceof MailFault
        ? setAside({ raw, fault: read.code, receivedAt })
        : takeRead(read, receivedAt)
    },
  }
}
