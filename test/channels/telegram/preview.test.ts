// What is being written, as a draft: in private chats, at most one a second, and never a message.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { otherKey, setStage, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(async () => {
  vi.useRealTimers()
  await stage.close()
})

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

it('is not taken back at the end of a turn: its message does that', async () => {
  await show('第一句。')
  await stage.channel.preview?.(userKey, { after: 4, text: '', isLast: true })
  expect(stage.simulator.drafts()).toEqual([draft('第一句。')])
})

/** Holds drafts back; `order` has what Telegram took, in order. */
const holdDrafts = () => {
  const { api } = stage.simulator
  const take = api.fetch
  const order: string[] = []
  let [begin, release] = [(): void => undefined, (): void => undefined]
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const held = new Promise<void>((resolve) => (release = resolve))
  vi.spyOn(api, 'fetch').mockImplementation(async (request, ...rest) => {
    const method = new URL(request.url).pathname.split('/').at(-1) ?? ''
    if (method === 'sendMessageDraft') {
      begin()
      await held
    }
    if (method.startsWith('send')) order.push(method)
    return take(request, ...rest)
  })
  return { begun, release, order }
}

it('that is on its way comes before the message, which waits for it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { begun, release, order } = holdDrafts()
  const showing = show('第一句。')
  await begun
  const sending = stage.send({ kind: 'text', text: '答案' })
  // Another way to Telegram and back: a message that did not wait would have come, too.
  await stage.send({ kind: 'text', text: '别人的' }, { contactKey: otherKey, threadKey: otherKey })
  expect(order).toEqual(['sendMessage'])
  release()
  await Promise.all([showing, sending])
  expect(order).toEqual(['sendMessage', 'sendMessageDraft', 'sendMessage'])
})

it('does not hold the message up for long', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { begun, release, order } = holdDrafts()
  const showing = show('第一句。')
  await begun
  const sending = stage.send({ kind: 'text', text: '答案' })
  await vi.advanceTimersByTimeAsync(1_000)
  await sending
  expect(order).toEqual(['sendMessage'])
  release()
  await showing
})
