/** Reads what is new in an open mailbox: every mail once, in order, none passed over. */
import type { ChannelHost } from '../../src/core/channel.ts'
import type { Mailbox } from './imap-client.ts'
import type { MailboxCursor, Position } from './imap-cursor.ts'
import type { Intake } from './intake.ts'

export interface SyncDeps {
  readonly host: Pick<ChannelHost, 'log' | 'clock'>
  readonly cursor: MailboxCursor
  readonly intake: Intake
  readonly backfillDays: number
}

/** Tries before a mail that nothing else stands in the way of is set aside as not storable. */
const patience = 5
const dayMs = 86_400_000
/** The server's day may begin elsewhere. */
const marginDays = 2

export const createSync = ({ host, cursor, intake, backfillDays }: SyncDeps) => {
  let trouble = { uid: 0, tries: 0 }

  /** Just before the first mail since `from`; behind all when there is none. */
  const placeSince = async (mailbox: Mailbox, from: Date): Promise<number> => {
    const [first] = await mailbox.since(from)
    return (first ?? mailbox.uidNext) - 1
  }

  const beginning = async (mailbox: Mailbox): Promise<Position> => {
    const now = host.clock.now()
    const lastUid =
      backfillDays === 0
        ? mailbox.uidNext - 1
        : await placeSince(mailbox, new Date(now.getTime() - backfillDays * dayMs))
    return { uidValidity: mailbox.uidValidity, lastUid, at: now.toISOString() }
  }

  /** The server numbers anew: by date, and what was read before is known by its content. */
  const renumbered = async (mailbox: Mailbox, { at }: Position): Promise<Position> => {
    host.log.warn(
      { code: 'uidvalidity_changed' },
      'the mailbox was numbered anew; mail of the last days is looked at again',
    )
    const from = new Date(new Date(at).getTime() - marginDays * dayMs)
    return { uidValidity: mailbox.uidValidity, lastUid: await placeSince(mailbox, from), at }
  }

  const positionIn = async (mailbox: Mailbox): Promise<Position> => {
    const known = await cursor.read()
    if (known?.uidValidity === mailbox.uidValidity) return known
    const position = known === undefined ? await beginning(mailbox) : await renumbered(mailbox, known)
    await cursor.write(position)
    return position
  }

  const take = async (mailbox: Mailbox, uid: number): Promise<Date | undefined> => {
    const mail = await mailbox.fetch(uid)
    if (mail === undefined) return undefined
    const { raw, receivedAt, bytes, isWhole } = mail
    if (!isWhole) await intake.setAside({ raw, fault: 'too_large', receivedAt, bytes })
    else if (trouble.uid === uid && trouble.tries >= patience)
      await intake.setAside({ raw, fault: 'not_storable', receivedAt })
    else await intake.take(raw, receivedAt)
    return receivedAt
  }

  const takeCounting = async (mailbox: Mailbox, uid: number): Promise<Date | undefined> => {
    try {
      return await take(mailbox, uid)
    } catch (error) {
      // A connection that broke says nothing about the mail.
      if (mailbox.usable) trouble = { uid, tries: trouble.uid === uid ? trouble.tries + 1 : 1 }
      throw error
    }
  }

  /** Takes all that is new until `mayGoOn` says no; true when nothing is left. */
  return async (mailbox: Mailbox, mayGoOn: () => boolean): Promise<boolean> => {
    let position = await positionIn(mailbox)
    for (const uid of await mailbox.after(position.lastUid)) {
      if (!mayGoOn()) return false
      const receivedAt = await takeCounting(mailbox, uid)
      position = { ...position, lastUid: uid, at: receivedAt?.toISOString() ?? position.at }
      // After the mail is stored: a crash in between offers it again, and it is known by its content.
      await cursor.write(position)
    }
    return true
  }
}
export type Sync = ReturnType<typeof createSync>
