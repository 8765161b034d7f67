import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { setPageStage, type PageStage } from './page-stage.ts'
import { demoUsers } from '../../../sandbox/index.ts'

const State = z.looseObject({
  now: z.string(),
  aheadMs: z.number(),
  plays: z.array(z.string()),
  playing: z.object({ name: z.string(), step: z.number(), of: z.number() }).optional(),
})
const hourMs = 3_600_000

let stage: PageStage
beforeEach(async () => {
  stage = await setPageStage({ readingMs: 5 })
})
afterEach(() => stage.close())

const state = async () => State.parse(await (await stage.get('api/state')).json())
const refusal = async (response: Response) => [
  response.status,
  z.looseObject({ code: z.string() }).parse(await response.json()).code,
]
const said = (user: number) =>
  stage.simulator
    .transcript(demoUsers[user]?.openid ?? '')
    .flatMap(({ source, content }) => (source === 'user' && content.kind === 'text' ? [content.text] : []))

describe('stories', () => {
  it('are offered where all who speak in them are there', async () => {
    expect((await state()).plays).toEqual(['refund', 'night', 'late'])
    expect(await refusal(await stage.post('api/plays', { name: 'outage' }))).toEqual([409, 'no_client'])
    expect(await refusal(await stage.post('api/plays', { name: 'nothing' }))).toEqual([400, 'bad_input'])
  })

  it('are played line by line, each once the one before was answered', async () => {
    expect((await stage.post('api/plays', { name: 'refund' })).status).toBe(202)
    await expect.poll(() => said(0)).toEqual(['怎么取消自动续费', '大会员怎么退款', '上周扣的，一次都没用过'])
    await expect.poll(async () => (await state()).playing).toBeUndefined()
    const sources = stage.simulator.transcript(demoUsers[0].openid).map(({ source }) => source)
    expect(sources).toEqual(['user', 'passive', 'user', 'passive', 'user', 'passive'])
  })

  it('go one at a time, until they are stopped', async () => {
    stage.bot.answerWith(() => ({ waitMs: 60_000, then: '' }))
    await stage.post('api/plays', { name: 'refund' })
    await expect.poll(async () => (await state()).playing).toEqual({ name: 'refund', step: 1, of: 3 })
    expect(await refusal(await stage.post('api/plays', { name: 'late' }))).toEqual([409, 'playing'])
    await stage.post('api/plays/stop', {})
    await expect.poll(async () => (await state()).playing).toBeUndefined()
    expect(said(0)).toHaveLength(1)
  })

  it('let time go on', async () => {
    await stage.post('api/plays', { name: 'night' })
    await expect.poll(() => said(1)).toHaveLength(3)
    const china = new Date(Date.parse((await state()).now) + 8 * hourMs)
    expect(china.getUTCHours()).toBe(10)
  })
})

describe('the clock', () => {
  it('goes forward only, and not too far', async () => {
    expect((await stage.post('api/clock', { ms: 6 * hourMs })).status).toBe(200)
    expect((await state()).aheadMs).toBe(6 * hourMs)
    expect(await refusal(await stage.post('api/clock', { ms: -hourMs }))).toEqual([400, 'bad_input'])
    expect(await refusal(await stage.post('api/clock', { ms: 40 * 24 * hourMs }))).toEqual([400, 'bad_input'])
    for (let jump = 0; jump < 11; jump += 1) await stage.post('api/clock', { ms: 31 * 24 * hourMs })
    expect(await refusal(await stage.post('api/clock', { ms: 31 * 24 * hourMs }))).toEqual([409, 'too_far'])
  })

  it('comes back with a reset', async () => {
    await stage.post('api/clock', { ms: 6 * hourMs })
    await stage.post('api/reset', {})
    expect((await state()).aheadMs).toBe(0)
  })
})
