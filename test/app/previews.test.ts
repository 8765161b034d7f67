// Previews and the end of their turn: nothing is shown once it is over, and nothing that will not be said stays.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createPreviews } from '../../src/app/previews.ts'
import type { Preview } from '../../src/core/preview.ts'
import { createTestChannelHost } from '../support/channel-host.ts'
import { claimOf, text } from '../dialogue/builders.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** Lets everything that needs nothing from outside go on. */
const settle = () => new Promise(setImmediate)

/** One turn's preview; where the conversation lies is found out once `find` is called, and what is shown is held by `hold`. */
const openPreview = () => {
  const shown: (Preview & { readonly isGivenUp?: () => boolean })[] = []
  const finding: ((isOurs: boolean, lastSeq: number) => void)[] = []
  const claim = claimOf([[text('怎么退款')]])
  let held = Promise.resolve()
  const previews = createPreviews({
    findTurn: () =>
      new Promise((resolve) =>
        finding.push((isOurs, lastSeq) => resolve({ threadKey: 'thread', isOurs, lastSeq })),
      ),
    channel: () => ({
      preview: async (_, preview, signal) => {
        shown.push({ ...preview, ...(signal && { isGivenUp: () => signal.aborted }) })
        await held
      },
    }),
    log: createTestChannelHost().log,
  })
  const turn = previews.open(claim)
  if (turn === undefined) throw new Error('the channel shows previews')
  return {
    turn,
    look: (news: unknown = {}) => previews.look(news),
    number: claim.pending.at(-1)?.seq,
    texts: () => shown.map((one) => one.text),
    last: () => shown.at(-1),
    find: async (isOurs = true, lastSeq = 1): Promise<void> => {
      await settle()
      finding.shift()?.(isOurs, lastSeq)
      await settle()
    },
    isLooking: () => finding.length > 0,
    hold: () => {
      let release = (): void => undefined
      held = new Promise((resolve) => (release = resolve))
      return () => release()
    },
  }
}

it('shows nothing any more once the turn is over', async () => {
  const { turn, texts, find } = openPreview()
  turn.show('第一句。')
  const ended = turn.end()
  await find()
  await ended
  turn.show('第一句。第二句。')
  await find()
  expect(texts()).toEqual([])
})

it('is over once what is on its way has come', async () => {
  const { turn, texts, last, find, hold } = openPreview()
  const release = hold()
  turn.show('第一句。')
  await find()
  turn.show('第一句。第二句。')
  let isOver = false
  const ended = turn.end().then(() => (isOver = true))
  await settle()
  expect(isOver).toBe(false)
  release()
  await ended
  expect(texts()).toEqual(['第一句。'])
  expect(last()?.isGivenUp?.()).toBe(false)
})

it('waits no longer than a second, and gives up what has not come by then', async () => {
  const { turn, last, find, hold } = openPreview()
  hold()
  turn.show('第一句。')
  await find()
  const ended = turn.end()
  await vi.advanceTimersByTimeAsync(999)
  expect(last()?.isGivenUp?.()).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await ended
  expect(last()?.isGivenUp?.()).toBe(true)
})

it.each([true, false])(
  'vanishes when it is withdrawn, and says whether a message comes: %s',
  async (isLast) => {
    const { turn, number, texts, last, find } = openPreview()
    turn.show('第一句。')
    await find()
    turn.show('第一句。第二句。')
    turn.withdraw(isLast)
    await find()
    await find()
    expect(texts()).toEqual(['第一句。', ''])
    expect(last()).toEqual({ turn: number, after: 1, text: '', isLast })
  },
)

it('stands below what was said since the message came: a greeting, or another message', async () => {
  const { turn, number, last, find } = openPreview()
  turn.show('第一句。')
  await find(true, 4)
  expect(last()).toMatchObject({ turn: number, after: 4, text: '第一句。' })
  turn.show('第一句。第二句。')
  await find(true, 5)
  expect(last()).toMatchObject({ turn: number, after: 5, text: '第一句。第二句。' })
})

it('needs nobody where nothing was shown', async () => {
  const { turn, texts, look, isLooking } = openPreview()
  look()
  turn.withdraw(false)
  await settle()
  expect(isLooking()).toBe(false)
  expect(texts()).toEqual([])
})

it('vanishes as soon as it is seen that a person leads, also while nothing more is written', async () => {
  const { turn, texts, look, find } = openPreview()
  turn.show('第一句。')
  await find()
  look()
  await find()
  expect(texts()).toEqual(['第一句。'])
  look()
  await find(false)
  await find(false)
  expect(texts()).toEqual(['第一句。', ''])
  // The turn does not know yet, and ends like any other.
  turn.show('第一句。第二句。')
  await turn.end()
  turn.withdraw(false)
  await find(false)
  expect(texts()).toEqual(['第一句。', ''])
})

it('never goes back to what stood there before', async () => {
  const { turn, texts, look, find } = openPreview()
  turn.show('第一句。')
  await find()
  turn.show('第一句。第二句。')
  look()
  await find()
  await find()
  expect(texts()).toEqual(['第一句。', '第一句。第二句。'])
})

it('is looked at for news of its own conversation alone', async () => {
  const { turn, look, find, isLooking } = openPreview()
  turn.show('第一句。')
  await find()
  look({ conversationId: 'another' })
  await settle()
  expect(isLooking()).toBe(false)
})

it('is not shown where a person leads already', async () => {
  const { turn, texts, find } = openPreview()
  turn.show('第一句。')
  await find(false)
  await find(false)
  expect(texts()).toEqual([])
})
