import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'
import { createVisitor } from '../support/visitor.ts'

let product: Product
beforeAll(async () => {
  // Half for the one who takes back, half for the one who waits to hear: a poll waits for 30 seconds.
  product = await startProduct({ tickets: { undoSeconds: 15 } })
})
afterAll(() => product.dispose())

describe('a reply that was taken back', () => {
  it('never reaches the contact; the next one does', async () => {
    const contact = product.contact()
    await contact.says('转人工')
    await contact.hears(/T-\d+/)
    const agent = await product.agent()
    const ticket = await agent.finds(/人工/)
    await agent.takesBack(await agent.replies(ticket.id, '说错了'))
    await agent.replies(ticket.id, '您的稿件今晚会审完')
    await contact.hears('您的稿件今晚会审完')
    expect(contact.heard().join('\n')).not.toContain('说错了')
    const lastTwo = async () => (await agent.opens(ticket.id)).messages.slice(-2)
    // That it was sent is written down after it was heard.
    await expect
      .poll(lastTwo)
      .toMatchObject([{ delivery: { status: 'withdrawn' } }, { delivery: { status: 'sent' } }])
    expect((await agent.opens(ticket.id)).ticket.state).toBe('pending')
  })

  it('is not seen by a visitor who reads the log meanwhile, and hides nothing that follows', async () => {
    const visitor = await createVisitor(product.app.url)
    visitor.says('转人工')
    await visitor.hears(/T-\d+/)
    const agent = await product.agent()
    const ticket = await agent.finds(/人工/)
    const reply = await agent.replies(ticket.id, '说错了')
    visitor.says('在吗')
    await visitor.returns()
    await agent.takesBack(reply)
    await agent.replies(ticket.id, '在的')
    await visitor.hears('在的')
    expect(visitor.heard().join('\n')).not.toContain('说错了')
  })
})
