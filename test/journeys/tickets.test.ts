import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.dispose())

const numberIn = (text: string): string => /T-\d+/.exec(text)?.[0] ?? ''

describe('a ticket, for its contact', () => {
  it('can be asked for, is taken up again while it is young, and goes on in a new one later', async () => {
    const contact = product.contact()
    await contact.says('我的工单到哪了')
    await contact.hears('没有查到你名下的工单')
    await contact.says('转人工')
    const number = numberIn(await contact.hears(/T-\d+/))

    // Nobody has looked at it: the bot tells how it stands.
    await contact.says('我的工单到哪了')
    const told = await contact.hears(`${number} `)
    expect(told).toContain('等待同事回复')
    const url = /http\S+\/status\/\S+/.exec(told)?.[0] ?? ''
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain(`工单 ${number}`)

    const agent = await product.agent()
    const { id } = await agent.finds(/人工/)
    await agent.takes(id)
    await agent.replies(id, '已经退款')
    await contact.hears('已经退款')
    await agent.solves(id)
    await contact.says(number)
    await contact.hears(/已在 今天 .* 解决/)

    await contact.says('还是没解决')
    await contact.hears(`已重新打开工单 ${number}`)
    expect((await agent.opens(id)).ticket).toMatchObject({ state: 'open', conversationMode: 'human' })
    await agent.solves(id)

    // Looked at when the product starts, and ever so often after that.
    product.clock.advance(73 * 3_600_000)
    await product.restart()
    await contact.says(number)
    await contact.hears(/已在 .* 结束/)
    await contact.says('转人工')
    const next = numberIn(await contact.hears(/T-\d+/))
    expect(next).not.toBe(number)
  })

  it('is never told of somebody else’s', async () => {
    const [one, two] = [product.contact(), product.contact()]
    await one.says('转人工')
    const number = numberIn(await one.hears(/T-\d+/))
    await two.says(number)
    await two.hears(`没有查到你名下的工单 ${number}`)
  })
})
