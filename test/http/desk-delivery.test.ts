import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { topics } from '../../src/core/bus.ts'
import { TimelineSchema } from '../../src/http/shapes/ticket.ts'
import { kindWords, reasonWords } from '../../src/tickets/index.ts'
import { createBrowser, type Browser } from './client.ts'
import { drawPicture } from '../support/pictures.ts'
import { openWorld, type World } from './world.ts'

type Words = Readonly<Record<string, string>>

let world: World
let agent: Browser
let senior: Browser
beforeAll(async () => {
  world = await openWorld({ heartbeatMs: 200 })
  agent = await world.enter(await world.hire('agent'))
  senior = await world.enter(await world.hire('senior'))
})
afterAll(() => world.stop())

describe('files', async () => {
  const png = await drawPicture('png')
  const amr = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(64, 0x3c)])
  const mp3 = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(413)])
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
  const pdf = Buffer.from('%PDF-1.7\n%\n1 0 obj<<>>endobj')
  const page = Buffer.from('<!doctype html><script>alert(1)</script>')

  it.each([
    ['a picture', png, 'image/png', /^inline/],
    ['a voice', amr, 'audio/amr', /^inline/],
    ['an MP3', mp3, 'audio/mpeg', /^inline/],
    ['an SVG', svg, 'application/octet-stream', /^attachment/],
    ['a PDF', pdf, 'application/octet-stream', /^attachment/],
    ['a page', page, 'application/octet-stream', /^attachment/],
  ])('%s: shown or saved, never run', async (_name, bytes, type, disposition) => {
    const { mediaId } = await world.media.save(bytes)
    const answer = await fetch(`${world.origin}/api/desk/media/${mediaId}`, {
      headers: { cookie: `tongda_session=${agent.cookies.get('tongda_session') ?? ''}` },
    })
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.headers.get('content-disposition')).toMatch(disposition)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(answer.headers.get('cache-control')).toMatch(/^private/)
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin')
  })

  it('are found only by their id', async () => {
    expect((await agent.get(`/api/desk/media/${randomUUID()}`)).status).toBe(404)
  })
})

describe('events', () => {
  const listen = async (browser: Browser) => {
    const stop = new AbortController()
    const answer = await fetch(`${world.origin}/api/desk/events`, {
      headers: {
        cookie: `tongda_session=${browser.cookies.get('tongda_session') ?? ''}`,
        accept: 'text/event-stream',
      },
      signal: stop.signal,
    })
    let heard = ''
    const decoder = new TextDecoder()
    const ended = (async () => {
      for await (const chunk of answer.body ?? [])
        heard += decoder.decode(chunk as Uint8Array, { stream: true })
    })().catch(() => undefined)
    return { answer, heard: () => heard, ended, stop: () => stop.abort() }
  }

  it('say at once which ticket changed, and that they still live', async () => {
    const stream = await listen(agent)
    expect(stream.answer.headers.get('content-type')).toContain('text/event-stream')
    await expect.poll(stream.heard).toContain('event: ready')
    const ticket = await world.arrive()
    await expect.poll(stream.heard).toContain(`event: ticket\ndata: {"ticketId":"${ticket.id}"}`)
    await expect.poll(stream.heard).toContain(': still here')
    world.bus.publish(topics.ticket, { conversationId: ticket.conversationId })
    await expect
      .poll(stream.heard)
      .toContain(`event: ticket\ndata: {"conversationId":"${ticket.conversationId}"}`)
    world.bus.publish(topics.delivery, { conversationId: ticket.conversationId })
    await expect
      .poll(stream.heard)
      .toContain(`event: ticket\ndata: {"conversationId":"${ticket.conversationId}","delivery":true}`)
    world.bus.publish(topics.delivery, 'nonsense')
    world.bus.publish(topics.ticket, { other: 'kind' })
    world.bus.publish(topics.ticket, 'nonsense')
    await senior.post(`/api/desk/tickets/${ticket.id}/take`)
    await expect.poll(() => stream.heard().split(ticket.id).length - 1).toBe(2)
    expect(stream.heard()).not.toContain('kind')
    stream.stop()
    await stream.ended
  })

  it('tell who is at a ticket and what they do there', async () => {
    const stream = await listen(agent)
    await expect.poll(stream.heard).toContain('event: ready')
    const { id } = await world.arrive()
    const who = await world.hire('senior', '王敏')
    const colleague = await world.enter(who)
    const say = async (doing: string) =>
      (await colleague.post(`/api/desk/tickets/${id}/viewing`, { doing })).status
    const told = (doing: string) =>
      `event: viewing\ndata: ${JSON.stringify({ ticketId: id, agentId: who.id, agentName: '王敏', doing })}\n`
    expect(await say('typing')).toBe(200)
    await expect.poll(stream.heard).toContain(told('typing'))
    expect(await say('dancing')).toBe(400)
    expect(await say('gone')).toBe(200)
    await expect.poll(stream.heard).toContain(told('gone'))
    world.bus.publish(topics.viewing, { ticketId: id, agentName: 'nonsense' })
    stream.stop()
    await stream.ended
    expect(stream.heard()).not.toMatch(/dancing|nonsense/)
  })

  it('end with the session', async () => {
    const who = await world.hire('agent')
    const stream = await listen(await world.enter(who))
    await expect.poll(stream.heard).toContain('event: ready')
    await world.agents.setRole(who.id, 'editor')
    await stream.ended
    expect(stream.heard()).not.toContain('event: ticket')
  })

  it('are eight for an agent at most, and one that ends makes room', async () => {
    const browser = await world.enter(await world.hire('agent'))
    const streams = await Promise.all(Array.from({ length: 8 }, () => listen(browser)))
    const ninth = await listen(browser)
    expect(ninth.answer.status).toBe(429)
    streams[0]?.stop()
    await expect
      .poll(async () => {
        const next = await listen(browser)
        next.stop()
        return next.answer.status
      })
      .toBe(200)
    for (const stream of streams) stream.stop()
  })
})

describe('the pages', () => {
  const addresses = ['/desk/sign-in', '/desk/sign-in.js', '/desk/base.css', '/desk/icon.svg']
  it.each(addresses)('%s: only from here, nothing inline', async (path) => {
    const answer = await createBrowser(world.origin).get(path)
    expect(answer.status).toBe(200)
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    expect(answer.text).not.toMatch(/https?:\/\/(?!www\.w3\.org)/)
    const again = await createBrowser(world.origin).get(path, {
      'if-none-match': answer.headers.get('etag') ?? '',
    })
    expect(again.status).toBe(304)
  })

  it.each([
    '/desk/../package.json',
    '/desk/%2e%2e/package.json',
    '/desk/..%2f..%2fpackage.json',
    '/desk/words',
    '/desk/desk.js',
    '/desk/index.html',
  ])('%s is no page', async (path) => {
    expect((await createBrowser(world.origin).get(path)).status).toBe(404)
  })

  it.each(['/desk', '/desk/'])('%s leads to the app, and is never kept', async (path) => {
    const answer = await fetch(world.origin + path, { redirect: 'manual' })
    const to = answer.headers.get('location') ?? ''
    expect([answer.status, to]).toEqual(path === '/desk' ? [302, '/desk/app'] : [308, '/desk'])
    if (path !== '/desk') return
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
  })

  const isAlike = ([zh, en]: readonly Words[]): void => {
    if (zh === undefined || en === undefined) throw new Error('a language is missing')
    expect(Object.keys(en)).toEqual(Object.keys(zh))
    const valuesOf = (text = '') => [...text.matchAll(/\{\w+\}/g)].map(String).sort()
    for (const name of Object.keys(zh)) expect(valuesOf(en[name]), name).toEqual(valuesOf(zh[name]))
  }
  const load = async (path: string) => {
    const { zh, en } = (await import(new URL(`../../desk/${path}`, import.meta.url).href)) as {
      readonly zh: Words
      readonly en: Words
    }
    return [zh, en] as const
  }

  it('of the sign-in say the same in both languages', async () => {
    isAlike(await load('browser/words-sign-in.js'))
  })

  it('of the app say the same in both languages, and give the reasons that the server writes', async () => {
    // The words put their language on the page that they stand on; here is none.
    vi.stubGlobal('document', { documentElement: {} })
    const files = readdirSync('desk/app/words').filter((file) => file !== 'index.ts')
    const areas = await Promise.all(files.map((file) => load(`app/words/${file}`)))
    vi.unstubAllGlobals()
    for (const area of areas) isAlike(area)
    const all = [0, 1].map((language) => Object.assign({}, ...areas.map((area) => area[language])) as Words)
    // Reasons: the same words as in titles and summaries, which the server writes.
    for (const [place, language] of [[0, 'zh'] as const, [1, 'en'] as const]) {
      const own = all[place] ?? {}
      for (const change of TimelineSchema.shape.change.options)
        expect(own, change).toHaveProperty([`change.${change}`])
      for (const [code, words] of Object.entries(reasonWords[language]))
        expect([code, own[`reason.${code}`]]).toEqual([code, words])
      for (const [kind, words] of Object.entries(kindWords[language]))
        expect([kind, own[`reason.kind.${kind}`]]).toEqual([kind, words])
    }
  })
})

describe('behind https', () => {
  it('cookies are __Host- and Secure, and a plain cookie that a neighbour planted does not count', async () => {
    const secure = await openWorld({}, ['https://desk.example.com'])
    try {
      const { path } = await secure.signIn.createLink((await secure.hire('agent')).id, 15)
      const browser = createBrowser(secure.address)
      const answer = await browser.post(
        '/api/desk/session/link',
        { token: path.slice(-43) },
        { origin: 'https://desk.example.com' },
      )
      expect(answer.status).toBe(200)
      for (const line of browser.setCookies) {
        expect(line).toMatch(/^__Host-tongda_(session|csrf)=/)
        expect(line).toMatch(/; Secure/)
      }
      expect((await browser.get('/api/desk/me')).status).toBe(200)
      const planted = createBrowser(secure.address)
      planted.cookies.set('tongda_session', browser.cookies.get('__Host-tongda_session') ?? '')
      expect((await planted.get('/api/desk/me')).status).toBe(401)
    } finally {
      await secure.stop()
    }
  })

  it('a page opened elsewhere is told what to do', async () => {
    const secure = await openWorld({}, ['http://desk.intern.example'])
    try {
      expect(secure.log).toContainEqual(
        expect.objectContaining({ level: 'warn', facts: { origin: 'http://desk.intern.example' } }),
      )
      const browser = createBrowser(secure.address)
      const answer = await browser.post('/api/desk/session/link', { token: 'x' })
      expect(answer.json).toMatchObject({ code: 'forbidden', reason: 'origin' })
    } finally {
      await secure.stop()
    }
  })
})
