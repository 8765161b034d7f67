import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawPicture } from '../../support/pictures.ts'
import { openStaff, type Staff } from '../staff.ts'
import { createProgram, type Program } from './program.ts'

let staff: Staff
let program: Program
beforeAll(async () => {
  staff = await openStaff()
  program = await createProgram(staff.world, ['rules:manage'])
})
afterAll(() => staff.world.stop())

const path = '/api/v1/canned-replies'
const facts = { name: '退款到账', text: '{{contact.name}}你好', variants: [], pictures: [] }
const own = { ...facts, scope: 'personal' }
const teams = { ...facts, scope: 'team' }
const namesFor = async (role: Parameters<Staff['as']>[0]): Promise<readonly unknown[]> => {
  const { json } = await staff.as(role).get(path)
  return (json.data as readonly { readonly name: string }[]).map(({ name }) => name)
}

describe('canned replies', () => {
  it('are found by how their names sound', async () => {
    const made = await staff.as('agent').post(path, own)
    expect(made).toMatchObject({
      status: 201,
      json: { ...own, sounds: ['tkdz', 'tuikuandaozhang'], version: 1 },
    })
  })

  it('of one agent are nobody else’s', async () => {
    const made = await staff.as('agent').post(path, { ...own, name: '只给自己' })
    const place = `${path}/${String(made.json.id)}`
    expect(await namesFor('agent')).toContain('只给自己')
    expect(await namesFor('admin')).not.toContain('只给自己')
    expect((await staff.as('admin').get(place)).status).toBe(404)
    expect((await program.get(place.replace('/api/v1', ''))).status).toBe(404)
  })

  it.each([
    ['agent', 403],
    ['senior', 201],
    ['supervisor', 201],
    ['admin', 201],
    ['auditor', 403],
  ] as const)('of the team are written by seniors and up: %s', async (role, status) => {
    const name = `团队 ${role}`
    expect((await staff.as(role).post(path, { ...teams, name })).status).toBe(status)
    expect((await namesFor('agent')).includes(name)).toBe(status === 201)
  })

  it('of the team are not an agent’s to change', async () => {
    const made = await staff.as('senior').post(path, teams)
    const place = `${path}/${String(made.json.id)}`
    const agent = staff.as('agent')
    expect((await agent.call('PATCH', place, { body: { name: 'x' } })).status).toBe(403)
    expect((await agent.call('DELETE', place)).status).toBe(403)
    expect((await agent.get(place)).json).toMatchObject({ name: facts.name, version: 1 })
  })

  it('become the team’s only by whoever may write those', async () => {
    const agent = staff.as('agent')
    const place = `${path}/${String((await agent.post(path, own)).json.id)}`
    expect((await agent.call('PATCH', place, { body: { scope: 'team' } })).status).toBe(403)
  })

  it('are changed on the version that was seen, and removed', async () => {
    const key = randomUUID()
    const made = await program.post('/canned-replies', teams, { 'idempotency-key': key })
    const again = await program.post('/canned-replies', teams, { 'idempotency-key': key })
    expect(again.json.id).toBe(made.json.id)
    const place = `/canned-replies/${String(made.json.id)}`
    const changes = { body: { text: '两天内到账' }, headers: { 'if-match': '"1"' } }
    const changed = await program.call('PATCH', place, changes)
    expect(changed).toMatchObject({ status: 200, json: { name: facts.name, text: '两天内到账', version: 2 } })
    expect(changed.headers.get('etag')).toBe('"2"')
    expect(await program.call('PATCH', place, changes)).toMatchObject({
      status: 409,
      json: { current: { version: 2, text: '两天内到账' }, yours: { changes: changes.body } },
    })
    expect((await program.call('DELETE', place)).json).toEqual({ done: true })
    expect((await program.get(place)).status).toBe(404)
  })

  it.each([
    ['a name nothing stands behind', { ...own, text: '{{password}}' }],
    ['such a name in a variant', { ...own, variants: [{ channel: 'weibo', text: '{{x}}' }] }],
    ['neither text nor picture', { ...own, text: ' ' }],
    ['two texts for one channel', { ...own, variants: [1, 2].map(() => ({ channel: 'web', text: 'x' })) }],
    ['no name', { ...own, name: ' ' }],
    ['an unknown channel', { ...own, variants: [{ channel: 'icq', text: 'x' }] }],
    ['a picture that is not there', { ...own, pictures: [{ mediaId: randomUUID(), name: 'a.png' }] }],
  ])('are refused with %s', async (_what, body) => {
    expect((await staff.as('agent').post(path, body)).status).toBe(400)
  })

  it('of a program are the team’s', async () => {
    expect((await program.post('/canned-replies', own)).status).toBe(400)
  })
})

describe('their pictures', () => {
  const upload = async (bytes: Uint8Array): Promise<string> => {
    const { json } = await staff
      .as('agent')
      .post('/api/desk/media', bytes, { 'content-type': 'application/octet-stream' })
    return String(json.mediaId)
  }
  const pictureOf = (json: Record<string, unknown>): string =>
    String((json.pictures as readonly { readonly mediaId: string }[])[0]?.mediaId)

  it('stay when uploads are cleared away, and go with a reply', async () => {
    const { world } = staff
    const pictures = [{ mediaId: await upload(await drawPicture('png')), name: '步骤.png' }]
    const made = await staff.as('agent').post(path, { ...own, pictures })
    const mediaId = pictureOf(made.json)
    await world.media.clearUnsent(-60_000)
    expect((await staff.as('agent').get(`/api/desk/media/${mediaId}`)).status).toBe(200)
    const ticket = await world.arrive({})
    const said = await staff
      .as('agent')
      .post(
        `/api/desk/tickets/${ticket.id}/reply`,
        { text: '请看', attachments: [{ mediaId, name: '步骤.png' }] },
        { 'idempotency-key': randomUUID() },
      )
    expect(said.status, said.text).toBe(200)
  })

  it('are pictures', async () => {
    const mediaId = await upload(Buffer.from('%PDF-1.4'))
    const made = await staff.as('agent').post(path, { ...own, pictures: [{ mediaId, name: 'a.pdf' }] })
    expect(made.status).toBe(400)
  })

  it('are not what a contact sent', async () => {
    const { mediaId } = await staff.world.media.save(await drawPicture('png'))
    const made = await staff.as('agent').post(path, { ...own, pictures: [{ mediaId, name: 'a.png' }] })
    expect(made.status).toBe(400)
  })
})
