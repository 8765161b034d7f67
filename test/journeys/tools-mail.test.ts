// A mail's author is only who it says it is: what changes something is never done by a word in one.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMovableClock } from '../../src/core/clock.ts'
import { startBrandSystem, type BrandSystem } from '../support/brand-systems.ts'
import { startMailWorld, type MailWorld } from '../support/mail-world.ts'
import { startProduct, type Product } from '../support/product.ts'

const parameters = { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] }
const tool = { intents: ['order-mall'], parameters, entities: { order: 'order' } }
const asksOrder = {
  kind: 'order',
  label: { zh: '订单号', en: 'Order' },
  ask: { zh: '请发订单号。', en: 'Which order is it?' },
}

let brand: BrandSystem
let world: MailWorld
let product: Product
beforeAll(async () => {
  brand = await startBrandSystem()
  brand.answers(() => ({ body: '{"status":"已发货"}' }))
  world = await startMailWorld(createMovableClock())
  product = await startProduct({
    inboxes: { mail: { channel: 'email', ...world.section }, web: { channel: 'web' } },
    tools: {
      loopbackHttp: true,
      http: {
        'order-status': {
          ...tool,
          title: { zh: '查订单', en: 'Order status' },
          url: `${brand.url}/orders/{order}`,
          changesState: false,
          shows: ['status'],
          answer: {
            articles: ['order-mall-shipping'],
            words: { zh: '订单现在是：{{status}}', en: 'Your order: {{status}}' },
          },
        },
        'order-return': {
          ...tool,
          title: { zh: '办理退货', en: 'Return an order' },
          method: 'POST',
          url: `${brand.url}/returns`,
          changesState: true,
          asks: { order: asksOrder },
          answer: { articles: ['order-mall-return'], words: { zh: '退货办好了', en: 'Returned' } },
        },
      },
    },
  })
})
afterAll(async () => {
  await product.dispose()
  await world.simulator.close()
  await brand.close()
})

const askedForReturn = '会员购买的东西怎么退货退款'

it.each([
  ['names all that it needs', 'named', `${askedForReturn}，订单号 BACK000001`],
  ['names nothing', 'nameless', askedForReturn],
])('answers a mail that %s with the article alone, and a yes does nothing', async (_what, who, words) => {
  const contact = world.contact(who)
  contact.writes(words, '退货')
  const answer = await contact.hears(/退货/)
  expect(answer.text).not.toMatch(/办理退货|确认|请发订单号/)
  contact.writes('确认')
  const { text: heard } = await contact.hears(/\S/)
  expect(heard).not.toMatch(/办理退货|退货办好了|失效/)
  expect(brand.received.filter(({ path }) => path === '/returns')).toEqual([])
})

it('answers a mail with what a system knows, where nothing is changed', async () => {
  const contact = world.contact('asking')
  contact.writes('会员购的订单什么时候发货，怎么查物流，订单号 GOOD123456', '物流')
  expect((await contact.hears(/订单现在是/)).text).toContain('已发货')
})
