import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Permission } from '../../core/agent.ts'
import type { DeskLanguage } from '../../core/reason.ts'
import { inputProblem } from '../problem.ts'
import type { Caller } from './caller.ts'
import type { ApiSurroundings } from './environment.ts'

/** A request whose caller may make it, before its parts are read. */
export interface RawCall {
  readonly api: ApiSurroundings
  readonly caller: Caller
  readonly context: Context
  /** The language that texts are wanted in. */
  readonly language: DeskLanguage
  /** From `If-Match`; undefined: any version. */
  readonly version: number | undefined
  /** On a POST that named one: stable for this caller, route and key. Goes into the domain's transaction. */
  readonly idempotencyKey: string | undefined
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
}

/** A request as a handler gets it: everything parsed. */
export interface Call<Params, Query, Body> extends Omit<RawCall, 'params' | 'query' | 'body'> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
}

/** What a handler answers. */
export interface Reply<Answer> {
  readonly body: Answer
  /** Becomes the ETag. */
  readonly version?: number
  /** Address of what was made, below `/api/v1`. */
  readonly location?: string
  /** The next page's cursor becomes a `Link` header. */
  readonly next?: string
}

interface RouteFacts<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> {
  /** The operation's name in clients, e.g. `listTickets`. */
  readonly id: string
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  /** Below `/api/v1`, with `{name}` for parameters. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** Deny by default: who lacks it is refused. `anything`: whoever is known may ask. */
  readonly permission: Permission | 'anything'
  readonly params: Params
  readonly query: Query
  /** `nothing` for routes that take no body. */
  readonly body: Body
  readonly answer: Answer
  readonly example: z.output<Answer>
  readonly status?: 200 | 201 | 202
  /** Answers carry an ETag; writes honour If-Match. */
  readonly versioned?: true
  /** Answers with server-sent events instead of JSON. */
  readonly stream?: true
  /** What it answers with instead of JSON; the handler gives the response. */
  readonly produces?: 'application/zip' | 'application/octet-stream'
  /** Its answer shows personal data in full: it says so to whoever asked, and the audit log knows. */
  readonly plain?: true
  /** Its answer brings what contacts wrote, though its resource else holds the brand's own words: it is masked. */
  readonly ofContacts?: true
  /** Most bytes of the body, for what carries files. */
  readonly maxBodyBytes?: number
}

/** A route as it is written. */
export interface RouteSpec<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> extends RouteFacts<Params, Query, Body, Answer> {
  readonly handle: (
    call: Call<z.output<Params>, z.output<Query>, z.output<Body>>,
  ) => Promise<Reply<z.output<Answer>> | Response>
}

/** A route as the table holds it: its types are checked, then forgotten. */
export interface ApiRoute extends RouteFacts<z.ZodObject, z.ZodObject, z.ZodType, z.ZodType> {
  readonly run: (call: RawCall) => Promise<Reply<unknown> | Response>
}

/** For what takes nothing. */
export const nothing = z.strictObject({})

const read = <Schema extends z.ZodType>(schema: Schema, value: unknown, place: string): z.output<Schema> => {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw inputProblem(parsed.error.issues, place)
  return parsed.data
}

/** Defines one route of the public API: permission, schemas, handler. A resource is a list of these. */
export const defineRoute = <
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>({
  handle,
  ...facts
}: RouteSpec<Params, Query, Body, Answer>): ApiRoute => ({
  ...facts,
  run: async (call) =>
    handle({
      ...call,
      params: read(facts.params, call.params, 'path'),
      query: read(facts.query, call.query, 'query'),
      body: read(facts.body, call.body, 'body'),
    }),
})
