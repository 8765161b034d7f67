import type { AgentDirectory } from '../core/agent.ts'
import type { SignIn, SignInLink } from '../http/index.ts'

/** How long the link of a first start stays good: a day. */
const linkMinutes = 1_440

const owner = { name: '管理员', email: 'admin@localhost', role: 'admin' } as const

/** The link of this start, and a sign-in that notices when it is used or replaced. */
export interface FirstLink {
  readonly signIn: SignIn
  /** Nobody could sign in before this start. */
  readonly isFirst: boolean
  /** Undefined once it was used or replaced, and where there is none. */
  path(): string | undefined
}

const makeLink = async (
  agents: AgentDirectory,
  signIn: SignIn,
  production: boolean,
): Promise<(SignInLink & { readonly agentId: string }) | undefined> => {
  const linkOf = async (agentId: string) => ({ agentId, ...(await signIn.createLink(agentId, linkMinutes)) })
  if ((await agents.count()) === 0) return linkOf((await agents.create(owner)).id)
  if (production) return undefined
  const admin = (await agents.list()).find(({ role }) => role === 'admin')
  return admin === undefined ? undefined : linkOf(admin.id)
}

/**
 * A one-time link for the administrator: at the first start, when there is nobody yet, and at every start of a demo.
 * There is no default password.
 */
export const createFirstLink = async (
  agents: AgentDirectory,
  signIn: SignIn,
  production: boolean,
): Promise<FirstLink> => {
  const isFirst = (await agents.count()) === 0
  let link = await makeLink(agents, signIn, production)
  return {
    isFirst,
    path: () => link?.path,
    signIn: {
      ...signIn,
      createLink: (agentId, minutes) => {
        // A newer link of the same person ends this one.
        if (link?.agentId === agentId) link = undefined
        return signIn.createLink(agentId, minutes)
      },
      byLink: async (token, client) => {
        const entered = await signIn.byLink(token, client)
        // A colleague's link may be used before it.
        if (link?.path.endsWith(`=${token}`) === true) link = undefined
        return entered
      },
    },
  }
}
