import { describe, expect, it } from 'vitest'
import { closeStages, paths, png, setStage, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

closeStages()

const says = ({ simulator }: Stage, key = userKey) => simulator.says(key, { kind: 'text', text: '在吗' })

describe('a contact', () => {
  it('comes with nickname and UnionID, looked up once', async () => {
    const stage = await setStage()
    await says(stage)
    await says(stage)
    expect(stage.host.accepted).toMatchObject(
      Array(2).fill({ displayName: '阿白', unionKey: 'oUnion0001' }) as unknown[],
    )
    expect(stage.simulator.calls(paths.customers)).toHaveLength(1)
    stage.host.clock.advance(25 * 3_600_000)
    await says(stage)
    expect(stage.simulator.calls(paths.customers)).toHaveLength(2)
  })

  it('is looked up with the other hundred of its page', async () => {
    const users = Array.from({ length: 150 }, (_, place) => ({ key: `wm${place}`, name: `${place}` }))
    const stage = await setStage({ simulator: { users } })
    await expect.poll(() => stage.simulator.calls(paths.sync).length).toBe(1)
    const send_time = Math.floor(stage.host.clock.now().getTime() / 1_000)
    for (const { key } of users)
      stage.simulator.list.add({
        ...{ msgid: `m-${key}`, external_userid: key, send_time, origin: 3 },
        ...{ msgtype: 'text', text: { content: '在吗' } },
      })
    await stage.simulator.push()
    expect(stage.host.accepted).toHaveLength(150)
    expect(stage.simulator.calls(paths.customers)).toHaveLength(2)
    expect(stage.host.accepted.every(({ displayName }) => displayName !== undefined)).toBe(true)
  })

  it('whose name cannot be had is heard all the same', async () => {
    const stage = await setStage()
    stage.simulator.refuse(paths.customers, 48002)
    await says(stage)
    expect(stage.host.accepted).toHaveLength(1)
    expect(stage.host.accepted[0]).not.toHaveProperty('displayName')
  })
})

describe('a file', () => {
  const fileOf = ({ host }: Stage) =>
    host.accepted.flatMap(({ parts }) => parts.flatMap((part) => ('media' in part ? [part] : [])))

  it('is fetched, stored and named as it was sent', async () => {
    const stage = await setStage()
    const bytes = new Uint8Array(Buffer.from('%PDF-1.7 1234567'))
    await stage.simulator.says(userKey, { kind: 'file', name: '说明书.pdf', bytes })
    await stage.simulator.says(userKey, { kind: 'image', bytes: png })
    await stage.simulator.says(userKey, { kind: 'voice', durationMs: 1_000 })
    expect(fileOf(stage)).toMatchObject([
      { kind: 'file', name: '说明书.pdf', media: { bytes: 16 } },
      { kind: 'image', media: { bytes: png.length } },
      { kind: 'audio' },
    ])
    for (const part of fileOf(stage)) expect(part.media).toHaveProperty('mediaId')
    expect(stage.simulator.calls(paths.download)).toHaveLength(3)
  })

  it('that WeCom has forgotten is named as expired, and the message is heard', async () => {
    const stage = await setStage()
    await stage.simulator.sends(userKey, { msgtype: 'image', image: { media_id: 'gone' } }, 'm-1')
    expect(fileOf(stage)).toMatchObject([{ media: { providerRef: 'gone', failure: 'expired' } }])
  })

  it('that comes late is attached to its message', async () => {
    const stage = await setStage()
    stage.simulator.refuse(paths.download, -1, -1)
    await stage.simulator.says(userKey, { kind: 'image', bytes: png })
    expect(fileOf(stage)).toMatchObject([{ media: { failure: 'pending' } }])
    await expect
      .poll(() => stage.host.attached)
      .toMatchObject([{ file: { mediaId: expect.any(String) as string } }])
  })
})
