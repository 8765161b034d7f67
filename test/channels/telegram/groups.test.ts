import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { textFields } from '../../../sandbox/index.ts'
import { createStillHost } from '../../support/still-host.ts'
import { otherKey, setStage, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.close())

const inGroup = (text: string, key = userKey, more: Record<string, unknown> = {}) =>
  stage.simulator.people.send(key, { ...textFields(text), ...more }, 'group')
const texts = () =>
  stage.host.accepted.map(({ parts }) => parts.map((part) => (part.kind === 'text' ? part.text : part.kind)))
const threadOf = (key: string) => `${stage.simulator.group().id}:${key}`

describe('in a group', () => {
  it('only what names the bot or replies to it is read, without its name', async () => {
    inGroup('今天吃什么')
    inGroup(`@${stage.account.username} 怎么退款`)
    inGroup(`请问 @${stage.account.username.toUpperCase()} 在吗`)
    inGroup('@somebody_else 怎么退款')
    inGroup(`/help@${stage.account.username} 退款`)
    inGroup('/help')
    inGroup('那开票呢', userKey, { reply_to_message: { message_id: 1, from: { id: stage.account.botId } } })
    inGroup('我同意', userKey, { reply_to_message: { message_id: 1, from: { id: 77 } } })
    await stage.settle()
    expect(texts()).toEqual([['怎么退款'], ['请问 在吗'], ['/help 退款'], ['那开票呢']])
  })

  it('nothing is read when groups are ignored', async () => {
    await stage.close()
    stage = await setStage({ section: { groups: 'ignore' } })
    inGroup(`@${stage.account.username} 怎么退款`)
    await stage.settle()
    expect(texts()).toEqual([])
  })

  it('each member has a conversation, and is answered by a reply', async () => {
    const asked = inGroup(`@${stage.account.username} 怎么退款`)
    inGroup(`@${stage.account.username} 怎么开票`, otherKey)
    await stage.settle()
    expect(stage.host.accepted.map(({ threadKey, contactKey }) => [threadKey, contactKey])).toEqual([
      [threadOf(userKey), userKey],
      [threadOf(otherKey), otherKey],
    ])
    // What is for one of them alone is not told where the others read it.
    const shared = (threadKey: string) => stage.channel.isShared?.({ threadKey, contactKey: userKey })
    expect([shared(threadOf(userKey)), shared(userKey)]).toEqual([true, false])
    const [first] = stage.host.accepted
    await stage.send(
      { kind: 'text', text: '这样退' },
      {
        threadKey: threadOf(userKey),
        ...(first?.accountKey === undefined ? {} : { accountKey: first.accountKey }),
      },
    )
    expect(stage.shown()).toMatchObject([
      { text: '这样退', reply_to_message: { message_id: asked.messageId }, chat: { type: 'group' } },
    ])
  })

  it('a button is its reader’s alone', async () => {
    inGroup(`@${stage.account.username} 怎么退款`)
    await stage.settle()
    const part = {
      kind: 'choices',
      prompt: '哪一种？',
      choices: [{ id: 'vip-refund', label: '大会员' }],
    } as const
    stage.host.say(threadOf(userKey), [part])
    const accountKey = String(stage.simulator.messages(userKey)[0]?.messageId)
    await stage.send(part, { threadKey: threadOf(userKey), accountKey })
    const group = stage.simulator.messages(userKey).at(-1)
    const at = { chatId: group?.chatId ?? 0, messageId: group?.messageId ?? 0 }
    const markup = JSON.stringify(group?.message['reply_markup'])
    const data = /"callback_data":"([^"]+)"/.exec(markup)?.[1] ?? ''
    const foreign = stage.simulator.people.press(otherKey, at, data)
    const own = stage.simulator.people.press(userKey, at, data)
    await stage.settle()
    expect(stage.host.accepted.slice(1).map(({ contactKey, parts }) => [contactKey, parts[0]])).toEqual([
      [userKey, { kind: 'event', name: 'choice', value: 'vip-refund' }],
    ])
    await expect.poll(() => stage.simulator.pressAnswer(foreign)).toMatchObject({ show_alert: true })
    await expect.poll(() => stage.simulator.pressAnswer(own)).toBeDefined()
    expect(stage.simulator.pressAnswer(own)).not.toHaveProperty('show_alert')
  })

  it('an answer is a reply to the message it answers, not to a later one', async () => {
    inGroup(`@${stage.account.username} 怎么退款`)
    inGroup(`@${stage.account.username} 还有发票`)
    await stage.settle()
    const [first, second] = stage.host.accepted
    const inReplyTo = first?.providerId ?? ''
    const accountKey = second?.accountKey ?? ''
    await stage.send(
      { kind: 'text', text: '七天内可以退' },
      { threadKey: threadOf(userKey), accountKey, inReplyTo },
    )
    await stage.send({ kind: 'text', text: '发票在订单里' }, { threadKey: threadOf(userKey), accountKey })
    const replied = stage.shown().map(({ reply_to_message: to }) => JSON.stringify(to))
    expect(replied[0]).toContain('怎么退款')
    expect(replied[1]).toContain('还有发票')
  })

  it('conversations move along when it is upgraded, by news or by the answer to a send', async () => {
    inGroup(`@${stage.account.username} 怎么退款`)
    await stage.settle()
    const old = threadOf(userKey)
    const { from, to } = stage.simulator.people.upgradeGroup()
    await stage.settle()
    const move = { from: String(from), to: String(to) }
    expect(stage.host.moved).toEqual([move, move])
    await stage.send({ kind: 'text', text: '还在' }, { threadKey: old })
    expect(stage.host.moved).toHaveLength(3)
    const all = stage.simulator.exchanges().filter(({ title }) => title === 'sendMessage')
    expect(all.map(({ status }) => status)).toEqual(['200', '400'])
    expect(all[0]?.request).toContain(String(to))
  })

  it('its flood limit holds its own conversation up, not the bot', async () => {
    await stage.close()
    stage = await setStage({ host: createStillHost() })
    inGroup(`@${stage.account.username} 怎么退款`)
    await stage.settle()
    const to = { threadKey: threadOf(userKey), accountKey: '1' }
    for (let count = 0; count < 20; count += 1) {
      await stage.send({ kind: 'text', text: `第${count}条` }, to)
      stage.host.clock.advance(100)
    }
    await expect(stage.send({ kind: 'text', text: '太多' }, to)).rejects.toMatchObject({
      code: 'temporary',
      facts: { retryAfterMs: 58_000 },
    })
    stage.host.clock.advance(58_000)
    await stage.send({ kind: 'text', text: '又可以了' }, to)
  })
})
