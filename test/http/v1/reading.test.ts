import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ticket } from '../../../src/core/ticket.ts'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let reader: Program
const tickets: Ticket[] = []
beforeAll(async () => {
  world = await openWorld()
  reader = await createProgram(world, ['tickets:read', 'contacts:read', 'events:read'])
  for (let n = 0; n < 5; n += 1) tickets.push(await world.arrive({ text: `第${String(n)}个问题` }))
})
afterAll(() => world.stop())

const at = (place: number): Ticket => {
  const ticket = tickets[place]
  if (ticket === undefined) throw new Error('no such ticket')
  return ticket
}

interface Listed {
  readonly data: readonly { readonly id: string; readonly number: number; readonly seq?: number }[]
  readonly next?: string
}
const list = async (path: string): Promise<Listed> => {
  const { status, json, text } = await reader.get(path)
  expect(status, text).toBe(200)
  return json as unknown as Listed
}
const numbers = async (query: string): Promise<readonly number[]> =>
  (await list(`/tickets?${query}`)).data.map(({ number }) => number)

/** Every entry of a list, page by page, by following `next`. */
const walk = async (path: string): Promise<Listed['data']> => {
  const pages: Listed['data'][number][] = []
  for (let cursor = ''; ;) {
    const page = await list(`${path}${cursor === '' ? '' : `&cursor=${cursor}`}`)
    pages.push(...page.data)
    if (page.next === undefined) return pages
    cursor = page.next
  }
}

describe('tickets', () => {
  it('are listed the newest first, page by page', async () => {
    const all = tickets.map(({ number }) => number).reverse()
    expect(await numbers('limit=50')).toEqual(all)
    expect((await walk('/tickets?limit=2')).map(({ number }) => number)).toEqual(all)
  })

  it('name the next page in a Link header', async () => {
    const { headers, json } = await reader.get('/tickets?limit=2&state=new')
    expect(headers.get('link')).toBe(
      `</api/v1/tickets?limit=2&state=new&cursor=${String(json.next)}>; rel="next"`,
    )
    expect((await reader.get('/tickets')).headers.get('link')).toBeNull()
  })

  it('are found by state, kind, priority, assignee, contact and time of change', async () => {
    const agent = await world.hire('agent')
    const browser = await world.enter(agent)
    world.clock.advance(1_000)
    const since = world.clock.now().toISOString()
    await browser.post(`/api/desk/tickets/${at(1).id}/take`)
    const [mine, rest] = [[at(1).number], [4, 3, 2, 0].map((place) => at(place).number)]
    expect(await numbers(`assignee=${agent.id}`)).toEqual(mine)
    expect(await numbers('assignee=none')).toEqual(rest)
    expect(await numbers('state=open')).toEqual(mine)
    expect(await numbers('state=new')).toEqual(rest)
    expect(await numbers('state=open,new')).toHaveLength(5)
    expect(await numbers(`updatedSince=${since}`)).toEqual(mine)
    expect(await numbers(`contact=${at(2).contactId}`)).toEqual([at(2).number])
    expect(await numbers(`kind=${at(0).kind}&priority=${at(0).priority}`)).toHaveLength(5)
    expect(await numbers('kind=appeal')).toEqual([])
    // To copy all and then what changed: the last change comes last.
    expect((await walk('/tickets?order=updated&limit=2')).at(-1)?.number).toBe(at(1).number)
    expect(await walk('/tickets?order=updated&limit=2')).toHaveLength(5)
  })

  it('are read by id and by the number people say, with an ETag', async () => {
    const { number, id } = at(3)
    const byId = await reader.get(`/tickets/${id}`)
    const byNumber = await reader.get(`/tickets/T-${String(number)}`)
    expect(byId.json).toMatchObject({ id, number, version: 1 })
    expect(byNumber.text).toBe(byId.text)
    expect(byId.headers.get('etag')).toBe('"1"')
    expect((await reader.get(`/tickets/${id}`, { 'if-none-match': '"1"' })).status).toBe(304)
    expect((await reader.get('/tickets/T-999999')).status).toBe(404)
  })

  it('speak the language that is asked for', async () => {
    const { brief } = await import('../world.ts')
    const { id } = await world.arrive({ brief })
    const [zh, en] = [
      await reader.get(`/tickets/${id}`),
      await reader.get(`/tickets/${id}`, { 'accept-language': 'en' }),
    ]
    expect(zh.json.reason).not.toBe(en.json.reason)
    await world.database.query('delete from ticket_timeline where ticket_id = $1', [id])
    await world.database.query('delete from tickets where id = $1', [id])
  })

  it('have a history, page by page', async () => {
    const agent = await world.hire('agent')
    const browser = await world.enter(agent)
    for (const text of ['一', '二', '三'])
      await browser.post(
        `/api/desk/tickets/${at(4).id}/note`,
        { text },
        { 'idempotency-key': `note-key-${String(text.codePointAt(0))}` },
      )
    const whole = await walk(`/tickets/${at(4).id}/timeline?limit=2`)
    expect(whole.map((entry) => (entry as unknown as { change: string }).change)).toEqual([
      'opened',
      'noted',
      'noted',
      'noted',
    ])
  })

  it.each(['W10', 'eyJsaXN0IjoidGltZWxpbmUiLCJwbGFjZSI6eyJpZCI6MX19', '%00', 'x'.repeat(500)])(
    'refuse the cursor %j, which is none of theirs',
    async (cursor) => {
      const answer = await reader.get(`/tickets?cursor=${cursor}`)
      expect([answer.status, answer.json.code]).toEqual([400, 'bad_input'])
    },
  )
})

describe('conversations', () => {
  it('give what was said in order, page by page', async () => {
    const path = `/conversations/${at(0).conversationId}/messages?limit=1`
    expect((await walk(path)).map(({ seq }) => seq)).toEqual([1, 2])
    expect((await list(path)).data[0]).toMatchObject({
      direction: 'in',
      parts: [{ kind: 'text', text: '第0个问题' }],
    })
  })

  it('are not found when there is none', async () => {
    expect((await reader.get(`/conversations/${at(0).id}/messages`)).status).toBe(404)
  })
})

describe('contacts', () => {
  it('show their addresses only to who may see them', async () => {
    const path = `/contacts/${at(0).contactId}`
    const key = (answer: { json: Record<string, unknown> }) =>
      (answer.json.identities as { contactKey: string }[])[0]?.contactKey
    expect(key(await reader.get(path))).toBe('co…-1')
    expect(key(await (await createProgram(world, ['contacts:reveal'])).get(path))).toBe('contact-1')
  })
})
