import type { Agent, Role } from '../../core/agent.ts'
import type { Clock } from '../../core/clock.ts'
import { TongdaError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import type { Invitation, InvitationStore } from '../../core/staff.ts'
import { Problem } from '../problem.ts'
import { passwordFault, type Passwords } from './passwords.ts'
import { createToken, hashToken } from './tokens.ts'

/** Days in which an invitation can be accepted. */
const lifeDays = 7
const dayMs = 86_400_000

/** Sends an invitation by mail. False: there is no inbox to send it from, or it did not go out. */
export type MailInvitation = (mail: {
  readonly invitation: Invitation
  /** What opens the sign-in page with it. */
  readonly path: string
}) => Promise<boolean>

/** What invitations stand on. */
export interface InvitationsOptions {
  readonly store: InvitationStore
  readonly clock: Clock
  readonly log: Logger
  readonly mail: MailInvitation
}

/** A colleague to be. */
export interface Invited {
  readonly email: string
  readonly name?: string
  readonly role: Role
  readonly teamIds: readonly string[]
  readonly invitedBy: string
  readonly idempotencyKey?: string
}

/** An invitation that was made, and its way to whom it is for. */
export interface SentInvitation {
  readonly invitation: Invitation
  readonly mailed: boolean
  /** `/desk/sign-in#invitation=…`, to be handed over. Absent when it was mailed. */
  readonly path?: string
}

/** What an administrator does with invitations. */
export interface Invitations extends Pick<InvitationStore, 'list' | 'get'> {
  invite(wanted: Invited): Promise<SentInvitation>
  /** A new link, for seven days; the one before ends. */
  resend(id: string, expectedVersion?: number): Promise<SentInvitation>
  withdraw(id: string, expectedVersion?: number): Promise<Invitation>
}

/** Invites colleagues by mail, or by links to be handed over. */
export const createInvitations = ({ store, clock, log, mail }: InvitationsOptions): Invitations => {
  const newLink = () => {
    const token = createToken()
    const expiresAt = new Date(clock.now().getTime() + lifeDays * dayMs)
    return { path: `/desk/sign-in#invitation=${token}`, link: { tokenHash: hashToken(token), expiresAt } }
  }
  const send = async (invitation: Invitation, path: string): Promise<SentInvitation> => {
    const mailed = await mail({ invitation, path })
    log.info({ invitationId: invitation.id, role: invitation.role, mailed }, 'colleague invited')
    return { invitation, mailed, ...(mailed ? {} : { path }) }
  }
  return {
    list: (page) => store.list(page),
    get: (id) => store.get(id),
    invite: async (wanted) => {
      const { path, link } = newLink()
      return send(await store.create({ ...wanted, ...link, createdAt: clock.now() }), path)
    },
    resend: async (id, expectedVersion) => {
      const { path, link } = newLink()
      return send(await store.renew(id, link, expectedVersion), path)
    },
    withdraw: (id, expectedVersion) => store.withdraw(id, clock.now(), expectedVersion),
  }
}

/** How somebody who is not yet known comes in. */
export interface InvitationDoor {
  /** What the link is for; nothing is used up by looking. Throws `unauthenticated`. */
  look(token: string): Promise<Invitation>
  /** Makes the agent. Throws `unauthenticated`, `bad_input`. */
  accept(token: string, wanted: { readonly name: string; readonly password: string }): Promise<Agent>
}

const overProblem = (): Problem =>
  new Problem('unauthenticated', 'this invitation was used, withdrawn or is too old; ask for a new one', {
    reason: 'invitation',
  })

/** The door for those who are invited. */
export const createInvitationDoor = (
  { store, clock }: Pick<InvitationsOptions, 'store' | 'clock'>,
  passwords: Passwords,
): InvitationDoor => {
  const look = async (token: string): Promise<Invitation> => {
    const invitation = await store.find(hashToken(token), clock.now())
    if (invitation === undefined) throw overProblem()
    return invitation
  }
  return {
    look,
    accept: async (token, { name, password }) => {
      const { email } = await look(token)
      const fault = passwordFault(password, email)
      if (fault !== undefined) throw new Problem('bad_input', fault, { field: 'password' })
      const acceptance = { name, passwordHash: await passwords.hash(password) }
      const agent = await store.accept(hashToken(token), acceptance, clock.now()).catch((error: unknown) => {
        throw error instanceof TongdaError && error.code === 'bad_input'
          ? new Problem('bad_input', error.message, { field: 'name' })
          : error
      })
      if (agent === undefined) throw overProblem()
      return agent
    },
  }
}
