import { Hono } from 'hono'
import type { Context } from 'hono'
import { z } from 'zod'
import type { Clock } from '../../src/core/clock.ts'
import { TongdaError } from '../../src/core/errors.ts'
import type { ClientAct, Simulator } from '../simulator.ts'

/** What the client pages work on. */
export interface ClientDeps {
  readonly simulators: readonly Simulator[]
  readonly clock: Clock
  readonly revision: () => number
}

const short = z.string().min(1).max(200)
const text = z.string().min(1).max(20_000)
/** A file as base64, at most 2 MB. */
const bytes = z
  .base64()
  .max(2_800_000)
  .transform((data): Uint8Array => Buffer.from(data, 'base64'))

const actInput = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    text,
    subject: z.string().max(200).optional(),
    replyTo: short.optional(),
  }),
  z.strictObject({ kind: z.literal('image'), bytes }),
  z.strictObject({
    kind: z.literal('voice'),
    durationMs: z.int().min(200).max(60_000),
    recognition: short.optional(),
  }),
  z.strictObject({ kind: z.literal('file'), name: short, bytes }),
  z.strictObject({
    kind: z.literal('location'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    label: short,
  }),
  z.strictObject({ kind: z.literal('choice'), lineId: short, choiceId: short }),
  z.strictObject({ kind: z.literal('edit'), lineId: short, text }),
  z.strictObject({ kind: z.literal('mention'), text }),
  z.strictObject({ kind: z.literal('follow') }),
  z.strictObject({ kind: z.literal('unfollow') }),
])

const doInput = z.strictObject({ user: short, act: actInput })
const faultInput = z.strictObject({ name: short, on: z.boolean() })

/** Absent keys are left out: the port knows no `undefined`. */
const toAct = (input: z.output<typeof actInput>): ClientAct =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as ClientAct

const statuses: Readonly<Partial<Record<string, 400 | 404 | 409>>> = {
  bad_input: 400,
  not_found: 404,
  conflict: 409,
}

/** Runs what a simulator may refuse; the refusal becomes the answer. */
const attempt = (c: Context, run: () => void): Response => {
  try {
    run()
    return c.json({ done: true }, 202)
  } catch (error) {
    const status = error instanceof TongdaError ? statuses[error.code] : undefined
    if (!(error instanceof TongdaError) || status === undefined) throw error
    return c.json({ code: error.code, message: error.message }, status)
  }
}

const readBody = async <Value>(c: Context, shape: z.ZodType<Value>): Promise<Value | undefined> => {
  const body: unknown = await c.req.json().catch(() => undefined)
  const parsed = shape.safeParse(body)
  return parsed.success ? parsed.data : undefined
}

const badInput = (c: Context): Response =>
  c.json({ code: 'bad_input', message: 'The request does not have the expected form.' }, 400)

const readState = ({ channel, client }: Simulator, deps: ClientDeps, wanted: string | undefined) => {
  const users = client.users()
  const user = users.find(({ key }) => key === wanted) ?? users[0]
  return {
    revision: deps.revision(),
    now: deps.clock.now(),
    channel,
    users,
    user,
    acts: client.acts,
    lines: user === undefined ? [] : client.lines(user.key),
    allowance: user === undefined ? undefined : client.allowance(user.key),
    exchanges: user === undefined ? [] : client.exchanges(user.key),
    faults: client.faults(),
  }
}

/** JSON endpoints of the client pages, below `/<channel>`; the caller guards the changing ones. */
export const createClientEndpoints = (deps: ClientDeps): Hono => {
  const api = new Hono()
  const find = (c: Context): Simulator | undefined =>
    deps.simulators.find(({ channel }) => channel === c.req.param('channel'))
  const gone = (c: Context): Response =>
    c.json({ code: 'not_found', message: 'There is no such simulated channel.' }, 404)
  api.get('/:channel/state', (c) => {
    const simulator = find(c)
    return simulator === undefined ? gone(c) : c.json(readState(simulator, deps, c.req.query('user')))
  })
  api.post('/:channel/acts', async (c) => {
    const simulator = find(c)
    const input = await readBody(c, doInput)
    if (simulator === undefined) return gone(c)
    return input === undefined
      ? badInput(c)
      : attempt(c, () => simulator.client.act(input.user, toAct(input.act)))
  })
  api.post('/:channel/faults', async (c) => {
    const simulator = find(c)
    const input = await readBody(c, faultInput)
    if (simulator === undefined) return gone(c)
    return input === undefined
      ? badInput(c)
      : attempt(c, () => simulator.client.setFault(input.name, input.on))
  })
  return api
}
