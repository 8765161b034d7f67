import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.dispose())

describe('a conversation', () => {
  it('goes on from the last question, and leaves it for a new one', async () => {
    const contact = product.contact()
    await contact.says('怎么取消自动续费')
    await contact.hears(/续费管理/)
    await contact.says('那退款要多久到账呢')
    await contact.hears(/原路退回/)
    await contact.says('要多久')
    await contact.hears(/和上一条一样/)
    await contact.says('弹幕怎么关')
    await contact.hears(/弹幕设置/)
  })

  it('has several questions answered in one message', async () => {
    const contact = product.contact()
    await contact.says('怎么取消自动续费？另外发票怎么开？')
    await contact.hears(/【怎么关闭大会员自动续费】[^]*续费管理[^]*【怎么开发票】[^]*订单与发票/)
  })

  it('is put right by the contact, and ends with a person', async () => {
    const contact = product.contact()
    await contact.says('怎么取消自动续费')
    await contact.hears(/续费管理/)
    await contact.says('答非所问')
    await contact.hears(/我理解错了[^]*找人工/)
    await contact.says('还是不对')
    await contact.hears(/工单 T-\d+/)
  })

  it('turns from a wrong answer to what was meant', async () => {
    const contact = product.contact()
    await contact.says('怎么取消自动续费')
    await contact.hears(/续费管理/)
    await contact.says('不是这个，我问的是怎么开发票')
    await contact.hears(/订单与发票/)
  })

  it('speaks the script of the contact, the announcement of a person included', async () => {
    const contact = product.contact()
    await contact.says('怎麼取消自動續費')
    await contact.hears(/續費管理/)
    await contact.says('2')
    await contact.says('轉人工')
    await contact.hears(/已為你登記工單 T-\d+/)
  })

  it('speaks English to who writes English', async () => {
    const contact = product.contact()
    await contact.says('how do I cancel auto renewal')
    await contact.hears(/Manage renewal/)
    await contact.says('I want to talk to a human')
    await contact.hears(/Your ticket is T-\d+/)
  })

  it('asks about a link alone, and shows it to the agent with the ticket', async () => {
    const contact = product.contact()
    const agent = await product.agent()
    await contact.says('https://www.example.com/video/BV1xx411c7mD')
    await contact.hears(/收到视频了/)
    await contact.says('为什么下架了，转人工')
    await contact.hears(/工单 T-\d+/)
    const { tickets } = (await (await agent.get('/tickets?view=all')).json()) as {
      readonly tickets: readonly { readonly summary: string }[]
    }
    expect(tickets.filter(({ summary }) => summary.includes('提到的内容：视频 BV1xx411c7mD'))).toHaveLength(1)
  })
})
