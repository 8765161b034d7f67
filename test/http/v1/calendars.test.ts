import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let program: Program
beforeAll(async () => {
  world = await openWorld()
  program = await createProgram(world, ['system:manage', 'audit:read'])
})
afterAll(() => world.stop())

const moment = async (name: string, at: string, hours = 4) =>
  (await program.get(`/calendars/${name}/moment?at=${at}&hours=${String(hours)}`)).json

describe('calendars over the API', () => {
  it('are listed with their hours, how long holidays are known, and who uses them', async () => {
    const { data } = (await program.get('/calendars')).json
    expect(data).toMatchObject([
      { name: 'hotline', week: { mon: '10:00-18:00' }, usedBy: ['promises.peopleCalendar'] },
      { name: 'office', week: { mon: '09:00-18:00', sat: 'closed' }, holidays: { set: 'cn' }, usedBy: [] },
    ])
  })

  it('say of a moment whether it is open and when a promise is due, make-up Saturdays included', async () => {
    // The National Day of 2025: closed from 1 to 8 October; Saturday the 11th is worked.
    expect(await moment('office', '2025-09-30T08:00:00Z')).toMatchObject({
      isOpen: true,
      dueAt: '2025-10-09T03:00:00.000Z',
    })
    expect(await moment('office', '2025-10-01T02:00:00Z')).toMatchObject({
      isOpen: false,
      nextOpening: '2025-10-09T01:00:00.000Z',
      day: { date: '2025-10-01', rule: 'closed', hours: 'closed' },
    })
    expect(await moment('office', '2025-10-11T02:00:00Z')).toMatchObject({
      isOpen: true,
      day: { weekday: 'sat', rule: 'workday', hours: '09:00-18:00' },
    })
    const { data } = (await program.get('/calendars/office/days?month=2025-10')).json
    expect(data).toHaveLength(31)
    expect((await program.get('/calendars/nobody/days?month=2025-10')).status).toBe(404)
  })

  it('import holidays: seen first, then as a whole, and never over what somebody else imported', async () => {
    const body = { set: 'cn', text: '2031-01-01 休 元旦\n2031-01-04 班\n已知至 2031-12-31' }
    const preview = await program.post('/holidays/preview', body)
    expect(preview.json).toMatchObject({
      added: [
        { date: '2031-01-01', rule: { kind: 'closed' }, name: '元旦' },
        { date: '2031-01-04', rule: { kind: 'workday' } },
      ],
      faults: [],
      version: 0,
    })
    const days = '/calendars/office/days?month=2031-01'
    const first = async () => ((await program.get(days)).json.data as readonly { rule?: string }[])[0]?.rule
    expect(await first()).toBeUndefined()
    const done = await program.post('/holidays/imports', { ...body, version: 0, source: '2031.txt' })
    expect(done.status, done.text).toBe(200)
    await expect.poll(first).toBe('closed')
    const late = { set: 'cn', text: '2031-02-01 休', version: 0 }
    expect((await program.post('/holidays/imports', late)).status).toBe(409)
    // The very same again changes nothing, and is no conflict.
    expect((await program.post('/holidays/imports', { ...body, version: 0 })).status).toBe(200)
    expect((await program.get('/audit?act=calendar.imported')).json.data).toHaveLength(1)
  })

  it('name each line that is wrong, and import nothing of it', async () => {
    const body = { set: 'other', text: '2031-05-01 休\n2031-02-30 休' }
    const { json } = await program.post('/holidays/preview', body)
    expect(json.faults).toMatchObject([{ line: 2 }])
    const refused = await program.post('/holidays/imports', { ...body, version: 0 })
    expect(refused.status).toBe(400)
    expect((await program.post('/holidays/preview', body)).json.version).toBe(0)
  })
})
