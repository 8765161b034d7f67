import type { AgentDirectory } from '../core/agent.ts'
import type { SignIn, SignInLink } from '../http/index.ts'

/** How long the link of a first start stays good: a day. */
const linkMinutes = 1_440

const owner = { name: '管理员', email: 'admin@localhost', role: 'admin' } as const

/**
 * A one-time link for the administrator: at the first start, when there is nobody yet, and at every start of a demo.
 * There is no default password.
 */
export const createFirstLink = async ({
  stores,
  signIn,
  production,
}: {
  readonly stores: { readonly agents: AgentDirectory }
  readonly signIn: SignIn
  readonly production: boolean
}): Promise<SignInLink | undefined> => {
  const { agents } = stores
  if ((await agents.count()) === 0) {
    const admin = await agents.create(owner)
    return signIn.createLink(admin.id, linkMinutes)
  }
  if (production) return undefined
  const admin = (await agents.list()).find(({ role }) => role === 'admin')
  return admin === undefined ? undefined : signIn.createLink(admin.id, linkMinutes)
}
