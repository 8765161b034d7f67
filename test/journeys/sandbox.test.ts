import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createAgent } from '../support/agent.ts'
import { startDemo, type Demo } from '../support/demo.ts'

const State = z.looseObject({
  lines: z.array(z.looseObject({ source: z.string(), content: z.looseObject({ kind: z.string() }) })),
  windows: z.array(z.looseObject({ left: z.number() })),
})
const openid = 'oTongdaDemo_AbaiAbaiAbaiAb01'
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

let demo: Demo
/** The files kept, those of the articles' pictures among them. */
const files = () => readdirSync(join(demo.folder, 'media')).sort()
let ofArticles: readonly string[]
beforeAll(async () => {
  demo = await startDemo()
  ofArticles = files()
})
afterAll(() => demo.dispose())

const state = async () => State.parse(await demo.get(`state?openid=${openid}`))
const answers = async (): Promise<number> =>
  (await state()).lines.filter(({ source }) => source === 'passive' || source === 'api').length

describe('the demo', () => {
  it('shows after a restart what it showed before', async () => {
    await demo.post(`users/${openid}/acts`, { kind: 'text', text: '转人工' })
    await expect.poll(answers).toBeGreaterThan(0)
    await demo.post(`users/${openid}/acts`, { kind: 'image', data: png })
    await expect.poll(() => files().length).toBe(ofArticles.length + 1)
    const before = await state()
    const picture = before.lines.find(({ content }) => content.kind === 'image')
    const shown = await fetch(
      `${demo.app.url}/sandbox/api/media/${z.string().parse(picture?.content['mediaId'])}`,
    )
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png'])
    await demo.restart()
    const after = await state()
    expect(after.lines.map(({ content }) => content)).toEqual(before.lines.map(({ content }) => content))
    expect(after.windows.length).toBe(before.windows.length)
  })

  it('is cleared by one click, tickets and files included, and goes on from nothing', async () => {
    const agent = await createAgent(demo.app.url, demo.app.signInUrl ?? '')
    await agent.finds(/人工/)
    const counted = await demo.get('reset')
    // Thirty of the days before and this one, and those that the bot led alone.
    expect(counted).toMatchObject({
      conversations: 31 + 30,
      tickets: 31,
      files: 1,
      users: 1,
      cannedReplies: 9,
      macros: 3,
    })
    expect(await demo.post('reset', {})).toEqual(counted)
    expect(await demo.get('reset')).toMatchObject({
      conversations: 0,
      messages: 0,
      tickets: 0,
      files: 0,
      cannedReplies: 0,
      macros: 0,
      lines: 0,
    })
    expect(await (await agent.get('/tickets?view=all')).json()).toMatchObject({ tickets: [] })
    expect(files()).toEqual(ofArticles)
    expect(existsSync(join(demo.folder, 'sandbox-wechat.json'))).toBe(true)

    await demo.post(`users/${openid}/acts`, { kind: 'text', text: '弹幕发不出去是怎么回事' })
    await expect.poll(answers).toBeGreaterThan(0)
  })
})
