import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSnapshotFile, simulatorSnapshot } from '../../../sandbox/index.ts'
import { silentLog, type Logger } from '../../../src/core/log.ts'
import { textReply, sealReply } from './fake-bot.ts'
import { bai, setStage, type Stage } from './stage.ts'

let folder: string
let stages: Stage[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-snapshot-'))
  stages = []
})
afterEach(async () => {
  await Promise.all(stages.map((stage) => stage.close()))
  rmSync(folder, { recursive: true, force: true })
})

const path = (): string => join(folder, 'wechat.json')
const openFile = (log: Logger = silentLog) =>
  openSnapshotFile({ path: path(), shape: simulatorSnapshot, log, gatherMs: 5 })

/** A simulator that goes on from the file and writes to it. */
const start = async () => {
  const file = openFile()
  const stage = await setStage({}, { saved: file.saved })
  stage.bot.answerWith((message) => sealReply(stage.account, textReply(message, '七个工作日内')))
  const stop = stage.simulator.onEvent(() => file.changed(() => stage.simulator.snapshot()))
  stages.push(stage)
  return {
    simulator: stage.simulator,
    end: () => {
      stop()
      file.close()
    },
  }
}

describe('a simulator that starts again', () => {
  it('shows the same people, windows and lines, and goes on from there', async () => {
    const first = await start()
    await first.simulator.push(bai.openid, { kind: 'text', text: '怎么退款' })
    first.simulator.addUser({ openid: 'oNew', name: '新来的' })
    await first.simulator.push('oNew', { kind: 'unsubscribe' })
    first.end()

    const second = await start()
    const before = first.simulator.transcript(bai.openid)
    expect(second.simulator.users()).toEqual(first.simulator.users())
    expect(second.simulator.users().find(({ openid }) => openid === 'oNew')?.followed).toBe(false)
    expect(second.simulator.windows(bai.openid)).toEqual(first.simulator.windows(bai.openid))
    expect(second.simulator.transcript(bai.openid)).toEqual(
      before.map((line) => ({ ...line, exchangeId: undefined })),
    )
    await second.simulator.push(bai.openid, { kind: 'text', text: '还有一个问题' })
    const ids = second.simulator.transcript(bai.openid).map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].sort((one, other) => one - other))
  })

  it('shows what was under way as failed', async () => {
    const first = await start()
    first.simulator.prepare(bai.openid, { kind: 'text', text: '还没送到' })
    first.end()
    const { simulator } = await start()
    expect(simulator.transcript(bai.openid)).toMatchObject([{ state: 'failed' }])
  })

  it('is empty after a reset', async () => {
    const first = await start()
    await first.simulator.push(bai.openid, { kind: 'text', text: '怎么退款' })
    first.simulator.addUser({ openid: 'oNew', name: '新来的' })
    first.simulator.reset()
    first.end()
    const { simulator } = await start()
    expect(simulator.users()).toHaveLength(2)
    expect(simulator.transcript(bai.openid)).toEqual([])
    expect(simulator.windows(bai.openid)).toEqual([])
  })
})

describe('the file', () => {
  it('is written whole, and nothing else is left beside it', async () => {
    const { simulator, end } = await start()
    await simulator.push(bai.openid, { kind: 'text', text: '怎么退款' })
    const parsed = (): unknown => JSON.parse(readFileSync(path(), 'utf8'))
    await expect
      .poll(() => (readdirSync(folder).length > 0 ? parsed() : undefined))
      .toMatchObject({ version: 1 })
    end()
    expect(readdirSync(folder)).toEqual(['wechat.json'])
    expect(simulatorSnapshot.parse(parsed()).lines).toHaveLength(2)
  })

  it.each([
    '{"version":1,',
    '[]',
    '{"version":2}',
    '{"version":1,"users":[{"openid":1}],"windows":[],"lines":[]}',
  ])('is left out and said so when it reads %s', (text) => {
    writeFileSync(path(), text)
    const warned: string[] = []
    const file = openFile({ ...silentLog, warn: (_facts, event) => warned.push(event) })
    expect(file.saved).toBeUndefined()
    expect(warned).toEqual([expect.stringContaining('cannot be read')])
  })

  it('that is not there is a first start', () => {
    const file = openFile({
      ...silentLog,
      warn: () => {
        throw new Error('nothing is wrong')
      },
    })
    expect(file.saved).toBeUndefined()
  })
})
