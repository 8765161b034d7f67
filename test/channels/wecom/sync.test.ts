import { describe, expect, it } from 'vitest'
import { account, closeStages, paths, setStage, threadKey, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

closeStages()

const says = ({ simulator }: Stage, words: string) => simulator.says(userKey, { kind: 'text', text: words })

const words = ({ host }: Stage): readonly string[] =>
  host.accepted.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])))

const textItem = (stage: Stage, msgid: string, content: string, agoMs = 0) => ({
  msgid,
  open_kfid: account.openKfId,
  external_userid: userKey,
  send_time: Math.floor((stage.host.clock.now().getTime() - agoMs) / 1_000),
  origin: 3,
  msgtype: 'text',
  text: { content },
})

/** The look at the start is over. */
const ready = async (stage: Stage): Promise<Stage> => {
  await expect.poll(() => stage.host.cursor.read(`sync/${account.openKfId}`)).toBeDefined()
  return stage
}

const numbers = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, place) => `m${from + place}`)

describe('reading', () => {
  it('drains page by page, in the order of the list', async () => {
    const stage = await ready(await setStage({ section: { pageSize: 3 } }))
    for (const id of numbers(1, 8)) stage.simulator.list.add(textItem(stage, id, id))
    await stage.simulator.push()
    expect(words(stage)).toEqual(numbers(1, 8))
    expect(stage.simulator.calls(paths.sync).map(({ body }) => body['limit'])).toContain(3)
  })

  it('goes by has_more, not by what a page holds', async () => {
    const stage = await ready(await setStage())
    stage.simulator.list.emptyPages(2)
    await says(stage, '在吗')
    expect(words(stage)).toEqual(['在吗'])
  })

  it('begins where it ended after a restart, and reads nothing twice', async () => {
    const stage = await ready(await setStage())
    await says(stage, '一')
    await stage.stopNode()
    await says(stage, '二')
    await stage.startNode()
    await expect.poll(() => words(stage)).toEqual(['一', '二'])
    expect(stage.host.accepts()).toBe(2)
  })

  it('moves the cursor only when the page is stored: a failure in the middle loses and repeats nothing', async () => {
    const stage = await ready(await setStage())
    for (const id of numbers(1, 4)) stage.simulator.list.add(textItem(stage, id, id))
    const before = await stage.host.cursor.read(`sync/${account.openKfId}`)
    stage.host.failNextAccept(new Error('the database is gone'))
    expect((await stage.simulator.push()).status).toBe(503)
    expect(await stage.host.cursor.read(`sync/${account.openKfId}`)).toBe(before)
    // As after a crash: another process reads on.
    await stage.startNode()
    await expect.poll(() => words(stage)).toEqual(numbers(1, 4))
    expect(await stage.host.cursor.read(`sync/${account.openKfId}`)).not.toBe(before)
  })

  it('lets one reader at a time read, however many pushes and nodes there are', async () => {
    const stage = await ready(await setStage({ section: { pageSize: 2 } }))
    await stage.joinNode()
    for (const id of numbers(1, 9)) stage.simulator.list.add(textItem(stage, id, id))
    await Promise.all(Array.from({ length: 10 }, () => stage.simulator.push()))
    expect(words(stage)).toEqual(numbers(1, 9))
    // Two readers would have handed the same messages over twice.
    expect(stage.host.accepts()).toBe(9)
  })

  it('takes ten copies of a message as one', async () => {
    const stage = await ready(await setStage())
    const item = textItem(stage, 'same', '在吗')
    for (let copy = 0; copy < 10; copy += 1) stage.simulator.list.add(item)
    await stage.simulator.push()
    expect(stage.host.accepts()).toBe(10)
    expect(words(stage)).toEqual(['在吗'])
  })

  it('is not held up by entries that make no sense', async () => {
    const stage = await ready(await setStage())
    const bad = [
      null,
      17,
      'text',
      [],
      {},
      { msgtype: 'text' },
      { ...textItem(stage, 'x1', ''), external_userid: ['a'] },
      { ...textItem(stage, 'x2', ''), send_time: 'yesterday' },
      { ...textItem(stage, 'x3', ''), origin: 99 },
      { ...textItem(stage, 'x4', ''), msgtype: 'event', event: 'none' },
    ]
    for (const item of bad) stage.simulator.list.add(item)
    await says(stage, '在吗')
    expect(words(stage)).toEqual(['在吗'])
    expect(stage.host.logged.filter(({ event }) => event === 'wecom entry not readable')).not.toHaveLength(0)
  })

  it('gives up on a cursor that does not move, and reads on at the next push', async () => {
    const stage = await ready(await setStage())
    stage.simulator.list.emptyPages(3)
    expect((await says(stage, '在吗')).status).toBe(503)
    expect(words(stage)).toEqual([])
    await stage.simulator.push()
    expect(words(stage)).toEqual(['在吗'])
  })

  it('leaves out a refused token, and gives up a refused cursor without repeating what it knows', async () => {
    const stage = await ready(await setStage())
    await says(stage, '一')
    stage.simulator.refuse(paths.sync, 95007)
    await says(stage, '二')
    await stage.host.cursor.write(`sync/${account.openKfId}`, 'nonsense')
    await says(stage, '三')
    expect(words(stage)).toEqual(['一', '二', '三'])
  })
})

describe('a push’s token', () => {
  const tokens = ({ simulator }: Stage): readonly boolean[] =>
    simulator.calls(paths.sync).map(({ body }) => body['token'] !== undefined)

  it('is sent while it is fresh, and left away when it is not', async () => {
    const stage = await ready(await setStage())
    await says(stage, '一')
    expect(tokens(stage)).toEqual([false, true])
    await stage.stopNode()
    await stage.startNode()
    await expect.poll(() => tokens(stage)).toEqual([false, true, true])
    await stage.stopNode()
    stage.host.clock.advance(10 * 60_000)
    await stage.startNode()
    await expect.poll(() => tokens(stage)).toEqual([false, true, true, false])
  })
})

describe('a lost push', () => {
  it('is made up for by the next look', async () => {
    const stage = await ready(await setStage({ section: { pollIntervalMs: 100 } }))
    stage.simulator.client.setFault('lost-connection', true)
    await says(stage, '在吗')
    await expect.poll(() => words(stage)).toEqual(['在吗'])
  })

  it('and a look that is refused is tried again, without a word of the message in the log', async () => {
    const stage = await ready(await setStage({ section: { pollIntervalMs: 100 } }))
    stage.simulator.client.setFault('lost-connection', true)
    stage.simulator.refuse(paths.sync, 45009, -1)
    await says(stage, '我的手机号是13800138000')
    await expect.poll(() => words(stage)).toHaveLength(1)
    const failed = stage.host.logged.filter(({ event }) => event === 'look for messages failed')
    expect(failed.map(({ facts }) => facts).join()).toContain('45009')
    expect(JSON.stringify(stage.host.logged)).not.toContain('138')
  })
})

describe('the very first look', () => {
  it('makes old messages history and answers new ones, also when it takes several pages and a restart', async () => {
    const hour = 3_600_000
    const stage = await setStage({
      section: { pageSize: 1 },
      before: (simulator, host) => {
        const item = (id: string, agoMs: number) => ({
          ...textItem({ host } as Stage, id, id, agoMs),
        })
        simulator.list.add(item('old', 50 * hour))
        simulator.list.add(item('hours', 3 * hour))
        simulator.list.add(item('fresh', 60_000))
      },
    })
    await expect.poll(() => words(stage)).toEqual(['old', 'hours', 'fresh'])
    expect(stage.host.accepted.map(({ wantsReply, opens }) => [wantsReply, opens])).toEqual([
      [false, undefined],
      [false, undefined],
      [true, 'message'],
    ])
    await stage.stopNode()
    stage.host.clock.advance(hour)
    stage.simulator.list.add(textItem(stage, 'missed', 'missed', hour / 2))
    await stage.startNode()
    await expect.poll(() => words(stage)).toHaveLength(4)
    // Written while we were away: still owed an answer.
    expect(stage.host.accepted[3]).toMatchObject({ wantsReply: true, threadKey })
  })

  it('does not answer what WeCom lets nobody answer any more', async () => {
    const stage = await ready(await setStage())
    stage.host.clock.advance(60 * 3_600_000)
    stage.simulator.list.add(textItem(stage, 'late', 'late', 49 * 3_600_000))
    await stage.simulator.push()
    expect(stage.host.accepted).toMatchObject([{ wantsReply: false }])
  })
})

describe('a page the wrong way round', () => {
  it('loses nothing, and every message keeps its own time', async () => {
    const stage = await ready(await setStage())
    stage.simulator.client.setFault('lost-connection', true)
    await says(stage, '一')
    stage.host.clock.advance(2_000)
    stage.simulator.client.setFault('lost-connection', false)
    stage.simulator.client.setFault('out-of-order', true)
    await says(stage, '二')
    expect(words(stage)).toEqual(['二', '一'])
    const [second, first] = stage.host.accepted
    expect(second?.sentAt.getTime()).toBeGreaterThan(first?.sentAt.getTime() ?? 0)
  })
})
