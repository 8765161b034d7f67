import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.dispose())

describe('a rule', () => {
  it('does its work on a ticket that a contact’s words open', async () => {
    const [contact, agent] = [product.contact(), await product.agent()]
    await agent.writes('/rules', {
      name: '人工请求打标签',
      on: ['opened'],
      actions: [
        { do: 'add-tags', tags: ['自动'] },
        { do: 'set-priority', priority: 'high' },
      ],
    })
    await contact.says('转人工')
    await contact.hears(/T-\d+/)
    const { id } = await agent.finds(/人工/)
    await expect.poll(() => agent.reads(`/tickets/${id}`)).toMatchObject({ tags: ['自动'], priority: 'high' })
  })
})
