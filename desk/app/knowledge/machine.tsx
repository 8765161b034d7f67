import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, type ComponentProps } from 'react'
import { answerOf, v1 } from '../api/v1.ts'
import { useSession } from '../shell/session.ts'
import { knowledgeKey } from './use-knowledge.ts'

const later = () => import('../machine/index.ts')
const Article = lazy(async () => ({ default: (await later()).ArticleHelp }))
const Pairs = lazy(async () => ({ default: (await later()).Contradictions }))
const Tickets = lazy(async () => ({ default: (await later()).TicketDraft }))
const Proposal = lazy(async () => ({ default: (await later()).ProposalDraft }))

/** Whether a language model helps editors here; nothing of it is fetched or shown where none does. */
export const useMachine = (): boolean => {
  const { may } = useSession()
  const { data } = useQuery({
    queryKey: knowledgeKey('help'),
    queryFn: ({ signal }) => answerOf(v1.GET('/knowledge/help', { signal })),
    enabled: may('knowledge.edit'),
    staleTime: Infinity,
  })
  return data?.on === true
}

export const ArticleHelp = (props: ComponentProps<typeof Article>) =>
  useMachine() ? (
    <Suspense>
      <Article {...props} />
    </Suspense>
  ) : null

/** For whoever may read tickets as well. */
export const TicketDraft = () => {
  const { may } = useSession()
  return useMachine() && may('ticket.read') ? (
    <Suspense>
      <Tickets />
    </Suspense>
  ) : null
}

export const ProposalDraft = (props: ComponentProps<typeof Proposal>) =>
  useMachine() ? (
    <Suspense>
      <Proposal {...props} />
    </Suspense>
  ) : null

export const Contradictions = () => (
  <Suspense>
    <Pairs />
  </Suspense>
)
