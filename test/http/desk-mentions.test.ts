import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Agent } from '../../src/core/agent.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import type { Browser } from './client.ts'
import { openWorld, type World } from './world.ts'

let world: World
let writer: Browser
let who: Agent
let reader: Browser
beforeAll(async () => {
  world = await openWorld()
  writer = await world.enter(await world.hire('agent', '周岚'))
  who = await world.hire('agent', '李然')
  reader = await world.enter(who)
})
afterAll(() => world.stop())

const note = async ({ id }: Ticket, text: string, by = writer) => {
  const headers = { 'idempotency-key': randomUUID() }
  const answer = await by.post(`/api/desk/tickets/${id}/note`, { text }, headers)
  expect(answer.status, answer.text).toBe(200)
}
const mentionedTo = async (browser: Browser): Promise<readonly string[]> => {
  const { json } = await browser.get('/api/desk/tickets?view=mentioned')
  return (json.tickets as readonly { readonly id: string }[]).map(({ id }) => id)
}

describe('a note that mentions a colleague', () => {
  it('shows its ticket to them until they read it', async () => {
    const ticket = await world.arrive()
    await note(ticket, '@李然 帮忙看看')
    expect(await mentionedTo(reader)).toContain(ticket.id)
    expect(await mentionedTo(writer)).not.toContain(ticket.id)
    const read = await reader.post(`/api/desk/tickets/${ticket.id}/mentions/read`, {})
    expect(read.status).toBe(200)
    expect(await mentionedTo(reader)).not.toContain(ticket.id)
    await note(ticket, '再请@李然看')
    expect(await mentionedTo(reader)).toContain(ticket.id)
  })

  it('is shown once however often it is sent, and not to who wrote it', async () => {
    const ticket = await world.arrive()
    await note(ticket, '@李然 @李然 我自己记一下', reader)
    expect(await mentionedTo(reader)).not.toContain(ticket.id)
    await note(ticket, '@李然')
    await note(ticket, '@李然')
    expect((await mentionedTo(reader)).filter((id) => id === ticket.id)).toHaveLength(1)
  })

  it('tells their open desk, and no other', async () => {
    const hear = async (browser: Browser) => {
      const stop = new AbortController()
      const { body } = await fetch(`${world.origin}/api/desk/events`, {
        headers: { cookie: `tongda_session=${browser.cookies.get('tongda_session') ?? ''}` },
        signal: stop.signal,
      })
      let heard = ''
      const decoder = new TextDecoder()
      const ended = (async () => {
        for await (const chunk of body ?? []) heard += decoder.decode(chunk as Uint8Array, { stream: true })
      })().catch(() => undefined)
      await expect.poll(() => heard).toContain('event: ready')
      return { heard: () => heard, stop: () => (stop.abort(), ended) }
    }
    const [theirs, others] = [await hear(reader), await hear(writer)]
    const ticket = await world.arrive()
    await note(ticket, '@李然')
    await expect.poll(theirs.heard).toContain(`event: mention\ndata: {"ticketId":"${ticket.id}"}`)
    await expect.poll(others.heard).toContain(`event: ticket\ndata: {"ticketId":"${ticket.id}"}`)
    expect(others.heard()).not.toContain('event: mention')
    await Promise.all([theirs.stop(), others.stop()])
  })

  it('offers colleagues with how their names sound', async () => {
    const { json } = await writer.get('/api/desk/colleagues')
    expect(json.colleagues).toContainEqual({ id: who.id, name: '李然', sounds: ['lr', 'liran'] })
  })
})
