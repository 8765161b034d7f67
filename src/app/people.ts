import { roles, type Agent, type AgentDirectory, type Role } from '../core/agent.ts'
import { TongdaError } from '../core/errors.ts'
import type { Invitations, SignIn } from '../http/index.ts'

/** Long enough to send a link to a colleague. */
const inviteMinutes = 1_440

/** A one-time sign-in link, ready to be opened. */
export interface PersonalLink {
  readonly url: string
  readonly expiresAt: Date
}

/** A colleague to be. */
export interface NewPerson {
  readonly name: string
  readonly email: string
  readonly role: Role
}

/** What an operator does with the people who may sign in. */
export interface People {
  /** Throws `conflict` when the address is taken. */
  add(person: NewPerson): Promise<{ readonly agent: Agent; readonly link: PersonalLink }>
  /** A new link; earlier ones of the agent stop working. Throws `not_found`. */
  link(email: string): Promise<PersonalLink>
  list(): Promise<readonly Agent[]>
  /** An invitation, good for seven days; its link is given, no mail is sent. Throws `conflict`. */
  invite(person: InvitedPerson): Promise<PersonalLink>
  /** Takes down the second step of who lost phone and recovery codes. Throws `not_found`, `conflict`. */
  resetTotp(email: string): Promise<Agent>
}

/** Somebody who says their name themselves. */
export type InvitedPerson = Pick<NewPerson, 'email' | 'role'>

/** What managing people stands on; `publicUrl` is where links lead. */
export interface PeopleDeps {
  readonly agents: AgentDirectory
  readonly signIn: Pick<SignIn, 'createLink' | 'resetSecondStep'>
  readonly invitations: Pick<Invitations, 'invite'>
  /** Somebody's sessions ended: their event streams look. */
  readonly tellEnded: (agentId: string) => void
  readonly publicUrl: string
}

/** Manages people on an open store. */
export const createPeople = (deps: PeopleDeps): People => {
  const { agents, signIn, invitations, publicUrl, tellEnded } = deps
  const linkOf = async (agentId: string): Promise<PersonalLink> => {
    const { path, expiresAt } = await signIn.createLink(agentId, inviteMinutes)
    return { url: `${publicUrl}${path}`, expiresAt }
  }
  const find = async (email: string): Promise<Agent> => {
    const agent = await agents.findByEmail(email)
    if (agent === undefined)
      throw new TongdaError(
        'not_found',
        `没有人用这个邮箱 nobody has the address ${email}; 见 see tongda user list`,
      )
    return agent
  }
  return {
    add: async (person) => {
      const agent = await agents.create(person)
      return { agent, link: await linkOf(agent.id) }
    },
    link: async (email) => linkOf((await find(email)).id),
    list: () => agents.list(),
    invite: async ({ email, role }) => {
      const wanted = { email, role, teamIds: [], invitedBy: 'command-line' }
      const { invitation, path } = await invitations.invite(wanted)
      if (path === undefined) throw new Error('an invitation of the command line was mailed')
      return { url: `${publicUrl}${path}`, expiresAt: invitation.expiresAt }
    },
    resetTotp: async (email) => {
      const agent = await find(email)
      await signIn.resetSecondStep(agent.id)
      tellEnded(agent.id)
      return agent
    },
  }
}

/** Reads a role as a person writes it. Throws `bad_input`. */
export const parseRole = (word: string): Role => {
  const role = roles.find((known) => known === word)
  if (role === undefined)
    throw new TongdaError('bad_input', `没有这个角色 ${word} is no role; 可用 use one of ${roles.join(', ')}`)
  return role
}

/** Reads a mail address as a person writes it. Throws `bad_input`. */
export const parseEmail = (text: string): string => {
  if (!/^[^\s@]+@[^\s@]+$/.test(text))
    throw new TongdaError(
      'bad_input',
      `这不是邮箱地址 ${text} is no mail address; 写成 write name@example.com`,
    )
  return text
}
