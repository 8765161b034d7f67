import type { Query } from './database.ts'

/** Ends whatever of an agent is signed in, or half signed in; part of the transaction that gives the reason. */
export const endSessions = async (query: Query, agentId: string): Promise<void> => {
  await query('delete from sessions where agent_id = $1', [agentId])
  await query('delete from sign_in_challenges where agent_id = $1', [agentId])
}
