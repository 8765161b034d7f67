import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { untilMidnight } from '../support/brand-day.ts'
import { startProduct, type Product } from '../support/product.ts'

const Invitations = z.object({
  data: z.array(
    z.looseObject({
      ticketId: z.string(),
      state: z.string(),
      score: z.number().optional(),
      comment: z.string().optional(),
      reviewTicketId: z.string().optional(),
    }),
  ),
})
const Ticket = z.looseObject({ kind: z.string(), tags: z.array(z.string()) })

const minuteMs = 60_000
let product: Product
beforeAll(async () => {
  product = await startProduct({
    surveys: {
      enabled: true,
      delayMinutes: 0,
      reviewMinutes: 0,
      campaignHours: { from: '00:00', to: '23:59' },
    },
  })
})
afterAll(() => product.dispose())

describe('a contact whose ticket is solved', () => {
  it('is asked once, answers with a number, says what went wrong, and somebody is to look into it', async () => {
    const [contact, agent] = [product.contact(), await product.agent()]
    await contact.says('转人工')
    await contact.hears(/T-\d+/)
    const { id } = await agent.finds(/人工/)
    await agent.takes(id)
    await agent.replies(id, '已经退款')
    await contact.hears('已经退款')
    await agent.solves(id)
    // Looked at every minute.
    product.clock.advance(minuteMs)
    expect(await contact.hears('满意吗')).toContain('别再问我了')

    await contact.says('1')
    await contact.hears('哪里可以做得更好')
    await contact.says('等了三天才有人理')
    await contact.hears('记下了')
    product.clock.advance(minuteMs)
    const invitations = async () =>
      Invitations.parse(await agent.reads(`/surveys/invitations?ticket=${id}`)).data
    await expect
      .poll(invitations)
      .toMatchObject([{ state: 'answered', score: 1, comment: '等了三天才有人理' }])
    await expect.poll(async () => (await invitations())[0]?.reviewTicketId).toBeDefined()
    const review = (await invitations())[0]?.reviewTicketId ?? ''
    expect(Ticket.parse(await agent.reads(`/tickets/${id}`)).tags).toContain('低分评价')
    expect(Ticket.parse(await agent.reads(`/tickets/${review}`)).kind).toBe('feedback')
    expect(contact.heard().filter((text) => text.includes('满意吗'))).toHaveLength(1)
  })
})

const Campaign = z.looseObject({ id: z.string(), state: z.string() })

describe('a contact who agreed to be asked', () => {
  it('is asked by a campaign, answers, says why, and can leave', async () => {
    const [contact, agent] = [product.contact(), await product.agent()]
    await contact.says('愿意参加调研')
    await contact.hears('谢谢你愿意参加调研')
    // Whoever wrote a moment ago is not asked yet.
    product.clock.advance(6 * minuteMs)
    // Nobody is asked in the last minute of a day.
    if (untilMidnight(product.clock.now()) < 10 * minuteMs) product.clock.advance(10 * minuteMs)
    const { id } = Campaign.parse(
      await agent.calls('POST', '/surveys/campaigns', {
        title: '推荐',
        question: { type: 'nps', wording: { zh: '会推荐我们吗？' }, followUp: { zh: '为什么是这个分数？' } },
        audience: { channels: ['wechat'] },
        endsAt: new Date(product.clock.now().getTime() + 30 * 86_400_000).toISOString(),
      }),
    )
    const path = `/surveys/campaigns/${id}`
    expect(await agent.reads(`${path}/preview`)).toMatchObject({ consenting: 1, reachable: 1, quiet: false })
    expect(await agent.calls('POST', `${path}/start`, { reason: '开始' })).toMatchObject({ state: 'running' })
    product.clock.advance(minuteMs)
    expect(await contact.hears('会推荐我们吗')).toContain('别再问我了')
    await contact.says('9')
    await contact.hears('为什么是这个分数')
    await contact.says('客服很耐心')
    await contact.hears('记下了')
    await expect
      .poll(() => agent.reads(`${path}/invitations`))
      .toMatchObject({ data: [{ state: 'answered', score: 9, comment: '客服很耐心' }] })
    expect(await agent.reads(`${path}/results`)).toMatchObject({ asked: 1, answered: 1, nps: { value: 100 } })
    await contact.says('退订调研')
    await contact.hears('不会再邀请')
    expect(await agent.reads(`${path}/preview`)).toMatchObject({ consenting: 0, reachable: 0 })
  })
})
