import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.dispose())

describe('a contact in a queue', () => {
  it('hears where they stand, gets who is online, and no word of the bot while a person leads', async () => {
    const agent = await product.agent()
    const team = await agent.calls('POST', '/teams', {
      name: { zh: '客服组', en: 'Support' },
      isDefault: true,
    })
    const me = await agent.calls('GET', '/me')
    await agent.calls('POST', `/teams/${String(team.id)}/members`, { agentId: me.id, grade: 'junior' })

    const [first, second] = [product.contact(), product.contact()]
    await first.says('转人工')
    expect(await first.hears(/T-\d+/)).toContain('前面没有人排队')
    const queue = async () => (await agent.calls('GET', `/teams/${String(team.id)}/queue`)).waiting
    await expect.poll(queue).toBe(1)
    await second.says('转人工')
    expect(await second.hears(/T-\d+/)).toContain('前面还有 1 位在排队')
    await expect.poll(queue).toBe(2)
    await second.says('我的工单到哪了')
    expect(await second.hears('等待同事回复')).toContain('前面还有 1 位在排队')

    // Nobody was there; now somebody is.
    await agent.calls('PATCH', '/presence/me', { availability: 'online' })
    await expect.poll(queue).toBe(0)
    const { id } = await agent.finds(/人工/)
    expect((await agent.opens(id)).ticket).toMatchObject({
      state: 'open',
      assigneeId: me.id,
      conversationMode: 'human',
    })
    const heard = second.heard().length
    await second.says('弹幕发不出去是怎么回事')
    await expect.poll(async () => (await agent.opens(id)).messages.at(-1)?.direction).toBe('in')
    expect(second.heard()).toHaveLength(heard)

    await agent.replies(id, '您好，我来看一下')
    await second.hears('您好，我来看一下')
    await agent.handsBack(id)
    await second.says('弹幕发不出去是怎么回事')
    await second.hears(/弹幕/)
  })
})
