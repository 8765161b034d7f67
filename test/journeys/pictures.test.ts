import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  createTelegramAccount,
  createTelegramSimulator,
  type TelegramSimulator,
} from '../../sandbox/index.ts'
import { createMovableClock, systemClock } from '../../src/core/clock.ts'
import { startMailWorld, type MailWorld } from '../support/mail-world.ts'
import { account, startProduct, type Product, type WechatContact } from '../support/product.ts'
import { serveApi, type ServedApi } from '../support/serve-api.ts'
import { createVisitor } from '../support/visitor.ts'

const question = '怎么关闭大会员自动续费'
const drawn = readFileSync('knowledge/pictures/vip-auto-renew-stop.png')
const alt = /关闭自动续费/

const Shown = z.looseObject({
  parts: z.array(
    z.looseObject({
      kind: z.string(),
      alt: z.string().optional(),
      media: z.looseObject({ mediaId: z.string() }).optional(),
    }),
  ),
})
const isImage = ({ kind }: { readonly kind: string }): boolean => kind === 'image'

const pictureOf = (product: Product, { openid }: WechatContact): readonly string[] =>
  product.wechat
    .transcript(openid)
    .flatMap(({ content }) => (content.kind === 'image' ? [content.mediaId] : []))

describe('an answer with a picture', () => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct()
  }, 300_000)
  afterAll(() => product.dispose())

  it('comes on WeChat as words within the request and a picture behind them, uploaded once for all', async () => {
    const contact = product.contact()
    await contact.says(question)
    const words = await contact.hears(/续费管理[^]*24 小时以上/)
    expect(words).not.toContain('图片')
    await expect.poll(() => pictureOf(product, contact)).toHaveLength(1)
    const [mediaId = ''] = pictureOf(product, contact)
    expect(Buffer.from(product.wechat.findMedia(mediaId)?.bytes ?? []).equals(drawn)).toBe(true)
    const lines = product.wechat.transcript(contact.openid).slice(-2)
    expect(lines.map(({ source, content }) => [source, content.kind])).toEqual([
      ['passive', 'text'],
      ['api', 'image'],
    ])

    const other = product.contact()
    await other.says(question)
    await expect.poll(() => pictureOf(product, other)).toEqual([mediaId])
  })

  it('stands in the web chat where it stands in the article, with its alternative text', async () => {
    const visitor = await createVisitor(product.app.url)
    visitor.says(question)
    await visitor.hears(/续费管理/)
    expect(visitor.newest()).toMatchObject([
      { kind: 'text', text: expect.stringMatching(/^在续费管理里关闭[^]*为止。$/) as string },
      { kind: 'media', of: 'image', label: expect.stringMatching(alt) as string },
      { kind: 'text', text: expect.stringMatching(/^3\. 苹果/) as string },
    ])
    visitor.leaves()
  })

  it('is seen by the agent, alternative text and all, and outlives a restart', async () => {
    const contact = product.contact()
    await contact.says(question)
    await contact.hears(/续费管理/)
    await product.restart()
    await contact.says('转人工')
    await contact.hears(/T-\d+/)
    const agent = await product.agent()
    const { id } = await agent.finds(/续费/)
    const { messages } = await agent.opens(id)
    const [picture] = messages.flatMap((message) => Shown.parse(message).parts).filter(isImage)
    expect(picture?.alt).toMatch(alt)
    const shown = await agent.get(`/media/${picture?.media?.mediaId ?? ''}`)
    expect(shown.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await shown.arrayBuffer()).equals(drawn)).toBe(true)
  })
})

describe('an answer with a picture on other channels', () => {
  const userKey = '5000000001'
  let product: Product
  let mail: MailWorld
  let telegram: TelegramSimulator
  let api: ServedApi
  beforeAll(async () => {
    mail = await startMailWorld(createMovableClock())
    const bot = createTelegramAccount()
    telegram = createTelegramSimulator({
      account: bot,
      clock: systemClock,
      users: [{ key: userKey, name: '小白' }],
      timing: { retryDelayMs: 50 },
    })
    api = await serveApi((request, env) => telegram.api.fetch(request, env))
    const { appId, token, encodingAesKey, mode } = account
    product = await startProduct({
      inboxes: {
        mail: { channel: 'email', ...mail.section },
        telegram: {
          channel: 'telegram',
          token: bot.token,
          apiRoot: api.url,
          sendsPerSecond: 1_000,
        },
        // An account without the send right: nothing goes but the answer to a request.
        wechat: { channel: 'wechat', appId, token, encodingAesKey, mode, replyMode: 'passive-only' },
      },
    })
  }, 300_000)
  afterAll(async () => {
    await telegram.close()
    await product.dispose()
    await mail.simulator.close()
    api.stop()
  })

  it('is one mail with the picture in it', async () => {
    const contact = mail.contact('wang.lei')
    contact.writes(question, '续费')
    const answer = await contact.hears(/续费管理[^]*\[图片 \/ Picture\][^]*苹果内购/)
    expect(answer.picturePath).toBeDefined()
    expect(contact.heard()).toHaveLength(1)
  })

  it('is words, a photo and words on Telegram', async () => {
    await expect.poll(() => telegram.webhook()).toBeDefined()
    telegram.client.act(userKey, { kind: 'text', text: question })
    const lines = () => telegram.client.lines(userKey).filter(({ from }) => from === 'account')
    await expect.poll(lines).toHaveLength(3)
    const [first, second, third] = lines()
    expect([first?.text, second?.picturePath, third?.text]).toEqual([
      expect.stringContaining('续费管理'),
      expect.stringMatching(/./),
      expect.stringContaining('苹果内购'),
    ])
  })

  it('has a link that gives the picture where an account cannot send', async () => {
    const contact = product.contact()
    await contact.says(question)
    const words = await contact.hears(/\[图片\][^]*苹果内购/)
    const link = /href="([^"]+\/media\/[^"]+)"/.exec(words)?.[1] ?? ''
    const file = await fetch(link.replaceAll('&amp;', '&'))
    expect(Buffer.from(await file.arrayBuffer()).equals(drawn)).toBe(true)
  })
})
