import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { topics } from '../../core/bus.ts'
import { TongdaError } from '../../core/errors.ts'
import { filePart } from '../../core/media.ts'
import type { Part } from '../../core/message.ts'
import type { Ticket, TicketRequest } from '../../core/ticket.ts'
import { languageOf } from '../language.ts'
import { Problem } from '../problem.ts'
import type { DeskEnv, DeskSurroundings } from './environment.ts'
import { requirePermission } from './guard.ts'
import * as routes from './routes.ts'
import { contactJson } from '../shapes/contact.ts'
import { draftJson } from '../shapes/draft.ts'
import { ticketJson, timelineJson } from '../shapes/ticket.ts'
import { answerTickets } from './ticket-list.ts'
import { openThread } from './thread.ts'
import { publishViewing } from './viewing.ts'
import { whoAsked } from './who-asked.ts'

interface Asked {
  readonly ticketId: string
  readonly version: number | undefined
  readonly key: string | undefined
  /** Keeps one key used for two things from hiding the second. */
  readonly act: string
}

/** The request behind a desk's call. */
export const requestOf = (
  agent: { readonly id: string; readonly name: string },
  { ticketId, version, key, act }: Asked,
): TicketRequest => ({
  agent: { id: agent.id, name: agent.name },
  ticketId,
  ...(version === undefined ? {} : { version }),
  ...(key === undefined ? {} : { idempotencyKey: `${agent.id}:${act}:${key}` }),
})

/** Runs a change; whoever comes too late gets the ticket as it is now. */
export const change = async (
  context: Context<DeskEnv>,
  ticketId: string,
  work: () => Promise<Ticket>,
): Promise<{ ticket: ReturnType<typeof ticketJson> }> => {
  const language = languageOf(context)
  try {
    return { ticket: ticketJson(await work(), language) }
  } catch (error) {
    if (!(error instanceof TongdaError) || error.code !== 'conflict') throw error
    throw new Problem('conflict', error.message, {
      ticket: ticketJson(await context.var.desk.tickets.get(ticketId), language),
    })
  }
}

/** The same for an act that can be taken back: says how long. */
const undoable = async (
  context: Context<DeskEnv>,
  { ticketId, agent }: TicketRequest,
  work: () => Promise<Ticket>,
) => {
  const changed = await change(context, ticketId, work)
  const undo = await context.var.desk.undo.offer(ticketId, agent.id)
  return { ...changed, ...(undo === undefined ? {} : { undo }) }
}

/** The named files as parts of a message. */
const partsOf = (
  { media }: DeskSurroundings,
  attachments: readonly { readonly mediaId: string; readonly name?: string | undefined }[],
): Promise<readonly Part[]> =>
  Promise.all(
    attachments.map(async ({ mediaId, name }) => {
      const file = await media.describe(mediaId)
      if (file === undefined)
        throw new Problem(
          'bad_input',
          'an attached file is not there any more; remove it and attach it again',
        )
      return filePart(file, name)
    }),
  )

const addReading = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(routes.listTickets, async (context) => {
    const { view, ...page } = context.req.valid('query')
    const selection = view === 'due' ? { view, now: context.var.desk.clock.now() } : { view }
    return context.json(await answerTickets(context, selection, page), 200)
  })
  app.openapi(routes.getTicket, async (context) => {
    const { tickets, contacts, reading, relations, drafts, textLimits, bus } = context.var.desk
    const { agent } = context.var.session
    const { last, doing } = context.req.valid('query')
    const ticket = await tickets.get(context.req.valid('param').id)
    const [timeline, thread, contact, related, own] = await Promise.all([
      tickets.timeline(ticket.id),
      openThread(reading, { ticket, agentId: agent.id, last }),
      whoAsked(contacts, ticket),
      relations.related(ticket.id),
      drafts.of(agent.id, ticket.id),
    ])
    if (doing !== undefined) publishViewing(bus, { ticketId: ticket.id, agent, doing })
    const limits = textLimits(ticket.inboxId)
    return context.json(
      {
        ticket: ticketJson(ticket, languageOf(context)),
        timeline: timeline.map(timelineJson),
        ...thread,
        related,
        drafts: own.map(draftJson),
        contact: contactJson(contact),
        ...(limits === undefined ? {} : { textLimits: limits }),
      },
      200,
    )
  })
}

const addStates = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(routes.takeTicket, async (context) => {
    const { desk, session } = context.var
    const { id } = context.req.valid('param')
    const { version, force = false } = context.req.valid('json')
    if (force) requirePermission(context, 'ticket.take-over')
    const key = context.req.valid('header')['idempotency-key']
    const asked = requestOf(session.agent, { ticketId: id, version, key, act: 'take' })
    return context.json(await change(context, id, () => desk.work.take(asked, force)), 200)
  })
  app.openapi(routes.handBackTicket, async (context) => {
    const { desk, session } = context.var
    const { id } = context.req.valid('param')
    const { version } = context.req.valid('json')
    const key = context.req.valid('header')['idempotency-key']
    const asked = requestOf(session.agent, { ticketId: id, version, key, act: 'hand-back' })
    return context.json(await change(context, id, () => desk.work.handBack(asked)), 200)
  })
  app.openapi(routes.moveTicket, async (context) => {
    const { desk, session } = context.var
    const { id } = context.req.valid('param')
    const { version, conversationId } = context.req.valid('json')
    const key = context.req.valid('header')['idempotency-key']
    const asked = requestOf(session.agent, { ticketId: id, version, key, act: 'move' })
    return context.json(await change(context, id, () => desk.work.move(asked, conversationId)), 200)
  })
  app.openapi(routes.solveTicket, async (context) => {
    const { desk, session } = context.var
    const { id } = context.req.valid('param')
    const { version } = context.req.valid('json')
    const key = context.req.valid('header')['idempotency-key']
    const asked = requestOf(session.agent, { ticketId: id, version, key, act: 'solve' })
    return context.json(await undoable(context, asked, () => desk.work.solve(asked)), 200)
  })
}

const addWords = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(routes.replyToTicket, async (context) => {
    const { desk, session } = context.var
    const { id } = context.req.valid('param')
    const { version, text, attachments, solve } = context.req.valid('json')
    if (solve) requirePermission(context, 'ticket.solve')
    const key = context.req.valid('header')['idempotency-key']
    const asked = requestOf(session.agent, { ticketId: id, version, key, act: 'reply' })
    const files = await partsOf(desk, attachments)
    const reply = () => desk.work.reply(asked, text.trim(), files, solve)
    return context.json(await undoable(context, asked, reply), 200)
  })
  app.openapi(routes.typeReply, async (context) => {
    const { desk, session } = context.var
    const { id: ticketId } = context.req.valid('param')
    await desk.typing({ ticketId, agentId: session.agent.id, on: context.req.valid('json').on })
    return context.json({ done: true as const }, 200)
  })
  app.openapi(routes.noteOnTicket, async (context) => {
    const { desk, session } = context.var
    const { id } = context.req.valid('param')
    const { version, text } = context.req.valid('json')
    const key = context.req.valid('header')['idempotency-key']
    const asked = requestOf(session.agent, { ticketId: id, version, key, act: 'note' })
    const changed = await change(context, id, () => desk.work.note(asked, text.trim()))
    const agentIds = await desk.mentions.waitingOn(id)
    if (agentIds.length > 0) desk.bus.publish(topics.mention, { ticketId: id, agentIds })
    return context.json(changed, 200)
  })
  app.openapi(routes.retryMessage, async (context) => {
    const { retry, bus } = context.var.desk
    await retry(context.req.valid('param').id)
    bus.publish(topics.outbox, {})
    return context.json({ done: true as const }, 200)
  })
}

const addUndoing = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(routes.undoOffer, async (context) => {
    const { desk, session } = context.var
    const undo = await desk.undo.offer(context.req.valid('param').id, session.agent.id)
    return context.json(undo === undefined ? {} : { undo }, 200)
  })
  app.openapi(routes.withdrawMessage, async (context) => {
    const { desk, session } = context.var
    const { id } = context.req.valid('param')
    const { version } = context.req.valid('json')
    const key = context.req.valid('header')['idempotency-key']
    const ticketId = await desk.ticketOf(id)
    const asked = requestOf(session.agent, { ticketId, version, key, act: 'withdraw' })
    return context.json(await change(context, ticketId, () => desk.undo.withdraw(asked, id)), 200)
  })
  app.openapi(routes.undoSolve, async (context) => {
    const { desk, session } = context.var
    const { id } = context.req.valid('param')
    const { version } = context.req.valid('json')
    const key = context.req.valid('header')['idempotency-key']
    const asked = requestOf(session.agent, { ticketId: id, version, key, act: 'undo-solve' })
    return context.json(await change(context, id, () => desk.undo.undoSolve(asked)), 200)
  })
}

/** Reading tickets and working on them. */
export const addTicketRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  addReading(app)
  addStates(app)
  addWords(app)
  addUndoing(app)
}
