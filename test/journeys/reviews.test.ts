import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.dispose())

const rowsOf = (answer: unknown): readonly Record<string, unknown>[] =>
  (answer as { readonly data: readonly Record<string, unknown>[] }).data

describe('what the bot answered', () => {
  it('is drawn by rule the next day, reviewed with what it weighed, and told when it was wrong', async () => {
    const [contact, agent] = [product.contact(), await product.agent()]
    const form = rowsOf(await agent.reads('/quality/forms')).find(({ subject }) => subject === 'bot-answer')
    await agent.writes('/quality/sampling', {
      ...{ name: '机器人全检', subject: 'bot-answer', formId: form?.id, amount: { share: 1 } },
    })
    await contact.says('大会员怎么退款')
    await contact.hears(/退款/)
    expect(rowsOf(await agent.reads('/quality/queue'))).toEqual([])

    // Drawn when the product has made up for the hour it missed.
    product.clock.advance(2 * 86_400_000)
    await product.restart()
    const again = await product.agent()
    await expect.poll(async () => rowsOf(await again.reads('/quality/queue')).length).toBe(1)
    const [review] = rowsOf(await again.reads('/quality/queue'))
    const path = `/quality/reviews/${String(review?.id)}`
    const work = (await again.reads(`${path}/work`)) as {
      readonly articles: readonly { readonly id: string }[]
    }
    expect(work.articles.map(({ id }) => id)).toContain(review?.articleId)

    await again.writes(`${path}/claim`, {})
    const answers = {
      ...{ 'right-subject': { value: 'no', comment: '问的不是这个' }, 'right-answer': { value: 0 } },
      ...{ tone: { value: 5 }, handover: { value: 'yes' } },
    }
    await again.calls('PATCH', path, { answers })
    await again.writes(`${path}/complete`, {})
    await expect
      .poll(async () => rowsOf(await again.reads('/events?types=quality.bot-answer-wrong')))
      .toMatchObject([{ data: { messageId: review?.workId, articleId: review?.articleId } }])
  })
})
