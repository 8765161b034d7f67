import type { AgentDirectory } from '../core/agent.ts'
import type { SignIn, SignInLink } from '../http/index.ts'

/** How long the link of a first start stays good: a day. */
const linkMinutes = 1_440

const owner = { name: '管理员', email: 'admin@localhost', role: 'admin' } as const

/** The link of this start, and a sign-in that notices when it is used. */
export interface FirstLink {
  readonly signIn: SignIn
  /** Undefined once somebody has signed in with a link, and where there is none. */
  path(): string | undefined
}

const makeLink = async (
  agents: AgentDirectory,
  signIn: SignIn,
  production: boolean,
): Promise<SignInLink | undefined> => {
  if ((await agents.count()) === 0) return signIn.createLink((await agents.create(owner)).id, linkMinutes)
  if (production) return undefined
  const admin = (await agents.list()).find(({ role }) => role === 'admin')
  return admin === undefined ? undefined : signIn.createLink(admin.id, linkMinutes)
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
  let link = await makeLink(agents, signIn, production)
  return {
    path: () => link?.path,
    signIn: {
      ...signIn,
      byLink: async (token, client) => {
        const session = await signIn.byLink(token, client)
        link = undefined
        return session
      },
    },
  }
}
