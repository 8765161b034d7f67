import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { TestAgent } from '../support/agent.ts'
import { drawPicture } from '../support/pictures.ts'
import { startProduct, type Product } from '../support/product.ts'
import { createVisitor } from '../support/visitor.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct({ dialogue: { forms: { resumeHours: 1 } } })
})
afterAll(() => product.dispose())

const Detail = z.looseObject({
  ticket: z.looseObject({
    title: z.string(),
    kind: z.string(),
    summary: z.string(),
    forms: z.array(
      z.looseObject({
        complete: z.boolean(),
        fields: z.array(
          z.looseObject({
            label: z.string(),
            value: z.string(),
            files: z.array(z.looseObject({ messageId: z.string() })).optional(),
          }),
        ),
      }),
    ),
  }),
})
const opens = async (agent: TestAgent, id: string) =>
  Detail.parse(await (await agent.get(`/tickets/${id}`)).json()).ticket
const fieldsOf = ({ forms: [form] }: Awaited<ReturnType<typeof opens>>) =>
  Object.fromEntries((form?.fields ?? []).map(({ label, value }) => [label, value]))

describe('an infringement complaint on WeChat', () => {
  it.each(['我要投诉侵权', '我要投诉有人盗用我的视频'])('starts with %j: that is no anger', async (words) => {
    const contact = product.contact()
    await contact.says(words)
    await contact.hears(/侵权投诉由专员处理[^]*原作品在哪里/)
  })

  it('goes on after a restart, is corrected, and its answers and picture stand in the ticket', async () => {
    const contact = product.contact()
    await contact.says('有人搬运我的视频BV1yy411c7mE，怎么投诉')
    await contact.hears(/侵权投诉由专员处理[^]*已记下你的作品 BV1yy[^]*侵权的内容在哪里/)
    await contact.says('不知道怎么发')
    await contact.hears(/不像链接/)
    await contact.says('BV1xx411c7mD')
    await contact.hears(/怎么使用你的作品/)

    await product.restart()
    await contact.says('1')
    await contact.hears(/作者本人，还是代理人/)
    await contact.says('1')
    await contact.hears(/权属证明/)
    const { mediaId } = product.wechat.upload('image', await drawPicture('png'))
    await contact.does({ kind: 'image', mediaId })
    await contact.hears(/已作为凭证保存[^]*电话/)
    await contact.says('侵权链接写错了，是BV1zz411c7mF')
    await contact.hears(/已改：侵权内容 BV1zz[^]*电话/)
    await contact.says('13800138000')
    await contact.hears(/你的邮箱/)
    await contact.says('zhang@qq.com')
    await contact.hears(/请核对[^]*BV1zz[^]*提交/)
    await contact.says('提交')
    await contact.hears(/已转给专员[^]*T-\d+/)

    const agent = await product.agent()
    const { id } = await agent.finds(/BV1zz411c7mF/)
    const ticket = await opens(agent, id)
    expect(ticket).toMatchObject({
      title: '侵权投诉：BV1zz411c7mF',
      kind: 'complaint',
      forms: [{ complete: true }],
    })
    expect(ticket.summary).toContain('· 联系电话：138****8000')
    expect(fieldsOf(ticket)).toEqual({
      你的作品: 'BV1yy411c7mE',
      侵权内容: 'BV1zz411c7mF',
      侵权方式: '整个搬运',
      你的身份: '作者本人',
      权属证明: '1 个文件',
      联系电话: '138****8000',
      联系邮箱: 'z***@qq.com',
    })
    const revealed = await agent.calls('POST', `/tickets/${id}/reveal`, { reason: '回电核实' })
    expect(revealed.summary).toContain('· 联系电话：13800138000')
    const proof = ticket.forms[0]?.fields.find(({ label }) => label === '权属证明')?.files?.[0]
    const { messages } = await agent.opens(id)
    expect(messages.map((message) => message['id'])).toContain(proof?.messageId)
    const english = await agent.get(`/tickets/${id}`)
    expect(english.status).toBe(200)
  })

  it('is handed over as it is when the contact stays silent', async () => {
    const contact = product.contact()
    await contact.says('有人搬运我的视频，怎么投诉')
    await contact.hears(/原作品在哪里/)
    await contact.says('BV1aa411c7mD')
    await contact.hears(/侵权的内容在哪里/)
    const agent = await product.agent()
    product.clock.advance(2 * 3_600_000)
    const silent = async () =>
      z
        .looseObject({ tickets: z.array(z.looseObject({ id: z.string(), summary: z.string() })) })
        .parse(await (await agent.get('/tickets?view=all')).json())
        .tickets.find(({ summary }) => summary.includes('BV1aa411c7mD'))
    await expect.poll(silent, { timeout: 40_000 }).toBeDefined()
    const ticket = await opens(agent, (await silent())?.id ?? '')
    expect(ticket.forms).toMatchObject([{ complete: false }])
    expect(fieldsOf(ticket)).toMatchObject({ 你的作品: 'BV1aa411c7mD', 侵权内容: '（未填写）' })
  })
})

describe('a stolen account', () => {
  it('gets its ticket at once, and the answers that follow stand in it', async () => {
    const contact = product.contact()
    await contact.says('我的号被盗了')
    await contact.hears(/T-\d+[^]*UID 是多少/)
    const agent = await product.agent()
    const { id } = await agent.finds(/账号找回/)
    await contact.says('87654321')
    await contact.hears(/还能登录吗/)
    await expect.poll(async () => fieldsOf(await opens(agent, id))['UID']).toBe('87654321')
    expect((await opens(agent, id)).title).toBe('账号找回：87654321')
    await agent.takes(id)
    const before = contact.heard().length
    await contact.says('登不上了')
    await expect.poll(async () => JSON.stringify((await agent.opens(id)).messages)).toContain('登不上了')
    expect(contact.heard()).toHaveLength(before)
  })
})

describe('a suggestion on the web', () => {
  it('is taken from the first words, asked for what is missing, and becomes a feedback ticket', async () => {
    const visitor = await createVisitor(product.app.url)
    await visitor.hears('小通')
    visitor.says('我有个建议，希望倍速播放可以记住上次的选择')
    await visitor.hears(/和哪方面有关/)
    expect(visitor.newest()).toMatchObject([{ kind: 'choices' }])
    visitor.says('看视频和弹幕')
    await visitor.hears(/什么设备/)
    visitor.says('跳过')
    await visitor.hears(/截图/)
    visitor.says('没有')
    await visitor.hears(/请核对/)
    visitor.says('提交')
    await visitor.hears(/已转给产品同事[^]*T-\d+/)
    const agent = await product.agent()
    const { id } = await agent.finds(/倍速播放/)
    const ticket = await opens(agent, id)
    expect(ticket.kind).toBe('feedback')
    expect(ticket.title).toMatch(/^建议反馈：/)
    expect(fieldsOf(ticket)).toMatchObject({ 所属功能: '看视频和弹幕', 使用设备: '（跳过）' })
    visitor.leaves()
  })

  it('can be cancelled: no ticket, no more questions', async () => {
    const visitor = await createVisitor(product.app.url)
    await visitor.hears('小通')
    visitor.says('我想给你们提一个功能建议')
    await visitor.hears(/跳过/)
    visitor.says('取消')
    await visitor.hears(/已取消/)
    visitor.says('视频审核要多久')
    await visitor.hears(/审核/)
    visitor.leaves()
  })
})
