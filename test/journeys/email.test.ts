import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMovableClock } from '../../src/core/clock.ts'
import type { MailWorld } from '../support/mail-world.ts'
import { startMailWorld } from '../support/mail-world.ts'
import { startProduct, type Product } from '../support/product.ts'

let world: MailWorld
let product: Product
beforeAll(async () => {
  world = await startMailWorld(createMovableClock())
  product = await startProduct({ inboxes: { mail: { channel: 'email', ...world.section } } })
})
afterAll(async () => {
  await product.dispose()
  await world.simulator.close()
})

describe('a contact by mail', () => {
  it('is answered in the thread, asks for a person, is helped, and writes on in the same conversation', async () => {
    const contact = world.contact('wang.lei')
    contact.writes('投稿一直在审核中要等多久', '稿件审核')
    const answer = await contact.hears(/审核/)
    expect(answer).toMatchObject({ subject: 'Re: 稿件审核', note: 'auto-replied' })
    contact.writes('转人工')
    await contact.hears(/T-\d+/)

    const agent = await product.agent()
    const ticket = await agent.finds(/审核/)
    expect(ticket).toMatchObject({ state: 'new', conversationMode: 'human' })
    await agent.takes(ticket.id)
    await agent.notes(ticket.id, '查过稿件，正在排队')
    await agent.replies(ticket.id, '您的稿件今晚会审完')
    const reply = await contact.hears('您的稿件今晚会审完')
    expect(reply.note).toBeUndefined()

    contact.writes('好的，谢谢')
    const shown = async () => JSON.stringify((await agent.opens(ticket.id)).messages)
    await expect.poll(shown).toContain('好的，谢谢')
    // The quoted history is kept beside the words, not among them.
    const { messages } = await agent.opens(ticket.id)
    expect(JSON.stringify(messages.at(-1))).toContain('"text":"好的，谢谢"')
    expect(JSON.stringify(messages.at(-1))).toContain('原始邮件')
    expect(
      contact
        .heard()
        .map(({ text }) => text)
        .join('\n'),
    ).not.toContain('正在排队')
  })

  it('has an agent see that a mail came back, and why', async () => {
    const contact = world.contact('gone')
    contact.writes('我要转人工', '账号被盗')
    await contact.hears(/T-\d+/)
    const agent = await product.agent()
    const ticket = await agent.finds(/盗/)
    world.simulator.client.setFault('bounce', true)
    await agent.replies(ticket.id, '请看这里')
    const last = async () => JSON.stringify((await agent.opens(ticket.id)).messages.at(-1))
    await expect.poll(last).toMatch(/"status":"failed".*退信：收件人邮箱不存在/)
    world.simulator.client.setFault('bounce', false)
  })

  it('is not answered while on holiday, and the ticket stays as it is', async () => {
    const contact = world.contact('away')
    contact.writes('转人工，弹幕发不出去', '弹幕')
    await contact.hears(/T-\d+/)
    const agent = await product.agent()
    const ticket = await agent.finds(/弹幕/)
    await agent.takes(ticket.id)
    await agent.replies(ticket.id, '请重启客户端')
    await contact.hears('请重启客户端')
    await agent.solves(ticket.id)
    const before = contact.heard().length
    world.simulator.client.setFault('auto-reply', true)
    await agent.replies(ticket.id, '解决了吗')
    await contact.hears('解决了吗')
    await contact.isThrough()
    world.simulator.client.setFault('auto-reply', false)
    const shown = async () => JSON.stringify((await agent.opens(ticket.id)).messages)
    await expect.poll(shown).toContain('休假')
    expect(contact.heard()).toHaveLength(before + 1)
  })

  it('loses nothing when the product is away for a moment', async () => {
    const contact = world.contact('patient')
    const restarted = product.restart()
    contact.writes('怎么缓存视频到手机上看', '缓存')
    await restarted
    await contact.hears(/缓存/)
    await contact.isThrough()
    expect(contact.heard()).toHaveLength(1)
  })
})
