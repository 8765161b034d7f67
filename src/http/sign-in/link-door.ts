import { Problem } from '../problem.ts'
import type { NoteRefusal } from './note-refusal.ts'
import type { Client } from './sessions.ts'
import type { SignInLink, SignInOptions } from './options.ts'
import { createToken, hashToken } from './tokens.ts'

const maxLinkMinutes = 1_440

/** One-time links. */
export const createLinkDoor = ({ stores, clock, log }: SignInOptions, noteRefusal: NoteRefusal) => ({
  create: async (agentId: string, minutes: number): Promise<SignInLink> => {
    const token = createToken()
    const createdAt = clock.now()
    const expiresAt = new Date(createdAt.getTime() + Math.min(minutes, maxLinkMinutes) * 60_000)
    await stores.links.save({ tokenHash: hashToken(token), agentId, createdAt, expiresAt })
    return { path: `/desk/sign-in#token=${token}`, expiresAt }
  },
  /** Whose link it is; it is used up. */
  find: async (token: string, client: Client): Promise<string> => {
    const agentId = await stores.links.consume(hashToken(token), clock.now())
    if (agentId !== undefined) return agentId
    log.warn({}, 'sign-in link refused')
    await noteRefusal({ by: 'link', address: client.address })
    throw new Problem('unauthenticated', 'this link was used, replaced or is too old; ask for a new one')
  },
})
