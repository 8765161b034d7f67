import { afterEach, describe, expect, it } from 'vitest'
import { createContractHost } from '../../contract/channel.ts'
import { fan, png, setStage as raise } from './stage.ts'
import type { Stage, StageOptions } from './stage.ts'

const closing: Stage[] = []
const setStage = async (section: Record<string, unknown> = {}, options?: StageOptions): Promise<Stage> => {
  const stage = await raise(section, options)
  closing.push(stage)
  return stage
}
afterEach(async () => {
  await Promise.all(closing.splice(0).map((stage) => stage.close()))
})

const text = (words: string) => ({ kind: 'text', text: words }) as const

describe('files', () => {
  it('are fetched by the receiver’s handle and stored', async () => {
    const { simulator, host } = await setStage()
    await simulator.push(fan.key, { kind: 'image', fid: simulator.upload(png) })
    await simulator.push(fan.key, { kind: 'voice', fid: simulator.upload(Buffer.from('#!AMR\nxx')) })
    const media = host.accepted.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.kind === 'image' || part.kind === 'audio' ? part.media : [])),
    )
    expect(media).toHaveLength(2)
    const stored = await host.media.find(media[0]?.mediaId ?? '')
    expect(Buffer.from(stored?.bytes ?? [])).toEqual(Buffer.from(png))
    expect(media.map(({ failure: failed }) => failed)).toEqual([undefined, undefined])
  })

  it('are no files when the platform answers with an error in JSON', async () => {
    const stage = await setStage()
    const { simulator, host } = stage
    await simulator.push(fan.key, { kind: 'image', fid: '404' })
    expect(host.accepted[0]?.parts).toEqual([
      { kind: 'image', media: { providerRef: '404', failure: 'failed' } },
    ])
    expect(stage.calls('/msget')).toHaveLength(1)
  })

  it('stay pending when the error is labelled as a picture, until somebody mends it', async () => {
    const { simulator, host } = await setStage()
    const fid = simulator.upload(png)
    simulator.order('/msget', { asPicture: { errorCode: 21327, error: 'expired_token' } })
    await simulator.push(fan.key, { kind: 'image', fid })
    expect(host.accepted[0]?.parts).toEqual([
      { kind: 'image', media: { providerRef: fid, failure: 'pending' } },
    ])
    expect(JSON.stringify(host.logged)).toContain('reauthorise')
  })

  it('stay pending when the channel stops before they come', async () => {
    const stage = await raise()
    const fid = stage.simulator.upload(png)
    for (let count = 0; count < 3; count += 1) stage.simulator.order('/msget', { status: 503 })
    await stage.simulator.push(fan.key, { kind: 'image', fid })
    await stage.close()
    expect(stage.host.accepted[0]?.parts).toMatchObject([{ media: { failure: 'pending' } }])
    expect(stage.host.attached).toEqual([])
  })

  it('come later when the platform is busy, and are attached', async () => {
    const { simulator, host } = await setStage()
    const fid = simulator.upload(png)
    for (let count = 0; count < 2; count += 1) simulator.order('/msget', { status: 503 })
    await simulator.push(fan.key, { kind: 'image', fid })
    expect(host.accepted[0]?.parts).toEqual([
      { kind: 'image', media: { providerRef: fid, failure: 'pending' } },
    ])
    await expect.poll(() => host.attached.length).toBe(1)
    expect(host.attached[0]?.file).toMatchObject({ providerRef: fid, mediaId: expect.any(String) })
  })
})

describe('the menu', () => {
  const menu = [
    { name: '找人工', key: 'MENU_TALK_TO_HUMAN' },
    { name: '帮助', entries: [{ name: '帮助中心', url: 'https://a.example/help' }] },
  ]
  const set = {
    button: [
      { type: 'click', name: '找人工', key: 'MENU_TALK_TO_HUMAN' },
      { name: '帮助', sub_button: [{ type: 'view', name: '帮助中心', url: 'https://a.example/help' }] },
    ],
  }

  it('is set at start, and not again while it is the same', async () => {
    const host = createContractHost()
    const stage = await raise({ menu }, { host })
    // Remembered only then: the platform has the menu a moment before.
    await expect.poll(() => JSON.stringify(host.logged)).toContain('weibo menu set')
    expect(JSON.parse(stage.simulator.menu() ?? '')).toEqual(set)
    await stage.close()
    const again = await setStage({ menu }, { host })
    await again.simulator.push(fan.key, text('在吗'))
    expect(again.calls('/create.json')).toEqual([])
  })

  it('that Weibo does not take is an error in the log, and the inbox works', async () => {
    const host = createContractHost()
    const stage = await setStage({ menu, accessToken: '2.00wrong' }, { host })
    await expect.poll(() => JSON.stringify(host.logged)).toContain('weibo menu not set')
    expect(await stage.simulator.push(fan.key, text('在吗'))).toMatchObject({ state: 'acknowledged' })
  })
})
