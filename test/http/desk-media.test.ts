import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawPicture, lookAt } from '../support/pictures.ts'
import type { Browser } from './client.ts'
import { openWorld, type World } from './world.ts'

let world: World
let agent: Browser
beforeAll(async () => {
  world = await openWorld()
  agent = await world.enter(await world.hire('agent', '李然'))
})
afterAll(() => world.stop())

const bytesOf = { 'content-type': 'application/octet-stream' }
const upload = (body: Uint8Array | string, headers: Record<string, string | undefined> = {}) =>
  agent.post('/api/desk/media', body, { ...bytesOf, ...headers })
const attached = async (body: Uint8Array): Promise<string> => {
  const { status, json } = await upload(body)
  expect(status).toBe(200)
  return String(json.mediaId)
}
const key = () => ({ 'idempotency-key': randomUUID() })
const wav = Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'), Buffer.alloc(28)])

describe('a file that an agent uploads', () => {
  it('is known by its content and given back as any other', async () => {
    const { json } = await upload(await drawPicture('png'))
    expect(json).toMatchObject({ contentType: 'image/png', bytes: expect.any(Number) as unknown })
    const file = await agent.get(`/api/desk/media/${String(json.mediaId)}`)
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/png'])
  })

  it('loses what a picture tells beside its pixels', async () => {
    const mediaId = await attached(await drawPicture('jpeg', { orientation: 6 }))
    const kept = await world.media.find(mediaId)
    expect((await lookAt(kept?.bytes ?? new Uint8Array())).exif).toBeUndefined()
  })

  it('is never shown as what it only claims to be', async () => {
    const { json } = await upload('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
    const file = await agent.get(`/api/desk/media/${String(json.mediaId)}`)
    expect(file.headers.get('content-type')).toBe('application/octet-stream')
    expect(file.headers.get('content-disposition')).toMatch(/^attachment/)
  })

  it.each([
    ['an empty file', Buffer.alloc(0), {}, 400],
    ['a file over media.maxBytes', Buffer.alloc(1_000_001), {}, 413],
    ['JSON', '{}', { 'content-type': 'application/json' }, 415],
    ['a form, which any page could send', 'a=b', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['another page', 'x', { origin: 'https://evil.example' }, 403],
    ['no CSRF token', 'x', { 'x-csrf-token': undefined }, 403],
  ])('is refused: %s', async (_name, body, headers, status) => {
    const answer = await upload(body, headers)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
  })
})

describe('a reply with files', () => {
  it('carries text and files as parts by their content', async () => {
    const ticket = await world.arrive()
    const picture = await attached(await drawPicture('png'))
    const voice = await attached(wav)
    const paper = await attached(Buffer.from('%PDF-1.7\n1 0 obj<<>>endobj'))
    const answer = await agent.post(
      `/api/desk/tickets/${ticket.id}/reply`,
      {
        text: '看这里',
        attachments: [
          { mediaId: picture, name: '截图.png' },
          { mediaId: voice },
          { mediaId: paper, name: '说明.pdf' },
        ],
      },
      key(),
    )
    expect(answer.status).toBe(200)
    const said = (await world.tickets.transcript(ticket.conversationId, 10)).at(-1)
    expect(said?.parts).toMatchObject([
      { kind: 'text', text: '看这里' },
      { kind: 'image', media: { mediaId: picture, contentType: 'image/png' }, alt: '截图.png' },
      { kind: 'audio', media: { mediaId: voice } },
      { kind: 'file', media: { mediaId: paper }, name: '说明.pdf' },
    ])
  })

  it('needs no text', async () => {
    const ticket = await world.arrive()
    const mediaId = await attached(await drawPicture('png'))
    const path = `/api/desk/tickets/${ticket.id}/reply`
    expect((await agent.post(path, { attachments: [{ mediaId }] }, key())).status).toBe(200)
    const said = (await world.tickets.transcript(ticket.conversationId, 10)).at(-1)
    expect(said?.parts).toMatchObject([{ kind: 'image' }])
  })

  it.each([
    ['a file that is not there', { text: 'x', attachments: [{ mediaId: randomUUID() }] }],
    ['neither text nor file', { text: ' ', attachments: [] }],
    ['ten files', { text: 'x', attachments: Array.from({ length: 10 }, () => ({ mediaId: randomUUID() })) }],
    ['an address instead of a file', { text: 'x', attachments: [{ mediaId: '../../etc/passwd' }] }],
    [
      'a name that is too long',
      { text: 'x', attachments: [{ mediaId: randomUUID(), name: 'x'.repeat(201) }] },
    ],
    ['more than a name', { text: 'x', attachments: [{ mediaId: randomUUID(), contentType: 'image/png' }] }],
  ])('is refused: %s', async (_name, body) => {
    const ticket = await world.arrive()
    const answer = await agent.post(`/api/desk/tickets/${ticket.id}/reply`, body, key())
    expect(answer.status).toBe(400)
    expect(await world.tickets.get(ticket.id)).toMatchObject({ version: 1 })
  })
})

describe('facts of an event that only look like a page', () => {
  it('are shown as they came, and served as nothing', async () => {
    const { mediaId } = await world.media.save(await drawPicture('png'))
    const data = {
      html: '<img src="cid:a"><script>1</script>',
      inline: { a: mediaId },
      original: { remotePictures: 1 },
    }
    const ticket = await world.arrive({
      parts: ['order', 'mail'].map((name) => ({ kind: 'event' as const, name, data })),
    })
    const [message] = await world.tickets.transcript(ticket.conversationId, 10)
    expect((await agent.get(`/api/desk/messages/${message?.id ?? ''}/original`)).status).toBe(404)
    const { json } = await agent.get(`/api/desk/tickets/${ticket.id}`)
    expect(json).toMatchObject({
      messages: expect.arrayContaining([
        expect.objectContaining({
          parts: [
            { kind: 'event', name: 'order', data },
            { kind: 'event', name: 'mail', data },
          ],
        }),
      ]) as unknown,
    })
  })
})
