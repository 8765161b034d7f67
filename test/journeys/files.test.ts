import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawPicture, lookAt } from '../support/pictures.ts'
import { startProduct, type Product } from '../support/product.ts'
import { createVisitor } from '../support/visitor.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.dispose())

const wav = Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'), Buffer.alloc(28)])

describe('an agent who sends files', () => {
  it('shows a picture on the phone, and gives a link to what WeChat cannot carry', async () => {
    const contact = product.contact()
    await contact.says('转人工')
    await contact.hears(/T-\d+/)
    const agent = await product.agent()
    const { id } = await agent.finds(/人工/)
    const picture = await agent.uploads(await drawPicture('jpeg', { width: 20, height: 10, orientation: 6 }))
    await agent.sends(id, [{ mediaId: picture, name: '步骤.jpg' }], '按图上这样设置')
    await contact.hears('按图上这样设置')
    const shown = () =>
      product.wechat
        .transcript(contact.openid)
        .flatMap(({ content }) => (content.kind === 'image' ? [content.mediaId] : []))
    await expect.poll(shown).toHaveLength(1)
    const onPhone = product.wechat.findMedia(shown()[0] ?? '')
    expect(await lookAt(onPhone?.bytes ?? new Uint8Array())).toMatchObject({
      format: 'jpeg',
      width: 10,
      height: 20,
    })

    const voice = await agent.uploads(wav)
    await agent.sends(id, [{ mediaId: voice }])
    const link = /href="([^"]+)"/.exec(await contact.hears('[语音]'))?.[1] ?? ''
    expect(link).toContain(`/media/${voice}?until=`)
    const file = await fetch(link.replaceAll('&amp;', '&'))
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'audio/wav'])
    expect((await fetch(link.replace('sig=', 'sig=A'))).status).toBe(404)
  })

  it('shows them in the web chat, to this visitor alone', async () => {
    const visitor = await createVisitor(product.app.url)
    await visitor.hears('小通')
    visitor.says('转人工，网页上的视频打不开')
    await visitor.hears(/T-\d+/)
    const agent = await product.agent()
    const { id } = await agent.finds(/网页上的视频/)
    const mediaId = await agent.uploads(await drawPicture('png'))
    await agent.sends(id, [{ mediaId, name: '截图.png' }], '请看截图')
    await visitor.hears('请看截图')
    expect(visitor.newest()).toMatchObject([
      { kind: 'text', text: '请看截图' },
      { kind: 'media', of: 'image', label: '截图.png' },
    ])
    visitor.leaves()
  })
})
