import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'
import { lookAt } from '../support/pictures.ts'
import { createVisitor } from '../support/visitor.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.dispose())

describe('a contact on WeChat', () => {
  it('is answered, asks for a person, is helped, and is answered by the bot again', async () => {
    const contact = product.contact()
    await contact.does({ kind: 'subscribe' })
    await contact.hears('小通')
    await contact.says('投稿一直在审核中要等多久')
    await contact.hears(/审核/)
    await contact.says('转人工')
    await contact.hears(/T-\d+/)

    const agent = await product.agent()
    const ticket = await agent.finds(/审核/)
    expect(ticket).toMatchObject({ state: 'new', conversationMode: 'human' })
    await agent.takes(ticket.id)
    await agent.notes(ticket.id, '查过稿件，正在排队')
    await agent.replies(ticket.id, '您的稿件今晚会审完')
    await contact.hears('您的稿件今晚会审完')

    const before = contact.heard().length
    await contact.says('好的，弹幕发不出去是怎么回事')
    await expect.poll(async () => (await agent.opens(ticket.id)).ticket.state).toBe('open')
    expect(contact.heard()).toHaveLength(before)

    await agent.handsBack(ticket.id)
    await contact.says('弹幕发不出去是怎么回事')
    await contact.hears(/弹幕/)
    await agent.solves(ticket.id)
    expect((await agent.opens(ticket.id)).ticket.state).toBe('solved')
    expect(contact.heard().join('\n')).not.toContain('正在排队')
  })

  it('has its pictures and voice kept for the agent', async () => {
    const contact = product.contact()
    const picture = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    await contact.says('转人工')
    await contact.hears(/T-\d+/)
    const { mediaId } = product.wechat.upload('image', picture)
    await contact.does({ kind: 'image', mediaId })
    const agent = await product.agent()
    const { id } = await agent.finds(/转人工|人工/)
    const imageOf = async (): Promise<string | undefined> =>
      JSON.stringify(await agent.opens(id)).match(/"mediaId":"([0-9a-f-]{36})"/)?.[1]
    await expect.poll(imageOf).toBeDefined()
    const media = await agent.get(`/media/${(await imageOf()) ?? ''}`)
    expect(media.headers.get('content-type')).toBe('image/png')
    expect(await lookAt(new Uint8Array(await media.arrayBuffer()))).toMatchObject({ width: 1, height: 1 })
  })

  it('keeps the last of five messages for a person', async () => {
    const contact = product.contact()
    await contact.says('转人工')
    await contact.hears(/T-\d+/)
    const agent = await product.agent()
    const ticket = await agent.finds(/人工/)
    for (const n of [1, 2, 3, 4, 5]) {
      await agent.replies(ticket.id, `第${String(n)}条`)
      await contact.hears(`第${String(n)}条`)
    }
    await agent.replies(ticket.id, '第6条')
    const status = async () => JSON.stringify((await agent.opens(ticket.id)).messages.at(-1))
    await expect.poll(status).toContain('quota_exhausted')
    await contact.says('在吗')
    await contact.hears('第6条')
  })
})

describe('a visitor on the web', () => {
  it('is greeted, answered and helped, and loses nothing over reload and restart', async () => {
    const visitor = await createVisitor(product.app.url)
    await visitor.hears('小通')
    visitor.says('怎么缓存视频到手机上看')
    await visitor.hears(/缓存/)
    visitor.says('转人工')
    await visitor.hears(/T-\d+/)
    const ticket = await (await product.agent()).finds(/缓存/)
    await visitor.returns()

    await product.restart()
    await visitor.returns()
    const agent = await product.agent()
    await agent.takes(ticket.id)
    await agent.replies(ticket.id, '我来帮您看看')
    await visitor.hears('我来帮您看看')
    const seqs = visitor.seqs()
    expect(seqs).toEqual([...new Set(seqs)].sort((one, other) => one - other))
    visitor.leaves()
  })
})
