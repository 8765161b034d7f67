import { createHmac, randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { AuditLog } from '../core/audit.ts'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { IdempotencyStore, IdempotentRequest } from '../core/idempotency.ts'
import type { Logger } from '../core/log.ts'
import type { Tool, ToolFailure, ToolIdentity, ToolReply } from '../core/tool.ts'
import type { ToolArguments } from '../core/tool-call.ts'
import { readArguments } from './json-schema.ts'
import { restFailing } from './rest-failing.ts'

/** What the toolbox stands on. */
export interface ToolboxOptions {
  readonly tools: readonly Tool[]
  readonly clock: Clock
  readonly log: Logger
  readonly audit: Pick<AuditLog, 'record'>
  /** Remembers what was changed, so that it is changed once. */
  readonly once: Pick<IdempotencyStore, 'begin' | 'finish' | 'find'>
  /** Who writes in a conversation, as far as its channel vouches for it; `shared`: others read along there. */
  readonly identityOf: (conversationId: string) => Promise<ToolIdentity | 'shared' | undefined>
  /** Keys the hashes of arguments that the audit log keeps. */
  readonly hashKey: string
}

/** For whom a tool is called. */
export interface ToolCaller {
  readonly conversationId: string
  readonly contactId: string
}

/** A call with everything known that it needs. */
export interface PreparedCall {
  readonly tool: Tool
  readonly given: ToolArguments
  readonly caller: ToolCaller
  readonly identity?: ToolIdentity
}

/** What came of a call; `repeated`: whether it went through is not known, and it is not tried again. */
export type CallOutcome = ToolReply | { readonly kind: 'repeated' }

/** A call that was made, and what came of it. */
export interface MadeCall {
  /** Absent, as `given` is: only that it was begun is known. */
  readonly tool?: string
  readonly given?: ToolArguments
  readonly outcome: CallOutcome
}

/** The brand's tools, and the one way to call them. */
export interface Toolbox {
  /** What may be called in these intents and topics; nothing else ever is. */
  toolsFor(subjects: readonly string[]): readonly Tool[]
  find(name: string): Tool | undefined
  /** It tells of the contact alone, and others read along where it would be told. It is never called there. */
  isShared(tool: Tool, caller: ToolCaller): Promise<boolean>
  /**
   * Undefined: the arguments are not what the tool takes. `failure`: its schema cannot be had, or nobody vouches for who
   * asks, or others read along.
   */
  prepare(
    tool: Tool,
    given: unknown,
    caller: ToolCaller,
  ): Promise<PreparedCall | { readonly failure: ToolFailure } | undefined>
  /**
   * Calls it; every call stands in the audit log. What changes something is called once under one `callId`, and answered
   * again with what came of it. `withinMs` is what is left of whoever waits; where something is changed it has to leave the
   * call as long as it may take, or nearly so: of what is cut short nobody knows what came of it.
   */
  execute(call: PreparedCall, callId: string, withinMs?: number): Promise<CallOutcome>
  /** What came of a contact's call that changed something, for a day. Calls nothing. Undefined: there was none. */
  recall(callId: string, caller: ToolCaller): Promise<MadeCall | undefined>
}

/** Longer than a call waits for its confirmation: whoever took it up has ended, or crashed. */
const leaseMs = 3_600_000

const keptReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answered'), value: z.record(z.string(), z.unknown()) }),
  z.object({
    kind: z.literal('failed'),
    failure: z.enum([
      ...([
        'address',
        'timeout',
        'network',
        'too_large',
        'not_found',
        'refused',
        'wrong_answer',
        'resting',
      ] as const),
    ]),
  }),
])

const keptCall = z.object({
  tool: z.string(),
  given: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  contactId: z.string(),
  reply: keptReply,
})

const readKept = (body: string): z.output<typeof keptCall> | undefined =>
  keptCall.safeParse(JSON.parse(body)).data

const createPrepare =
  ({ log, identityOf }: Pick<ToolboxOptions, 'log' | 'identityOf'>): Toolbox['prepare'] =>
  async (tool, given, { conversationId, contactId }) => {
    let read
    try {
      read = readArguments(await tool.parameters(), given)
    } catch (error) {
      // Of an MCP server the schema is whatever it sends; one that cannot be read is none. Only our own words are logged: the
      // server's may be what it was sent, the key too.
      const why = error instanceof TongdaError ? { error } : { code: 'unreadable' }
      log.warn({ tool: tool.name, ...why }, 'a tool’s schema could not be had, or read')
      return { failure: 'network' }
    }
    const identity = tool.needsIdentity ? await identityOf(conversationId) : undefined
    if (identity === 'shared') return { failure: 'shared' }
    if (tool.needsIdentity && identity === undefined) return { failure: 'refused' }
    if (read === undefined) return undefined
    const caller = { conversationId, contactId }
    return { tool, given: read, caller, ...(identity === undefined ? {} : { identity }) }
  }

/** Makes the toolbox. Each tool rests by itself when its system fails. */
export const createToolbox = (options: ToolboxOptions): Toolbox => {
  const { clock, log, audit, once, hashKey, identityOf } = options
  const tools = new Map(options.tools.map((tool) => [tool.name, restFailing(tool, clock)]))
  const hash = (value: unknown): string =>
    createHmac('sha256', hashKey).update(JSON.stringify(value)).digest('hex').slice(0, 32)

  const callNow = async (call: PreparedCall, callId: string, withinMs?: number): Promise<ToolReply> => {
    const { tool, given, caller, identity } = call
    const begunAt = performance.now()
    const reply = await tool.call(given, {
      callId,
      ...(identity === undefined ? {} : { identity }),
      ...(withinMs === undefined ? {} : { withinMs }),
    })
    const ms = Math.round(performance.now() - begunAt)
    const outcome = reply.kind === 'answered' ? 'answered' : reply.failure
    await audit.record({
      act: 'tool.called',
      object: { kind: 'tool', id: tool.name },
      detail: { ...caller, callId, given: hash(given), outcome, ms, changesState: tool.changesState },
    })
    if (reply.kind === 'failed') log.warn({ tool: tool.name, failure: reply.failure, ms }, 'a tool failed')
    return reply
  }

  const keyOf = (callId: string): string => hash(['tool', callId])

  const callOnce: Toolbox['execute'] = async (call, callId, withinMs) => {
    const request: IdempotentRequest = {
      keyHash: keyOf(callId),
      fingerprint: hash([call.tool.name, call.given]),
      owner: randomUUID(),
      leaseMs,
    }
    const begun = await once.begin(request)
    if (begun.kind === 'answered') return readKept(begun.answer.body)?.reply ?? { kind: 'repeated' }
    if (begun.kind !== 'started') return { kind: 'repeated' }
    const reply = await callNow(call, callId, withinMs)
    const kept = { tool: call.tool.name, given: call.given, contactId: call.caller.contactId, reply }
    await once.finish(request, { status: 200, headers: {}, body: JSON.stringify(kept) })
    return reply
  }

  const recall: Toolbox['recall'] = async (callId, { contactId }) => {
    const known = await once.find(keyOf(callId))
    if (known === undefined) return undefined
    const kept = known.kind === 'answered' ? readKept(known.answer.body) : undefined
    if (kept === undefined) return { outcome: { kind: 'repeated' } }
    // Who else gets hold of a button's value learns nothing by it.
    return kept.contactId === contactId
      ? { tool: kept.tool, given: kept.given, outcome: kept.reply }
      : undefined
  }

  return {
    toolsFor: (subjects) =>
      [...tools.values()].filter(({ intents }) => intents.some((one) => subjects.includes(one))),
    find: (name) => tools.get(name),
    isShared: async ({ needsIdentity }, { conversationId }) =>
      needsIdentity && (await identityOf(conversationId)) === 'shared',
    prepare: createPrepare(options),
    recall,
    execute: (call, callId, withinMs) =>
      (call.tool.changesState ? callOnce : callNow)(call, callId, withinMs),
  }
}
