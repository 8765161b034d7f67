import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { minuteMs, openSurveyWorld } from '../../support/survey-world.ts'
import { callApi, createProgram, type Program } from './program.ts'
import { openStaff, type Staff } from '../staff.ts'

let staff: Staff
let program: Program
beforeAll(async () => {
  staff = await openStaff()
  const surveys = openSurveyWorld({
    database: staff.world.database,
    folder: '',
    url: '',
    dispose: () => Promise.resolve(),
  })
  for (const score of [5, 4, 2, 5, 4, 1] as const) {
    const contactKey = surveys.newContact()
    const ticket = await surveys.solves(contactKey)
    await surveys.plan()
    surveys.clock.advance(11 * minuteMs)
    await surveys.fire()
    const { id } = await surveys.invitationOf(ticket.id)
    await surveys.hears(contactKey, () => ({ survey: { invitationId: id, score } }))
  }
  program = await createProgram(staff.world, ['surveys:read'])
})
afterAll(() => staff.world.stop())

const month = '2024-05'

describe('surveys over the API', () => {
  it('are read as results with intervals, as JSON and CSV', async () => {
    const { json } = await program.get(`/surveys/results?month=${month}&by=channel`)
    expect(json).toMatchObject({ month, by: 'channel' })
    expect(json.groups).toMatchObject([
      { key: 'wechat', asked: 6, answered: 6, mean: { value: 3.5 }, scores: [1, 1, 0, 2, 2] },
    ])
    const csv = await program.get(`/surveys/results?month=${month}&format=csv`, { 'accept-language': 'en' })
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.text).toContain('response rate')
    expect((await program.get('/surveys/results?month=2099-01')).status).toBe(400)
  })

  it('are listed in pages, filtered', async () => {
    const first = await program.get('/surveys/invitations?limit=4')
    const rest = await program.get(`/surveys/invitations?limit=4&cursor=${String(first.json.next)}`)
    expect([first.json.data, rest.json.data].map((data) => (data as unknown[]).length)).toEqual([4, 2])
    const low = await program.get('/surveys/invitations?mostScore=2&state=answered')
    expect(low.json.data).toMatchObject([{ score: 1 }, { score: 2 }])
  })

  it('show agents their own results and no others', async () => {
    const browser = staff.as('agent')
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const get = async (path: string) =>
      callApi(staff.world.origin, undefined)('GET', path, { headers: { cookie } })
    const own = await get(`/surveys/results/me?month=${month}`)
    expect([own.status, own.json.groups]).toEqual([200, []])
    expect((await get(`/surveys/results?month=${month}`)).status).toBe(403)
    expect((await program.get(`/surveys/results/me?month=${month}`)).status).toBe(403)
  })
})
