import type { z } from 'zod'
import type { TicketStanding } from './ticket.ts'

/** What a tool answers: facts, or why not and what to do about it. */
export type ToolOutcome =
  | { readonly done: true; readonly facts: Readonly<Record<string, unknown>> }
  | { readonly done: false; readonly message: string }

/** A tool that programs outside may call, with the caller bound in already. */
export interface ServedTool {
  readonly name: string
  readonly title: string
  /** Ours alone: nothing from outside is ever put in here. */
  readonly description: string
  readonly input: z.ZodObject
  /** True: calling it changes something. */
  readonly changes: boolean
  /** Gets what `input` made of the arguments. Never rejects. */
  readonly run: (args: unknown) => Promise<ToolOutcome>
}

/** Answers one MCP request, its body parsed already, with these tools and no others. Keeps nothing between requests. */
export type AnswerMcp = (request: Request, body: unknown, tools: readonly ServedTool[]) => Promise<Response>

/** A wish of a contact, as a program hands it on. */
export interface TicketWish {
  /** The contact, as the program names them. */
  readonly contact: string
  readonly name?: string
  readonly text: string
  /** The same again is a repetition, whatever else it says. */
  readonly dedupKey: string
  /** The key that it came with, for agents to see. */
  readonly by: string
}

/** Tickets of one contact at a time, as that contact may know them. */
export interface ContactTickets {
  /** Opens a ticket, or adds to the one that is open. Throws `conflict` when it takes too long: the same again gives it. */
  open(wish: TicketWish): Promise<TicketStanding>
  /** What is owed to the contact, and what was settled lately; newest first. */
  list(contact: string): Promise<readonly TicketStanding[]>
  /** Throws `not_found`, also for tickets of others. */
  get(contact: string, number: number): Promise<TicketStanding>
}

/** What the MCP server stands on. */
export interface McpServing {
  readonly answer: AnswerMcp
  /** Absent: no inbox was named for tickets, and there are no tools for them. */
  readonly tickets?: ContactTickets
}
