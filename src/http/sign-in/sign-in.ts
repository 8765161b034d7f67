import { TongdaError } from '../../core/errors.ts'
import type { NewSession, Session } from '../../core/sign-in.ts'
import { createEnrolment, type Enrolment } from './enrolment.ts'
import { createInvitationDoor, type InvitationDoor } from './invitations.ts'
import { createLinkDoor } from './link-door.ts'
import { createNoteRefusal } from './note-refusal.ts'
import { createOidcProvider, type OidcProvider } from './oidc.ts'
import type { PasswordChange, SignInLink, SignInOptions } from './options.ts'
import { createPasswordDoor } from './password-door.ts'
import { createPasswords } from './passwords.ts'
import { createProviderDoor, type ProviderDoor } from './provider-door.ts'
import { createSecondSteps, type FirstStep, type SecondSteps } from './second-step.ts'
import { createSessions, type Client, type Sessions } from './sessions.ts'

/** How far somebody has come: in, with a session's token, or before the second step, with a token for that. */
export type Entered =
  { readonly kind: 'in'; readonly token: string } | { readonly kind: 'second-step'; readonly token: string }

/** Lets agents in. Refusals are thrown as problems. */
export interface SignIn {
  readonly sessions: Sessions
  readonly enrolment: Enrolment
  /** Makes a link for an agent that works once and for `minutes` (at most 1 440); earlier links stop working. */
  createLink(agentId: string, minutes: number): Promise<SignInLink>
  byLink(token: string, client: Client): Promise<Entered>
  /** The same refusal, after the same time, for every wrong pair. */
  byPassword(email: string, password: string, client: Client): Promise<Entered>
  /** What the page offers, and the way there and out again. */
  readonly providers: Pick<ProviderDoor, 'list' | 'leave' | 'signOut'>
  /** Somebody comes back from a provider. Throws `ProviderRefused`. */
  byProvider(
    ...arrival: Parameters<ProviderDoor['arrive']>
  ): Promise<{ readonly entered: Entered; readonly wanted?: string }>
  /** With a code of the agent's app, or a recovery code. Gives the new session's token. */
  bySecondStep(challenge: string, code: string, client: Client): Promise<string>
  /** Sets a password, ends all sessions of the agent and gives a new one's token. */
  setPassword(session: Session, change: PasswordChange): Promise<string>
  /** What somebody is invited to; looking uses nothing up. */
  readonly lookAtInvitation: InvitationDoor['look']
  /** Makes the agent and lets them in. */
  byInvitation(
    token: string,
    wanted: { readonly name: string; readonly password: string },
    client: Client,
  ): Promise<Entered>
  /** For who lost phone and recovery codes: takes their second step down and ends all their sessions. */
  resetSecondStep(agentId: string): Promise<void>
  /** True: the agent's role asks for a second step, and this session came without one. */
  mustEnrol(session: Session): boolean
}

const providersOf = ({ oidc = {}, clock }: SignInOptions): ReadonlyMap<string, OidcProvider> =>
  new Map(Object.entries(oidc).map(([id, config]) => [id, createOidcProvider(config, clock)]))

type HowEntered = Pick<NewSession, 'by' | 'secondStep' | 'provider'>

interface Inside {
  readonly steps: SecondSteps
  readonly sessions: Sessions
}

/** What lets somebody in whose first step was right: at once, or after the second step. */
const createEntrance = ({ log }: SignInOptions, { steps, sessions }: Inside) => {
  const start = async (agentId: string, how: HowEntered, client: Client): Promise<Entered> => {
    log.info({ agentId, ...how }, 'agent signed in')
    return { kind: 'in', token: await sessions.start(agentId, how, client) }
  }
  return {
    start,
    enter: async (agentId: string, how: FirstStep, client: Client): Promise<Entered> =>
      (await steps.isOwed(agentId))
        ? { kind: 'second-step', token: await steps.challenge(agentId, how, client) }
        : start(agentId, how, client),
  }
}

/** Sign-in with one-time links, passwords, accounts at providers, and codes of an app. */
export const createSignIn = (options: SignInOptions): SignIn => {
  const { stores, clock, requireTotp = [] } = options
  const sessions = createSessions(stores.sessions, clock)
  const noteRefusal = createNoteRefusal(options)
  const passwords = createPasswords()
  const byPassword = createPasswordDoor(options, { passwords, noteRefusal })
  const invited = createInvitationDoor({ store: stores.invitations, clock }, passwords)
  const links = createLinkDoor(options, noteRefusal)
  const steps = createSecondSteps({ ...options, noteRefusal })
  const door = createProviderDoor({ ...options, noteRefusal, providers: providersOf(options) })
  const { start, enter } = createEntrance(options, { steps, sessions })
  return {
    sessions,
    enrolment: createEnrolment({ ...options, steps, sessions, checkPassword: byPassword.prove }),
    createLink: links.create,
    byLink: async (token, client) => enter(await links.find(token, client), { by: 'link' }, client),
    byPassword: async (email, password, client) =>
      enter(await byPassword.find(email, password, client), { by: 'password' }, client),
    providers: door,
    byProvider: async (back, origin, client) => {
      const { agentId, provider, trusted, wanted } = await door.arrive(back, origin, client)
      const how = { by: 'provider', provider } as const
      const entered = trusted
        ? await start(agentId, { ...how, secondStep: 'provider' }, client)
        : await enter(agentId, how, client)
      return { entered, ...(wanted === undefined ? {} : { wanted }) }
    },
    bySecondStep: async (challenge, code, client) => {
      const { agentId, how } = await steps.finish(challenge, code, client)
      return (await start(agentId, how, client)).token
    },
    setPassword: async (session, change) => {
      await byPassword.change(session, change)
      const { agent, secondStep } = session
      const how = { by: 'password', ...(secondStep === undefined ? {} : { secondStep }) } as const
      return sessions.start(agent.id, how, change.client)
    },
    lookAtInvitation: (token) => invited.look(token),
    byInvitation: async (token, wanted, client) =>
      enter((await invited.accept(token, wanted)).id, { by: 'invitation' }, client),
    resetSecondStep: async (agentId) => {
      if (!(await stores.secondFactors.remove(agentId, 'reset')))
        throw new TongdaError('conflict', 'there is no second step to take down')
    },
    mustEnrol: ({ agent, secondStep }) => secondStep === undefined && requireTotp.includes(agent.role),
  }
}
