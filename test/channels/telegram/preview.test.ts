// What is being written, as a draft: in private chats, at most one a second, and never a message.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createStillHost } from '../../support/still-host.ts'
import { otherKey, setStage, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage({ host: createStillHost() })
})
afterEach(async () => {
  vi.useRealTimers()
  await stage.close()
})

const show = (text: string, threadKey = userKey): Promise<void> | undefined =>
  stage.channel.preview?.(threadKey, { turn: 4, after: 4, text })
const draft = (text: string) => ({ chatId: Number(userKey), draftId: 5, text })

const createMoment = () => {
  let comes = (): void => undefined
  const came = new Promise<void>((resolve) => (comes = resolve))
  return { came, comes: () => comes() }
}

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
  await stage.channel.preview?.(userKey, { turn: 4, after: 4, text: '', isLast: true })
  expect(stage.simulator.drafts()).toEqual([draft('第一句。')])
})

/** Drafts are held until they are let go or given up; what reached Telegram, in order. */
const holdDrafts = () => {
  const { api } = stage.simulator
  const take = api.fetch
  const order: string[] = []
  const [begun, over] = [createMoment(), createMoment()]
  vi.spyOn(api, 'fetch').mockImplementation(async (request, ...rest) => {
    const method = request.url.split('/').at(-1) ?? ''
    if (method === 'sendMessageDraft') {
      request.signal.addEventListener('abort', () => {
        order.push('given up')
        over.comes()
      })
      begun.comes()
      await over.came
      if (request.signal.aborted) return new Response(null, { status: 499 })
    }
    order.push(method)
    return take(request, ...rest)
  })
  return { order, begun: begun.came, letGo: over.comes }
}

it('is not taken back once a message took it away', async () => {
  await show('第一句。')
  await stage.send({ kind: 'text', text: '我来帮你' })
  await show('')
  expect(stage.simulator.drafts()).toEqual([draft('第一句。')])
})

it('keeps its pace also after a message', async () => {
  await show('第一句。')
  stage.host.clock.advance(300)
  await stage.send({ kind: 'text', text: '我来帮你' })
  stage.host.clock.advance(100)
  await show('第一句。第二句。')
  expect(stage.simulator.drafts()).toEqual([draft('第一句。')])
  stage.host.clock.advance(600)
  await show('第一句。第二句。')
  expect(stage.simulator.drafts()).toEqual([draft('第一句。'), draft('第一句。第二句。')])
})

it('keeps its pace also after it was taken back', async () => {
  await show('第一句。')
  await show('')
  await show('别的。')
  expect(stage.simulator.drafts()).toEqual([draft('第一句。'), draft('')])
})

it.each([
  ['that arrives', undefined],
  ['that fails', { error_code: 403, description: 'Forbidden: bot was blocked by the user' }],
])('does not begin, nor end, while a message is on its way %s', async (_how, fault) => {
  if (fault !== undefined) stage.simulator.faults.order('sendMessage', fault)
  const { api } = stage.simulator
  const take = api.fetch
  const [begun, over] = [createMoment(), createMoment()]
  vi.spyOn(api, 'fetch').mockImplementation(async (request, ...rest) => {
    if (!request.url.endsWith('/sendMessage')) return take(request, ...rest)
    begun.comes()
    await over.came
    return take(request, ...rest)
  })
  const sent = stage.send({ kind: 'text', text: '我来帮你' }).catch(() => undefined)
  await begun.came
  await show('第一句。')
  await show('')
  over.comes()
  await sent
  await show('')
  expect(stage.simulator.drafts()).toEqual([])
  // Afterwards all is as before.
  await show('第二句。')
  expect(stage.simulator.drafts()).toEqual([draft('第二句。')])
})

it('is taken back before a message that comes meanwhile, not after it', async () => {
  await show('第一句。')
  // It would be given up after a second.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { order, begun, letGo } = holdDrafts()
  const taken = show('')
  await begun
  const sent = stage.send({ kind: 'text', text: '我来帮你' })
  // Long enough for a message that waits for nothing.
  for (let turn = 0; turn < 500; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  expect(order).toEqual([])
  letGo()
  await Promise.all([taken, sent])
  expect(order).toEqual(['sendMessageDraft', 'sendMessage'])
})

it('holds a message up for a second at most', async () => {
  await show('第一句。')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { order, begun } = holdDrafts()
  const taken = show('')
  await begun
  const sent = stage.send({ kind: 'text', text: '我来帮你' })
  await vi.advanceTimersByTimeAsync(1_000)
  await Promise.all([taken, sent])
  expect(order).toEqual(['given up', 'sendMessage'])
})

it('is given up, and comes no more', async () => {
  // Telegram itself would be given up after a while, too.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { api } = stage.simulator
  const take = api.fetch
  const [begun, gaveUp] = [createMoment(), createMoment()]
  vi.spyOn(api, 'fetch').mockImplementation(async (request, ...rest) => {
    if (!request.url.endsWith('/sendMessageDraft')) return take(request, ...rest)
    request.signal.addEventListener('abort', gaveUp.comes)
    begun.comes()
    await gaveUp.came
    return new Response(null, { status: 499 })
  })
  const hasty = new AbortController()
  const showing = stage.channel.preview?.(userKey, { turn: 4, after: 4, text: '第一句。' }, hasty.signal)
  await begun.came
  hasty.abort()
  await showing
  await gaveUp.came
  await stage.send({ kind: 'text', text: '答案' })
  expect(stage.simulator.drafts()).toEqual([])
  expect(stage.shown()).toMatchObject([{ text: '答案' }])
})
