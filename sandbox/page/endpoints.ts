import { Hono } from 'hono'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import type { SimulatedClient } from '../simulator.ts'
import { createClientEndpoints } from '../clients/endpoints.ts'
import { actInput } from './acts.ts'
import type { ActRefusal, Acts } from './acts.ts'
import { isCast } from './cast.ts'
import { accountMenu, suggestions } from './demo.ts'
import { isAtHome, ownPageOnly } from './guard.ts'
import type { PageProblem } from './guard.ts'
import type { Live } from './live.ts'
import type { SandboxOptions } from './options.ts'
import { plays } from './plays.ts'
import { dayMs } from './spans.ts'
import type { Stage } from './stage.ts'
import { toSteps } from './steps.ts'
import { switchNames } from './switches.ts'
import type { Switches } from './switches.ts'
import { journeyOf, listExchanges } from './views.ts'

/** What the endpoints work on. */
export interface EndpointDeps extends SandboxOptions {
  readonly acts: Acts
  readonly switches: Switches
  readonly live: Live
  readonly stage: Stage
}

const maxBodyBytes = 4 * 1024 * 1024

/** The page's JSON endpoints: reading is open to whoever can open the page, changing to the page alone. */
export const createEndpoints = (deps: EndpointDeps): Hono => {
  const api = new Hono()
  api.get('/live', (c) => deps.live.stream(c))
  api.get('/state', (c) =>
    c.json({
      ...readState(deps, c.req.query('openid')),
      // Whoever holds it becomes the administrator.
      ...(isAtHome(c) ? { signInUrl: deps.signInUrl?.() } : {}),
    }),
  )
  api.get('/exchanges/:id', (c) => {
    const exchange = deps.simulators.wechat.findExchange(Number(c.req.param('id')))
    return exchange === undefined
      ? problem(c, 'gone', 'This exchange is no longer kept.', 404)
      : c.json(exchange)
  })
  api.get('/media/:id', (c) => sendPicture(c, deps))
  api.get('/steps', async (c) => c.json(await readSteps(deps, c.req.query())))
  api.on('POST', '/*', bodyLimit({ maxSize: maxBodyBytes }), ownPageOnly)
  api.post('/users/:openid/acts', (c) => act(c, deps))
  api.post('/exchanges/:id/replay', (c) => replay(c, deps))
  api.post('/switches', (c) => setSwitch(c, deps))
  api.get('/reset', async (c) => c.json(await countAll(deps)))
  api.post('/reset', async (c) => {
    const gone = await countAll(deps)
    await reset(deps)
    return c.json(gone)
  })
  api.post('/plays', (c) => play(c, deps))
  api.post('/plays/stop', (c) => {
    deps.stage.stop()
    return c.json({ done: true })
  })
  api.post('/clock', (c) => putForward(c, deps))
  api.post('/tokens/expire', (c) => {
    deps.simulators.wechat.expireTokens()
    return c.json({ done: true })
  })
  const { clients: simulators = [], clock, live } = deps
  api.route('/clients', createClientEndpoints({ simulators, clock, revision: () => live.revision() }))
  return api
}

/** What the platform itself says, an announcement say, is there from the beginning. */
const spokenLines = (client: SimulatedClient, userKey: string) =>
  client.lines(userKey).filter(({ from }) => from !== 'platform')

/** All that a reset takes away: the product's record and what stands on the clients' screens. */
const countAll = async ({ demoData, simulators: { wechat }, clients = [] }: EndpointDeps) => {
  const screens = [
    ...wechat.users().map(({ openid }) => wechat.transcript(openid).length),
    ...clients.flatMap(({ client }) => client.users().map(({ key }) => spokenLines(client, key).length)),
  ]
  return {
    ...(await demoData.count()),
    users: screens.filter((length) => length > 0).length,
    lines: screens.reduce((sum, length) => sum + length, 0),
  }
}

/** The product first: what it still says about cleared conversations is then cleared with the phones. */
const reset = async (deps: EndpointDeps): Promise<void> => {
  const { acts, switches, demoData, simulators, clients = [], stage, clock } = deps
  stage.stop()
  acts.dropHeld()
  for (const name of switchNames) switches.set(name, false)
  await demoData.clear()
  simulators.wechat.reset()
  for (const simulator of clients) simulator.reset()
  clock.advance(-clock.offsetMs())
}

const problem = (c: Context, code: string, message: string, status: 400 | 404 | 409): Response =>
  c.json({ code, message } satisfies PageProblem, status)

/** Everything but the product's own record, for one demo user. */
const readState = (deps: EndpointDeps, openid: string | undefined) => {
  const { wechat } = deps.simulators
  const users = wechat.users()
  const user = users.find((each) => each.openid === openid) ?? users[0]
  const windows = user === undefined ? [] : wechat.windows(user.openid)
  return {
    revision: deps.live.revision(),
    now: deps.clock.now(),
    aheadMs: deps.clock.offsetMs(),
    plays: plays.filter((each) => isCast(each, deps.clients ?? [])).map(({ name }) => name),
    playing: deps.stage.playing(),
    account: { name: wechat.account.name, mode: wechat.account.mode },
    menu: accountMenu,
    suggestions,
    users,
    user,
    windows,
    lines: user === undefined ? [] : wechat.transcript(user.openid),
    exchanges: listExchanges(wechat.trace(), user?.openid ?? ''),
    switches: deps.switches.list(),
    clients: [
      { channel: 'web', url: deps.webChatUrl, faults: [] },
      ...(deps.clients ?? []).map(({ channel, client }) => ({
        channel,
        url: `clients/${channel}`,
        faults: client
          .faults()
          .filter(({ on }) => on)
          .map(({ name }) => name),
      })),
    ],
    missing: deps.missing ?? [],
    deskUrl: deps.deskUrl,
    beside: deps.beside,
    helpUrl: deps.helpUrl,
  }
}

const stepsShown = 50

/** What the product made of a contact's messages, with what the phone knows about each. */
const readSteps = async (deps: EndpointDeps, query: Readonly<Record<string, string>>) => {
  const { wechat } = deps.simulators
  const contact = query['contact'] ?? ''
  const channel = query['channel'] ?? 'wechat'
  const inboxId = deps.inboxes[channel]
  const messages = contact === '' || inboxId === undefined ? [] : await deps.trace(inboxId, contact)
  const tickets = inboxId === undefined ? undefined : await deps.ticketsOf?.(inboxId, contact)
  const transcript = channel === 'wechat' ? wechat.transcript(contact) : []
  const own = transcript.filter((entry) => entry.source === 'user')
  const steps = toSteps(messages, own).slice(0, stepsShown)
  return steps.map((step) => {
    const line = own.find((entry) => entry.id === step.entryId)
    const ticketId = tickets?.get(step.conversationId)
    return {
      ...step,
      ...(ticketId === undefined ? {} : { ticketId }),
      ...(line === undefined ? {} : { journey: journeyOf(wechat, line, transcript) }),
    }
  })
}

/** A file of the simulator's store: pictures to look at, anything else only to save. */
const sendPicture = (c: Context, deps: EndpointDeps): Response => {
  const media = deps.simulators.wechat.findMedia(c.req.param('id') ?? '')
  if (media === undefined) return problem(c, 'gone', 'This file is no longer kept.', 404)
  const isPicture = /^image\/(png|jpeg|gif)$/.test(media.contentType)
  return c.body(new Uint8Array(media.bytes), 200, {
    'Content-Type': isPicture ? media.contentType : 'application/octet-stream',
    'Content-Disposition': isPicture ? 'inline' : `attachment; filename="${media.fileName}"`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
  })
}

const refusals: Readonly<Record<ActRefusal, readonly [string, 400 | 404 | 409]>> = {
  unknown_user: ['There is no such demo user.', 404],
  not_following: ['This user does not follow the account; follow it first.', 409],
  not_a_picture: ['The file is not a PNG, JPEG or GIF picture.', 400],
}

const readBody = async <Value>(c: Context, shape: z.ZodType<Value>): Promise<Value | undefined> => {
  const body: unknown = await c.req.json().catch(() => undefined)
  const parsed = shape.safeParse(body)
  return parsed.success ? parsed.data : undefined
}

const badInput = (c: Context): Response =>
  problem(c, 'bad_input', 'The request does not have the expected form.', 400)

const act = async (c: Context, deps: EndpointDeps): Promise<Response> => {
  const input = await readBody(c, actInput)
  if (input === undefined) return badInput(c)
  const refusal = deps.acts.act(c.req.param('openid') ?? '', input)
  if (refusal === undefined) return c.json({ done: true }, 202)
  const [message, status] = refusals[refusal]
  return problem(c, refusal, message, status)
}

const replay = async (c: Context, deps: EndpointDeps): Promise<Response> => {
  const exchange = deps.simulators.wechat.findExchange(Number(c.req.param('id')))
  if (exchange?.kind !== 'push') return problem(c, 'gone', 'This exchange is no longer kept.', 404)
  const { id, result, status } = await deps.simulators.wechat.replay(exchange.id)
  return c.json({ id, result, status })
}

const switchInput = z.strictObject({ name: z.enum(switchNames), on: z.boolean() })

const setSwitch = async (c: Context, deps: EndpointDeps): Promise<Response> => {
  const input = await readBody(c, switchInput)
  if (input === undefined) return badInput(c)
  deps.switches.set(input.name, input.on)
  if (input.name === 'out-of-order' && !input.on) deps.acts.releaseHeld()
  deps.live.changed()
  return c.json({ done: true })
}

const playInput = z.strictObject({ name: z.enum(plays.map(({ name }) => name)) })

const play = async (c: Context, deps: EndpointDeps): Promise<Response> => {
  const input = await readBody(c, playInput)
  const story = plays.find(({ name }) => name === input?.name)
  if (story === undefined) return badInput(c)
  if (!isCast(story, deps.clients ?? []))
    return problem(c, 'no_client', 'A client of this story is not installed.', 409)
  if (!deps.stage.start(story)) return problem(c, 'playing', 'A story is being played; stop it first.', 409)
  return c.json({ done: true }, 202)
}

/** At once, and all jumps together. */
const furthestMs = { jump: 31 * dayMs, ahead: 366 * dayMs }
const clockInput = z.strictObject({ ms: z.int().min(1_000).max(furthestMs.jump) })

/** Time only goes on: what was said stays in its order. */
const putForward = async (c: Context, { clock, live }: EndpointDeps): Promise<Response> => {
  const input = await readBody(c, clockInput)
  if (input === undefined) return badInput(c)
  if (clock.offsetMs() + input.ms > furthestMs.ahead)
    return problem(c, 'too_far', 'The sandbox goes a year ahead at most; reset it to come back.', 409)
  clock.advance(input.ms)
  live.changed()
  return c.json({ now: clock.now(), aheadMs: clock.offsetMs() })
}
