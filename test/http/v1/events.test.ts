import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let reader: Program
const open: AbortController[] = []
beforeAll(async () => {
  world = await openWorld({ heartbeatMs: 200 })
  reader = await createProgram(world, ['events:read'])
})
afterEach(() => {
  for (const each of open.splice(0)) each.abort()
})
afterAll(() => world.stop())

interface Heard {
  readonly id: string
  readonly type: string
}

/** Listens to the stream as an event source does; `heard` grows. */
const listen = async (query = '', headers: Record<string, string> = {}, program = reader) => {
  const stop = new AbortController()
  open.push(stop)
  const response = await fetch(`${world.origin}/api/v1/events/stream${query}`, {
    headers: { authorization: `Bearer ${program.token}`, ...headers },
    signal: stop.signal,
  })
  const heard: Heard[] = []
  let ended = false
  let text = ''
  const reading = (async () => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
        const [id, type] = [field('id'), field('event')]
        if (id !== undefined && type !== undefined) heard.push({ id, type })
      }
    }
  })()
  void reading.catch(() => undefined).finally(() => (ended = true))
  await expect.poll(() => heard[0]?.type).toBe('ready')
  return {
    response,
    heard,
    stop,
    ended: () => ended,
    news: () => heard.filter(({ type }) => type !== 'ready'),
  }
}

const arrival = ['message.received', 'message.sent', 'ticket.opened']

describe('the list of events', () => {
  it('goes on behind any event, page by page', async () => {
    await world.arrive()
    const ids: string[] = []
    for (let after = '0-0'; ;) {
      const { json } = await reader.get(`/events?limit=2&after=${after}`)
      ids.push(...(json.data as Heard[]).map(({ id }) => id))
      if (json.next === undefined) break
      after = json.next as string
    }
    expect(ids.length).toBeGreaterThanOrEqual(3)
    expect(new Set(ids).size).toBe(ids.length)
    const { json } = await reader.get('/events?types=ticket.opened')
    expect(new Set((json.data as Heard[]).map(({ type }) => type))).toEqual(new Set(['ticket.opened']))
    expect((await reader.get('/events?types=ticket.melted')).status).toBe(400)
    expect((await reader.get('/events?after=never')).status).toBe(400)
  })
})

describe('the stream of events', () => {
  it('tells what happens from now on', async () => {
    await world.arrive()
    const { response, news } = await listen()
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(response.headers.get('ratelimit-remaining')).not.toBeNull()
    await world.arrive()
    await expect.poll(() => news().map(({ type }) => type)).toEqual(arrival)
  })

  it('leaves nothing out and repeats nothing over reconnects', async () => {
    const first = await listen()
    await world.arrive()
    await expect.poll(() => first.news()).toHaveLength(3)
    first.stop.abort()
    await world.arrive()
    const place = first.heard.at(-1)?.id ?? ''
    const second = await listen('', { 'last-event-id': place })
    await world.arrive()
    await expect.poll(() => second.news()).toHaveLength(6)
    // One that heard nothing yet can come back as well.
    const begin = await listen('', { 'last-event-id': first.heard[0]?.id ?? '' })
    await expect.poll(() => begin.news()).toHaveLength(9)
    expect(begin.news()).toEqual([...first.news(), ...second.news()])
  })

  it('tells of the types that are asked for only', async () => {
    const { news } = await listen('?types=ticket.opened')
    await world.arrive()
    await world.arrive()
    await expect.poll(() => news().map(({ type }) => type)).toEqual(['ticket.opened', 'ticket.opened'])
  })

  it('finds what nobody rang for', async () => {
    const { news } = await listen()
    await world.database.query(
      `insert into events (type, at, data) values ('ticket.changed', now(), '{}'::jsonb)`,
    )
    await expect.poll(() => news().map(({ type }) => type)).toEqual(['ticket.changed'])
  })

  it('ends when its key is revoked', async () => {
    const program = await createProgram(world, ['events:read'])
    const { ended } = await listen('', {}, program)
    await world.keys.revoke(program.key.id, world.clock.now())
    await expect.poll(ended).toBe(true)
  })

  it('refuses a place that is none', async () => {
    const answer = await reader.get('/events/stream', { 'last-event-id': 'x' })
    expect([answer.status, answer.json.code]).toEqual([400, 'bad_input'])
  })

  it('is open a few times for one caller, not more', async () => {
    const program = await createProgram(world, ['events:read'])
    for (let n = 0; n < 8; n += 1) await listen('', {}, program)
    const answer = await program.get('/events/stream')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '5'])
  })
})
