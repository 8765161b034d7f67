import {
  createInvitations,
  type ApiServices,
  type Invitations,
  type InvitationsOptions,
} from '../http/index.ts'
import { createMailRoom } from './identity-mail.ts'
import type { Inboxes } from './inboxes.ts'
import { createMailInvitation } from './invitation-mail.ts'
import type { Parts } from './parts.ts'

/** Invitations whose links are given to whoever invites, at a terminal. */
export const createLinkedInvitations = (facts: Omit<InvitationsOptions, 'mail'>): Invitations =>
  createInvitations({ ...facts, mail: () => Promise.resolve(false) })

/** The people who may sign in, and invitations for those who will. */
export const openStaff = (
  { config, clock, log, stores, origin }: Parts,
  inboxes: Inboxes,
): ApiServices['staff'] => ({
  members: stores.signIn.staff,
  invitations: createInvitations({
    store: stores.signIn.invitations,
    ...{ clock, log },
    mail: createMailInvitation({ room: createMailRoom(inboxes, config.signIn.mailInbox), origin, log }),
  }),
})
