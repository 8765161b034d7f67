// Previews and the end of their turn: nothing is shown once it is over.
import { expect, it } from 'vitest'
import { createPreviews } from '../../src/app/previews.ts'
import type { Preview } from '../../src/core/preview.ts'
import type { ThreadAddress } from '../../src/core/typing.ts'
import { createTestChannelHost } from '../support/channel-host.ts'
import { claimOf, text } from '../dialogue/builders.ts'

/** One turn's preview; where the conversation lies is found out once `find` is called. */
const openPreview = () => {
  const shown: Preview[] = []
  const finding: ((thread: ThreadAddress) => void)[] = []
  const claim = claimOf([[text('怎么退款')]])
  const open = createPreviews({
    findThread: () => new Promise((resolve) => finding.push(resolve)),
    channel: () => ({ preview: (_, preview) => Promise.resolve(void shown.push(preview)) }),
    log: createTestChannelHost().log,
  })
  const find = async (): Promise<void> => {
    finding.shift()?.({ inboxId: claim.inboxId, threadKey: 'thread' })
    await new Promise(setImmediate)
  }
  return { turn: open(claim), shown, find, after: claim.pending.at(-1)?.seq }
}

it('shows nothing any more once the answer was found', async () => {
  const { turn, shown, find } = openPreview()
  turn?.show('第一句。')
  turn?.end(true)
  await find()
  await find()
  expect(shown).toEqual([])
})

it('only takes back once there is no answer, and says that the turn is over', async () => {
  const { turn, shown, find, after } = openPreview()
  turn?.show('第一句。')
  await find()
  turn?.show('第一句。第二句。')
  turn?.end(false)
  await find()
  await find()
  expect(shown).toEqual([
    { after, text: '第一句。', isLast: false },
    { after, text: '', isLast: true },
  ])
})
