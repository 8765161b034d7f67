import { useQueryClient } from '@tanstack/react-query'
import App from 'antd/es/app'
import { desk, type TicketChanged, type TicketDetail, type TicketView } from '../api/desk.ts'
import { keys, lookAgain } from '../api/queries.ts'
import { ApiError, createKey } from '../api/request.ts'
import { useSession } from '../shell/session.ts'
import { useWords, type WordKey } from '../words/index.ts'
import { collisionOf, type Collision } from './collision.ts'

/** Does a change at the version that was seen. */
export type Attempt = (version: number | undefined) => Promise<TicketChanged>

/** The agent was shown what a colleague did, and would rather not go on. */
export class Declined extends Error {
  override readonly name = 'Declined'
}

const currentOf = (error: unknown): TicketView | undefined => {
  if (!(error instanceof ApiError) || error.code !== 'conflict') return undefined
  // Its schema is the ticket's; the server is of the same build.
  return error.facts.ticket as TicketView | undefined
}

interface Asking {
  readonly id: string
  readonly version: number
  /** How going on is called. */
  readonly goOn: Extract<WordKey, `conflict.${string}`>
  /** Nobody needs to be asked when only the contact or the bot moved. */
  readonly quietly?: boolean
}

/**
 * Changes a ticket; when a colleague was faster, shows what they did and asks. Rejects with `Declined` when the agent would
 * rather not, else with `ApiError`.
 */
export const useAsking = () => {
  const t = useWords()
  const client = useQueryClient()
  const { modal } = App.useApp()
  const { agent, may } = useSession()

  const sentenceOf = ({ holder, reply }: Collision): string =>
    reply === undefined
      ? t('conflict.held', { name: holder ?? '' })
      : t('conflict.replied', { name: reply.name ?? t('author.agent') })

  const ask = (collision: Collision | undefined, goOn: WordKey | undefined): Promise<boolean> => {
    const content = (
      <>
        <p>{collision === undefined ? t('conflict.changed') : sentenceOf(collision)}</p>
        {collision?.reply === undefined ? null : (
          <blockquote className="words" dir="auto">
            {collision.reply.words}
          </blockquote>
        )}
      </>
    )
    const title = t('conflict.title')
    if (goOn === undefined)
      return modal.info({ title, content, okText: t('close') }).then(
        () => false,
        () => false,
      )
    return modal.confirm({ title, content, okText: t(goOn), cancelText: t('cancel') }).then(
      (confirmed) => confirmed,
      () => false,
    )
  }

  const settle = async (error: unknown, { id, goOn, quietly = false }: Asking): Promise<GoingOn> => {
    const current = currentOf(error)
    const before = client.getQueryData<TicketDetail>(keys.ticket(id))
    if (current === undefined || before === undefined) throw error
    const after = await client.query({
      queryKey: keys.ticket(id),
      queryFn: () => desk.ticket(id),
      staleTime: 0,
    })
    const collision = collisionOf(before, after, { current, agentId: agent.id })
    const { version } = after.ticket
    if (collision === undefined && quietly) return { version, take: false }
    const isHeld = collision?.holder !== undefined
    const mayGoOn = !isHeld || may('ticket.take-over')
    if (!(await ask(collision, mayGoOn ? (isHeld ? 'conflict.force' : goOn) : undefined)))
      throw new Declined()
    return { version, take: isHeld }
  }

  return async (asking: Asking, attempt: Attempt): Promise<TicketChanged> => {
    try {
      return await attempt(asking.version)
    } catch (error) {
      const { version, take } = await settle(error, asking)
      if (!take) return await attempt(version)
      const taken = await desk.act(asking.id, 'take', { version, force: true }, createKey())
      return await attempt(taken.ticket.version)
    } finally {
      lookAgain(asking.id)
    }
  }
}

/** How to go on after a conflict. */
interface GoingOn {
  readonly version: number
  /** The ticket has to be taken from its holder first. */
  readonly take: boolean
}
