import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.dispose())

describe('searching', () => {
  it('finds what a contact wrote and what the bot answered, seconds later', async () => {
    const agent = await product.agent()
    const contact = product.contact()
    await contact.says('转人工，我的訂單號是 B20261127 一直没发货')
    const answer = await contact.hears(/T-\d+/)
    const find = async (words: string) => agent.reads(`/messages?q=${encodeURIComponent(words)}`)
    await expect
      .poll(async () => find('订单号 20261127'))
      .toMatchObject({ data: [{ author: 'contact', channel: 'wechat', snippet: { cutBefore: false } }] })
    const number = /T-\d+/.exec(answer)?.[0] ?? ''
    await expect.poll(async () => find(number)).toMatchObject({ data: [{ author: 'bot' }] })
    await product.restart()
    expect(await find('没发货')).toMatchObject({ data: [{ ticketNumber: Number(number.slice(2)) }] })
  })
})
