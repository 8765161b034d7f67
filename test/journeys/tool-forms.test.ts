import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerQuestion } from '../support/answer-question.ts'
import { startBrandSystem, type BrandSystem } from '../support/brand-systems.ts'
import { startProduct, type Product, type WechatContact } from '../support/product.ts'

const orderPattern = '^[A-Z]{2}\\d{8}$'
const order = {
  kind: 'order',
  label: { zh: '订单号', en: 'Order' },
  ask: { zh: '请发订单号。', en: 'Which order is it?' },
  hint: { zh: '订单号是两个字母加八位数字。', en: 'An order is two letters and eight digits.' },
}

let brand: BrandSystem
let product: Product

beforeAll(async () => {
  brand = await startBrandSystem()
  brand.answers(({ method }) => ({ body: method === 'POST' ? '{"state":"已登记"}' : '{"seat":"A区12排"}' }))
  product = await startProduct({
    tools: {
      loopbackHttp: true,
      http: {
        'price-guard': {
          title: { zh: '申请价保', en: 'Claim a price drop' },
          method: 'POST',
          url: `${brand.url}/price-guard`,
          changesState: true,
          intents: ['order-mall'],
          parameters: {
            type: 'object',
            properties: {
              order: { type: 'string', pattern: orderPattern },
              paid: { type: 'number', minimum: 1, maximum: 500 },
              reason: { type: 'string', enum: ['sale', 'coupon'] },
              opened: { type: 'boolean' },
              note: { type: 'string' },
            },
            required: ['order', 'paid', 'reason', 'opened'],
          },
          entities: { order: 'order' },
          asks: {
            order,
            paid: {
              kind: 'amount',
              label: { zh: '实付', en: 'Paid' },
              ask: { zh: '实付多少元？', en: 'How much was paid?' },
              hint: { zh: '1 到 500 元之间才能价保。', en: 'Between 1 and 500.' },
            },
            reason: {
              kind: 'choice',
              label: { zh: '降价方式', en: 'Kind' },
              ask: { zh: '是怎么降价的？', en: 'What dropped it?' },
              options: [
                { id: 'sale', label: { zh: '直接降价', en: 'Sale' } },
                { id: 'coupon', label: { zh: '发了优惠券', en: 'Coupon' } },
              ],
            },
            opened: {
              kind: 'yes-no',
              label: { zh: '已拆封', en: 'Opened' },
              ask: { zh: '商品拆封了吗？', en: 'Is it opened?' },
            },
            note: {
              kind: 'text',
              label: { zh: '备注', en: 'Note' },
              ask: { zh: '还有要说明的吗？', en: 'Anything else?' },
              required: false,
            },
          },
          shows: ['state'],
          answer: {
            articles: ['order-mall-price-drop'],
            words: { zh: '价保结果：{{state}}', en: 'Price drop: {{state}}' },
          },
        },
        seat: {
          title: { zh: '查座位', en: 'Find a seat' },
          url: `${brand.url}/seats/{order}`,
          changesState: false,
          intents: ['order-mall'],
          parameters: {
            type: 'object',
            properties: { order: { type: 'string', pattern: orderPattern } },
            required: ['order'],
          },
          entities: { order: 'order' },
          asks: { order },
          shows: ['seat'],
          answer: {
            articles: ['order-mall-tickets'],
            words: { zh: '你的座位：{{seat}}', en: 'Your seat: {{seat}}' },
          },
        },
      },
    },
  })
})
afterAll(async () => {
  await product.dispose()
  await brand.close()
})

const askedForPriceDrop = '会员购刚买就降价了，能补差价吗'
const askedForTickets = '漫展、演出门票怎么取票、退票或转给别人'
const received = (path: string): readonly string[] =>
  brand.received.filter((one) => one.path.includes(path)).map(({ path: at, body }) => `${at} ${body}`)

/** A contact of whom a tool wants an order. */
const wanted = async (question: string): Promise<WechatContact> => {
  const contact = product.contact()
  await contact.says(question)
  await contact.hears(/请发订单号/)
  return contact
}

describe('a tool that needs more than the message says', () => {
  it('asks for it below the article’s answer, and answers', async () => {
    const contact = product.contact()
    await contact.says(askedForTickets)
    expect(await contact.hears(/请发订单号/)).toMatch(/票夹[\s\S]*要“查座位”的话/)
    await contact.says('AB12345678')
    await contact.hears('你的座位：A区12排')
    expect(received('/seats/AB12345678')).toHaveLength(1)
  })

  it('asks nothing where the message says it all', async () => {
    const contact = product.contact()
    await contact.says(`${askedForTickets}，订单号 CD12345678`)
    await contact.hears('你的座位：A区12排')
  })

  it('takes nothing that its schema does not, and is left after a second try', async () => {
    const contact = await wanted(askedForTickets)
    await contact.says('2026112512345678')
    await contact.hears(/两个字母加八位数字/)
    await contact.says('99999999999999')
    await contact.hears(/先不办/)
    expect(received('99999999999999')).toEqual([])
    expect(received('2026112512345678')).toEqual([])
  })

  it('is not given the first of two orders, but asks which', async () => {
    const contact = await wanted(askedForTickets)
    await contact.says('订单号 TW12345678 或者订单号 TW87654321')
    await contact.hears(/两个字母加八位数字/)
    expect(received('/seats/TW')).toEqual([])
    await contact.says('订单号 TW87654321，就是订单号 TW87654321')
    await contact.hears('你的座位：A区12排')
    expect(received('/seats/TW')).toHaveLength(1)
  })

  it('is left with a word, with none to give, and with thanks', async () => {
    for (const [words, heard] of [
      ['取消', /已取消/],
      ['没有订单号', /先不办|两个字母加八位数字/],
      ['不知道', /先不办/],
    ] as const) {
      const contact = await wanted(askedForTickets)
      await contact.says(words)
      await contact.hears(heard)
    }
    const thankful = await wanted(askedForTickets)
    await thankful.says('谢谢')
    await thankful.hears(/./)
    await thankful.says('怎么关闭大会员自动续费')
    expect(await thankful.hears(/续费/)).not.toContain('请发订单号')
  })

  it('is wanted no more after half an hour, and nobody is called for it', async () => {
    const contact = await wanted(askedForPriceDrop)
    await contact.says('LM12345678')
    await contact.hears(/实付多少元/)
    product.clock.advance(31 * 60_000)
    await contact.says('怎么关闭大会员自动续费')
    expect(await contact.hears(/续费/)).not.toMatch(/实付多少元|工单/)
  })
})

describe('a tool that changes something', () => {
  it('shows all that was gathered, each by its name, and is told of it after a yes', async () => {
    const contact = product.contact()
    await contact.says(`${askedForPriceDrop}，订单号 EF12345678`)
    await contact.hears(/实付多少元/)
    await contact.says('900')
    await contact.hears(/1 到 500 元/)
    await contact.says('88.5')
    await contact.hears(/怎么降价的/)
    await contact.says('2')
    await contact.hears(/拆封了吗/)
    await contact.says('没有')
    await contact.hears(/要说明的吗/)
    await contact.says('跳过')
    const shown = await contact.hears(/申请价保/)
    expect(shown).toContain('订单号：EF12345678\n实付：88.5\n降价方式：发了优惠券\n已拆封：否')
    expect(received('/price-guard')).toEqual([])
    await answerQuestion(contact, '确认', /价保结果：已登记/)
    const [body = ''] = brand.received.filter(({ path }) => path === '/price-guard').map((one) => one.body)
    const told: unknown = JSON.parse(body)
    expect(told).toEqual({ order: 'EF12345678', paid: 88.5, reason: 'coupon', opened: false })
    expect(received('/price-guard')).toHaveLength(1)
  })

  it('lets an answer be mended before, and does nothing after a no', async () => {
    const before = received('/price-guard').length
    const contact = await wanted(askedForPriceDrop)
    await contact.says('GH12345678')
    await contact.hears(/实付多少元/)
    await contact.says('订单号写错了，是 GH87654321')
    await contact.hears(/GH87654321/)
    await contact.says('100')
    await contact.says('直接降价')
    await contact.hears(/拆封了吗/)
    await contact.says('是')
    await contact.hears(/要说明的吗/)
    await contact.says('没有')
    expect(await contact.hears(/申请价保/)).toContain('订单号：GH87654321')
    await answerQuestion(contact, '取消', /没有办理/)
    expect(received('/price-guard')).toHaveLength(before)
  })

  it('gives a person what was gathered, for who asks for one', async () => {
    const contact = await wanted(askedForPriceDrop)
    await contact.says('JK12345678')
    await contact.hears(/实付多少元/)
    await contact.says('转人工')
    await contact.hears(/T-\d+/)
  })
})
