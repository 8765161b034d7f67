import type { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { TicketSelection } from '../../core/ticket.ts'
import { languageOf } from '../language.ts'
import { ticketJson } from '../shapes/ticket.ts'
import type { DeskEnv } from './environment.ts'
import type { TicketListSchema } from './schemas.ts'

interface Page {
  readonly limit: number
  readonly after?: string | undefined
}

/** A page of a list of tickets as the signed-in agent sees it. */
export const answerTickets = async (
  context: Context<DeskEnv>,
  selection: TicketSelection,
  { limit, after }: Page,
): Promise<z.infer<typeof TicketListSchema>> => {
  const { desk, session } = context.var
  const found = await desk.tickets.list({
    ...selection,
    ...{ limit: limit + 1, agentId: session.agent.id },
    ...(after === undefined ? {} : { after }),
  })
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return {
    tickets: shown.map((ticket) => ticketJson(ticket, languageOf(context))),
    ...(found.length > limit && last !== undefined ? { next: last.id } : {}),
  }
}
