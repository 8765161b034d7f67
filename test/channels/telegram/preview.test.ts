// What is being written, as a draft: in private chats, at most one a second, and never a message.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { otherKey, setStage, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.close())

const show = (text: string, threadKey = userKey): Promise<void> | undefined =>
  stage.channel.preview?.(threadKey, { after: 4, text })
const draft = (text: string) => ({ chatId: Number(userKey), draftId: 5, text })

it('grows by the second and is taken back at once', async () => {
  await show('第一句。')
  // Too soon: the next one has it all.
  await show('第一句。第二句。')
  stage.host.clock.advance(1_000)
  await show('第一句。第二句。')
  await show('')
  expect(stage.simulator.drafts()).toEqual([draft('第一句。'), draft('第一句。第二句。'), draft('')])
  // No message, and nothing to take back any more.
  await show('')
  expect(stage.simulator.drafts()).toHaveLength(3)
  expect(stage.shown()).toEqual([])
})

it('is never shown in groups', async () => {
  await show('第一句。', `-100123:${userKey}`)
  expect(stage.simulator.drafts()).toEqual([])
})

it('rests for as long as Telegram wants, and disturbs nobody', async () => {
  stage.simulator.faults.order('sendMessageDraft', {
    error_code: 429,
    description: 'Too Many Requests: retry after 20',
    parameters: { retry_after: 20 },
  })
  await show('第一句。')
  stage.host.clock.advance(19_000)
  await show('第一句。')
  expect(stage.simulator.drafts()).toEqual([])
  stage.host.clock.advance(2_000)
  await show('第一句。')
  expect(stage.simulator.drafts()).toEqual([draft('第一句。')])
  await stage.send({ kind: 'text', text: '答案' })
  expect(stage.shown()).toMatchObject([{ text: '答案' }])
})

it('is taken back also where one was shown in another chat since', async () => {
  await show('第一句。')
  stage.host.clock.advance(1_000)
  await show('别的。', otherKey)
  await show('')
  expect(stage.simulator.drafts().at(-1)).toEqual(draft(''))
})
