import { afterEach, describe, expect, it } from 'vitest'
import { openWechatAccount, wechat, wechatConfig } from '../../../channels/wechat/index.ts'
import type { WechatAccount } from '../../../sandbox/index.ts'
import { createIdleHost } from '../../../src/app/idle-channel.ts'
import { follower, startPlatform, type Platform } from '../../support/platform.ts'

let platform: Platform
afterEach(() => platform.close())

const openAccount = async (changes: Partial<WechatAccount> = {}, section: Record<string, unknown> = {}) => {
  platform = await startPlatform(changes)
  const config = wechatConfig.parse({ ...platform.section, ...section })
  return openWechatAccount(config, createIdleHost('main'))
}

const buttons = {
  click: { name: '转人工', type: 'click', key: 'TALK_TO_PERSON' },
  view: { name: '官网', type: 'view', url: 'https://example.com/' },
  scan: { name: '扫一扫', type: 'scancode_waitmsg', key: 'SCAN' },
  media: { name: '图片', type: 'media_id', mediaId: 'm1' },
  article: { name: '文章', type: 'article_id', articleId: 'a1' },
  mini: {
    name: '小程序',
    type: 'miniprogram',
    appId: 'wx1',
    pagePath: 'pages/a',
    url: 'https://example.com/',
  },
}
const menu = [
  { name: '客服', items: [buttons.click, buttons.view, buttons.scan, buttons.media, buttons.article] },
  buttons.mini,
]

describe('the menu of an account', () => {
  it('is put in force, read and deleted', async () => {
    const account = await openAccount()
    expect(await account.menu.read()).toBeUndefined()
    await account.menu.apply(wechatConfig.parse({ ...platform.section, menu }).menu ?? [])
    expect(await account.menu.read()).toMatchObject({
      menu: {
        button: [
          {
            name: '客服',
            sub_button: [
              { type: 'click', name: '转人工', key: 'TALK_TO_PERSON' },
              { type: 'view', url: 'https://example.com/' },
              { type: 'scancode_waitmsg', key: 'SCAN' },
              { type: 'media_id', media_id: 'm1' },
              { type: 'article_id', article_id: 'a1' },
            ],
          },
          { type: 'miniprogram', appid: 'wx1', pagepath: 'pages/a' },
        ],
      },
    })
    await account.menu.delete()
    expect(await account.menu.read()).toBeUndefined()
  })

  const { click } = buttons
  it.each([
    ['no button', []],
    ['four buttons', Array.from({ length: 4 }, () => click)],
    ['six items', [{ name: '客服', items: Array.from({ length: 6 }, () => click) }]],
    ['an empty group', [{ name: '客服', items: [] }]],
    ['three levels', [{ name: '客服', items: [{ name: '再', items: [click] }] }]],
    ['a top name of 17 bytes', [{ ...click, name: '一二三四五ab' }]],
    ['an item name of 61 bytes', [{ name: '客服', items: [{ ...click, name: `${'一'.repeat(20)}a` }] }]],
    ['a key of 129 bytes', [{ ...click, key: 'k'.repeat(129) }]],
    ['an address of 1025 bytes', [{ ...buttons.view, url: `https://a/${'b'.repeat(1_015)}` }]],
    ['a script for an address', [{ ...buttons.view, url: 'javascript:alert(1)' }]],
    ['a type nobody knows', [{ ...click, type: 'dance' }]],
    ['a click without key', [{ name: '转人工', type: 'click' }]],
  ])('with %s is refused by the configuration', async (_what, wrong) => {
    platform = await startPlatform()
    expect(wechat.config.safeParse({ ...platform.section, menu: wrong }).success).toBe(false)
  })

  it('at the limits is taken by both sides', async () => {
    const longest = [
      { ...buttons.click, name: '一二三四五a', key: 'k'.repeat(128) },
      {
        name: '客服',
        items: [{ ...buttons.view, name: '一'.repeat(20), url: `https://a/${'b'.repeat(1_014)}` }],
      },
    ]
    const account = await openAccount()
    await account.menu.apply(wechatConfig.parse({ ...platform.section, menu: longest }).menu ?? [])
    expect(platform.simulator.desk.menu()).toHaveLength(2)
  })

  it('needs a verified account', async () => {
    const account = await openAccount({ kind: 'unverified' })
    await expect(account.menu.delete()).rejects.toMatchObject({ code: 'no_permission' })
  })
})

describe('QR codes with a scene', () => {
  it('last, or live for some seconds', async () => {
    const account = await openAccount()
    const lasting = await account.createQrCode({ scene: 'poster-北京' })
    expect(lasting.pictureUrl).toBe(
      `https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=${encodeURIComponent(lasting.ticket)}`,
    )
    expect(lasting.expiresInSeconds).toBeUndefined()
    expect(await account.createQrCode({ scene: 's', expiresInSeconds: 600 })).toMatchObject({
      expiresInSeconds: 600,
    })
  })

  it('are refused for scenes that are too long and for accounts without the right', async () => {
    const account = await openAccount()
    await expect(account.createQrCode({ scene: 'x'.repeat(65) })).rejects.toMatchObject({
      facts: { providerCode: 40_053 },
    })
    platform.close()
    const other = await openAccount({ kind: 'subscription' })
    await expect(other.createQrCode({ scene: 's' })).rejects.toMatchObject({ code: 'no_permission' })
  })
})

describe('notices', () => {
  const fields = { character_string1: 'T-17', thing2: '已处理', time3: '2026-11-26 15:00' }
  const ready = async () => {
    const account = await openAccount()
    const [template] = await account.listTemplates()
    const notice = {
      contactKey: follower,
      templateId: template?.templateId ?? '',
      fields,
      kind: 'template',
    } as const
    return { account, template, notice }
  }

  it('are sent by template, outside every window', async () => {
    const { account, template, notice } = await ready()
    expect(template).toMatchObject({ title: '工单进度提醒', content: expect.stringContaining('thing2') })
    expect(await account.sendNotice({ ...notice, url: 'https://example.com/' })).toMatch(/^\d+$/)
    expect(platform.simulator.transcript(follower)).toMatchObject([
      { content: { kind: 'card', card: 'template', title: '工单进度提醒' } },
    ])
  })

  it('name the field that WeChat refuses', async () => {
    const { account, notice } = await ready()
    const wrong = { ...notice, fields: { ...fields, thing2: '字'.repeat(21) } }
    await expect(account.sendNotice(wrong)).rejects.toMatchObject({
      code: 'permanent',
      facts: { providerCode: 47_003, hint: expect.stringContaining('thing2') },
    })
  })

  it('need a template and a follower, and as subscription notices the contact’s word', async () => {
    const { account, notice } = await ready()
    await expect(account.sendNotice({ ...notice, templateId: 'none' })).rejects.toMatchObject({
      facts: { providerCode: 40_037 },
    })
    const subscription = { ...notice, kind: 'subscription' } as const
    await expect(account.sendNotice(subscription)).rejects.toMatchObject({ code: 'unreachable' })
    platform.simulator.desk.agree(follower, notice.templateId)
    await account.sendNotice(subscription)
    platform.simulator.prepare(follower, { kind: 'unsubscribe' })
    await expect(account.sendNotice(notice)).rejects.toMatchObject({ code: 'unreachable' })
  })
})

describe('credentials', () => {
  it('are checked without saying them', async () => {
    await (await openAccount()).checkCredentials()
    platform.close()
    const wrong = await openAccount({}, { appSecret: 'plantedSecret' })
    const error: unknown = await wrong.checkCredentials().catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'needs_operator',
      facts: { hint: expect.stringContaining('appSecret') },
    })
    expect(String(error)).not.toContain('planted')
  })
})
