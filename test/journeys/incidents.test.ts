import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.dispose())

describe('an incident', () => {
  it('is heard before the answer, followed, told of and closed', async () => {
    const agent = await product.agent()
    const [asking, upset] = [product.contact(), product.contact()]
    const { id } = await agent.calls('POST', '/incidents', {
      title: { zh: '弹幕异常' },
      notice: { zh: '目前弹幕可能发不出去，正在修复。' },
      gather: false,
    })
    // The open incidents reach every node by the bus.
    await expect
      .poll(async () => {
        const contact = product.contact()
        await contact.says('弹幕发不出去是怎么回事')
        return contact.hears(/弹幕/)
      })
      .toMatch(/^目前弹幕可能发不出去/)

    await asking.says('弹幕发不出去是怎么回事')
    const heard = await asking.hears('目前弹幕可能发不出去')
    expect(heard.length).toBeGreaterThan('目前弹幕可能发不出去，正在修复。'.length + 20)
    await asking.says('有进展告诉我')
    await asking.hears('有进展会告诉你')
    await upset.says('转人工')
    expect(await upset.hears(/T-\d+/)).toContain('目前弹幕可能发不出去')
    const { id: ticketId } = await agent.finds(/人工/)
    await expect
      .poll(() => agent.reads(`/incidents/${String(id)}`))
      .toMatchObject({ tickets: 1, followers: 2 })

    await agent.calls('POST', `/incidents/${String(id)}/updates`, { wording: { zh: '一半用户已恢复' } })
    await asking.hears('一半用户已恢复')
    await agent.calls('POST', `/incidents/${String(id)}/close`, {})
    await asking.hears('已经恢复')
    await upset.hears('已经恢复')
    await expect.poll(async () => (await agent.opens(ticketId)).ticket.state).toBe('solved')
    await expect
      .poll(async () => {
        const contact = product.contact()
        await contact.says('弹幕发不出去是怎么回事')
        return contact.hears(/弹幕/)
      })
      .not.toMatch(/^目前弹幕可能发不出去/)
  })
})
