import { useQuery } from '@tanstack/react-query'
import { keys } from '../api/queries.ts'
import { answerOf, v1 } from '../api/v1.ts'
import { useSession } from '../shell/session.ts'

const lookMs = 60_000
const most = 50

/** What the agent is told of promised times and has not seen yet. */
export const useAlerts = () => {
  const { may } = useSession()
  return useQuery({
    queryKey: keys.alerts,
    queryFn: async ({ signal }) =>
      (await answerOf(v1.GET('/alerts', { params: { query: { unseen: true, limit: most } }, signal }))).data,
    refetchInterval: lookMs,
    enabled: may('ticket.read'),
  })
}
