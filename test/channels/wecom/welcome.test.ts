import { describe, expect, it } from 'vitest'
import { createStillHost } from '../../support/still-host.ts'
import { closeStages, failureOf, heard, paths, send, setStage, text } from './stage.ts'
import type { Stage } from './stage.ts'

closeStages()

const newcomer = 'wmNewcomer000001'
const enter = async (): Promise<Stage> => {
  // The code lives for 20 s.
  const stage = await setStage({
    host: createStillHost(),
    simulator: { users: [{ key: newcomer, name: '新朋友' }] },
  })
  await stage.simulator.enters(newcomer, { scene: 'web', scene_param: '<script>' })
  return stage
}
const to = { contactKey: newcomer, threadKey: `wkTestAccount0001:${newcomer}` }

describe('a contact who opens the chat', () => {
  it('may be welcomed once, on the code', async () => {
    const stage = await enter()
    expect(stage.host.accepted).toMatchObject([
      {
        opens: 'welcome',
        wantsReply: true,
        parts: [{ kind: 'event', name: 'opened', value: 'web', data: { sceneParam: '<script>' } }],
      },
    ])
    await send(stage, text('您好'), to)
    expect(heard(stage, newcomer).map((line) => line.text)).toEqual(['您好'])
    expect(stage.simulator.calls(paths.onEvent)).toHaveLength(1)
    // Entering opens no window: a second message has to wait for the contact.
    expect(await failureOf(send(stage, text('还有'), { ...to, id: 'second' }))).toMatchObject({
      code: 'window_closed',
    })
  })

  it('is not welcomed after 20 s', async () => {
    const stage = await enter()
    stage.host.clock.advance(20_000)
    expect(await failureOf(send(stage, text('您好'), to))).toMatchObject({ code: 'window_closed' })
    expect(stage.simulator.calls(paths.onEvent)).toEqual([])
  })

  it('is welcomed by the second attempt when WeCom was busy at the first', async () => {
    const stage = await enter()
    stage.simulator.refuse(paths.onEvent, -1)
    expect(await failureOf(send(stage, text('您好'), to))).toMatchObject({ code: 'temporary' })
    await send(stage, text('您好'), { ...to, attempt: 2 })
    expect(heard(stage, newcomer)).toHaveLength(1)
  })

  it('who writes at once is answered even when the code is refused', async () => {
    const stage = await enter()
    await stage.simulator.says(newcomer, { kind: 'text', text: '在吗' })
    stage.simulator.refuse(paths.onEvent, 95007)
    await send(stage, text('在的'), to)
    expect(heard(stage, newcomer).map((line) => line.text)).toEqual(['在的'])
  })

  it('and comes again within two days is not welcomed twice', async () => {
    const stage = await enter()
    await send(stage, text('您好'), to)
    await stage.simulator.enters(newcomer)
    expect(stage.host.accepted.map(({ wantsReply }) => wantsReply)).toEqual([true, false])
  })

  it('goes before the slow messages of the same page', async () => {
    const stage = await setStage({ simulator: { users: [{ key: newcomer, name: '新朋友' }] } })
    await expect.poll(() => stage.simulator.calls(paths.sync).length).toBe(1)
    const seconds = Math.floor(stage.host.clock.now().getTime() / 1_000)
    const from = { open_kfid: 'wkTestAccount0001', send_time: seconds }
    stage.simulator.list.add({
      ...from,
      msgid: 'slow',
      external_userid: 'wmSlow',
      origin: 3,
      msgtype: 'image',
      image: { media_id: 'unknown' },
    })
    stage.simulator.list.add({
      ...from,
      msgid: 'welcome',
      origin: 4,
      msgtype: 'event',
      event: { ...from, event_type: 'enter_session', external_userid: newcomer, welcome_code: 'W' },
    })
    await stage.simulator.push()
    await expect
      .poll(() => stage.host.accepted.map(({ contactKey }) => contactKey))
      .toEqual([newcomer, 'wmSlow'])
  })
})
