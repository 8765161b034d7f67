import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Permission } from '../../core/agent.ts'
import type { ContactTickets, McpServing, ServedTool, ToolOutcome } from '../../core/mcp-serve.ts'
import type { TicketStanding } from '../../core/ticket.ts'
import { Problem, problemOf } from '../problem.ts'
import type { Caller } from './caller.ts'
import type { ApiSurroundings } from './environment.ts'
import { foundJson } from './resources/knowledge-search.ts'

/** Who calls tools, and for whom. */
export interface ToolCaller {
  readonly api: ApiSurroundings
  readonly caller: Caller
  /** From the `Tongda-Contact` header, which the model that calls never writes. */
  readonly contact: string | undefined
}

interface Definition<Input extends z.ZodObject> extends Omit<ServedTool, 'input' | 'run'> {
  readonly permission: Permission
  readonly input: Input
  readonly run: (args: z.output<Input>) => Promise<Readonly<Record<string, unknown>>>
}

type Bound = ServedTool & { readonly permission: Permission }

const refused = (api: ApiSurroundings, tool: string, error: unknown): ToolOutcome => {
  const problem = problemOf(error)
  if (problem !== undefined) return { done: false, message: `${problem.code}: ${problem.message}` }
  api.log.error({ tool, error }, 'an MCP tool failed')
  return { done: false, message: 'internal: the server failed; its log says why' }
}

const define = <Input extends z.ZodObject>(
  api: ApiSurroundings,
  { run, ...facts }: Definition<Input>,
): Bound => ({
  ...facts,
  run: async (args) => {
    try {
      return { done: true, facts: await run(facts.input.parse(args)) }
    } catch (error) {
      return refused(api, facts.name, error)
    }
  },
})

const text = (meaning: string, max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .transform((value) => value.replaceAll('\0', ''))
    .describe(meaning)

const knowledgeTools = ({ api }: ToolCaller): readonly Bound[] => [
  define(api, {
    name: 'search_articles',
    title: 'Search articles',
    description: 'Finds published help articles for a question, best first, with their answers.',
    permission: 'knowledge.search',
    changes: false,
    input: z.strictObject({
      text: text('What somebody wants to know, in their words', 500),
      limit: z.int().min(1).max(8).default(5).describe('Most articles to give'),
    }),
    run: ({ text: words, limit }) => foundJson(api.understanding, words, limit),
  }),
  define(api, {
    name: 'ask',
    title: 'Ask the bot',
    description:
      'Gives what the customer-service bot would answer to this message by its rules alone, without a language model and the brand’s systems. Sends nothing. With kind `escalate` it would call a person, and no ticket is opened by asking.',
    permission: 'knowledge.search',
    changes: false,
    input: z.strictObject({ text: text('The message, as a customer would write it', 500) }),
    run: async ({ text: words }) => ({ ...(await api.understanding.ask(words, 'api')) }),
  }),
]

const iso = (moment: Date | undefined): string | undefined => moment?.toISOString()

/** What the contact may know of it, and no more. */
const standingJson = (api: ApiSurroundings, ticket: TicketStanding) => ({
  number: `T-${String(ticket.number)}`,
  state: ticket.state,
  title: api.masker.text(ticket.title),
  createdAt: iso(ticket.createdAt),
  firstReplyDueAt: iso(ticket.firstReplyDueAt),
  firstRepliedAt: iso(ticket.firstRepliedAt),
  solvedAt: iso(ticket.solvedAt),
  closedAt: iso(ticket.closedAt),
  ...(ticket.mergedInto === undefined ? {} : { mergedInto: `T-${String(ticket.mergedInto)}` }),
})

const contactOf = ({ contact }: ToolCaller): string => {
  if (contact !== undefined) return contact
  throw new Problem('bad_input', 'nobody said whose ticket; the program must send the header Tongda-Contact')
}

const ticketTools = (call: ToolCaller, tickets: ContactTickets): readonly Bound[] => [
  define(call.api, {
    name: 'create_ticket',
    title: 'Create a ticket',
    description:
      'Asks the customer service’s people to take care of something for the contact at hand. Adds to the contact’s open ticket where there is one.',
    permission: 'ticket.change',
    changes: true,
    input: z.strictObject({
      text: text('What the contact needs, in their words', 4_000),
      request_id: z
        .string()
        .regex(/^[\w.:-]{8,128}$/)
        .describe(
          'A word of yours for this request, 8 to 128 letters, digits and _ . : -; the same again opens nothing new',
        ),
      name: text('What the contact is called', 100).optional(),
    }),
    run: async ({ text: words, request_id: id, name }) => {
      const contact = contactOf(call)
      const { caller, api } = call
      const dedupKey = createHash('sha256')
        .update(JSON.stringify([caller.id, contact, id]))
        .digest('hex')
      const ticket = await tickets.open({
        ...{ contact, text: words, by: caller.name, dedupKey: `mcp:${dedupKey}` },
        ...(name === undefined ? {} : { name }),
      })
      return { ticket: standingJson(api, ticket) }
    },
  }),
  define(call.api, {
    name: 'get_ticket',
    title: 'Read tickets',
    description: 'Tells how the contact’s tickets stand: the one that is named, else all recent ones.',
    permission: 'ticket.read',
    changes: false,
    input: z.strictObject({
      number: z
        .string()
        .regex(/^T-\d{1,9}$/i)
        .optional()
        .describe('The ticket, as people say it: T-1001'),
    }),
    run: async ({ number }) => {
      const contact = contactOf(call)
      const found =
        number === undefined
          ? await tickets.list(contact)
          : [await tickets.get(contact, Number(number.slice(2)))]
      return { tickets: found.map((ticket) => standingJson(call.api, ticket)) }
    },
  }),
]

/** The tools that this caller may use. What a key has no scope for is not even named. */
export const toolsFor = (call: ToolCaller, { tickets }: McpServing): readonly ServedTool[] =>
  [...knowledgeTools(call), ...(tickets === undefined ? [] : ticketTools(call, tickets))].filter(
    ({ permission }) => call.caller.permissions.has(permission),
  )
