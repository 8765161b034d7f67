import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct({ help: { phone: '400-178-2233' } })
})
afterAll(() => product.dispose())

const page = async (path: string): Promise<string> => {
  const answer = await fetch(`${product.app.url}${path}`)
  expect(answer.status, path).toBe(200)
  return answer.text()
}

describe('a reader of the help centre', () => {
  it('finds an article with its picture, says whether it helped, and the editor sees it', async () => {
    expect(await page('/help/zh-CN/search?q=关闭自动续费')).toContain('vip-auto-renew-stop')
    const article = await page('/help/zh-CN/articles/vip-auto-renew-stop')
    const picture = await fetch(
      `${product.app.url}${/<img[^>]* src="([^"]+)"/.exec(article)?.[1] ?? '/nothing'}`,
    )
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])

    const vote = await fetch(`${product.app.url}/help/zh-CN/articles/vip-auto-renew-stop/helpful`, {
      method: 'POST',
      body: new URLSearchParams({
        slip: /name="slip" value="([^"]+)"/.exec(article)?.[1] ?? '',
        answer: 'helpful',
      }),
      headers: { origin: product.app.url },
    })
    expect(await vote.text()).toContain('谢谢，已经记下了')
    const agent = await product.agent()
    expect(await agent.reads('/knowledge/votes')).toMatchObject({
      data: [{ articleId: 'vip-auto-renew-stop', helpful: 1, notHelpful: 0 }],
    })
  })

  it('reads of an incident while it is open', async () => {
    const agent = await product.agent()
    const { id } = await agent.calls('POST', '/incidents', {
      title: { zh: '弹幕异常' },
      notice: { zh: '目前弹幕可能发不出去，正在修复。' },
      gather: false,
    })
    await expect.poll(() => page('/help/zh-CN')).toContain('目前弹幕可能发不出去')
    expect(await page('/help/en')).toContain('Service disturbance')
    await agent.calls('POST', `/incidents/${String(id)}/close`, {})
    await expect.poll(() => page('/help/zh-CN')).not.toContain('目前弹幕可能发不出去')
  })

  it('is led to the chat and the hotline', async () => {
    const contact = await page('/help/zh-CN/contact')
    expect(contact).toContain('href="tel:4001782233"')
    expect(contact).toContain('href="/channels/web/page"')
    expect(await page('/channels/web/page')).toContain('<html')
  })
})
