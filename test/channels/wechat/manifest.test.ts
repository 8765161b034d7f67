import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { wechat } from '../../../channels/wechat/index.ts'
import { appId, configOf, createAccount, encodingAesKey, token } from './account.ts'

const minimal = { appId, token, encodingAesKey }

const faultsOf = (section: unknown): readonly string[] => {
  const { error } = wechat.config.safeParse(section)
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('configuration', () => {
  it('needs AppID, Token and, by default, EncodingAESKey', () => {
    expect(faultsOf({})).toEqual([expect.stringMatching(/^appId/), expect.stringMatching(/^token/)])
    expect(faultsOf({ appId, token })).toEqual([
      expect.stringMatching(/^encodingAesKey: is needed in mode safe/),
    ])
    expect(faultsOf({ appId, token, mode: 'plain' })).toEqual([])
    expect(faultsOf(minimal)).toEqual([])
  })

  it('has the documented defaults', () => {
    expect(wechat.config.parse(minimal)).toEqual({
      ...minimal,
      mode: 'safe',
      replyMode: 'auto',
      passiveBudgetMs: 4_200,
      lateAnswerText: '您的消息已收到，正在为您处理。请稍后发送任意字符（例如 1）查看回复。',
      apiBase: 'https://api.weixin.qq.com',
      timestampToleranceMs: 300_000,
      allowances: {
        message: { count: 5, windowMs: 172_800_000 },
        click: { count: 3, windowMs: 60_000 },
        follow: { count: 3, windowMs: 60_000 },
        scan: { count: 3, windowMs: 60_000 },
      },
      reservedForAgents: 1,
      maxTextBytes: 2_000,
      menus: false,
      sendsPerSecond: 20,
    })
  })

  it.each([
    ['encodingAesKey', { encodingAesKey: 'A'.repeat(42) }, 'exactly 43'],
    ['encodingAesKey', { encodingAesKey: `${'A'.repeat(42)}!` }, 'exactly 43'],
    ['previousEncodingAesKey', { previousEncodingAesKey: 'short' }, 'exactly 43'],
    [
      'previousEncodingAesKey',
      { mode: 'plain', encodingAesKey: undefined, previousEncodingAesKey: encodingAesKey },
      'needs encodingAesKey',
    ],
    ['encodingAesKey', { mode: 'compatible', encodingAesKey: undefined }, 'compatible'],
    ['token', { token: 'no' }, '3–32'],
    ['token', { token: 'with space' }, '3–32'],
    ['appId', { appId: 'gh_0123' }, 'wx'],
    ['appSecret', { appSecret: '' }, 'passive-only'],
    ['originalId', { originalId: 'wx123' }, 'gh_'],
    ['apiBase', { apiBase: 'http://api.weixin.qq.com' }, 'https'],
    ['apiBase', { apiBase: 'https://user:pass@api.weixin.qq.com' }, 'https'],
    ['apiBase', { apiBase: 'nonsense' }, 'https'],
    ['timestampToleranceMs', { timestampToleranceMs: 59_999 }, '60000'],
    ['passiveBudgetMs', { passiveBudgetMs: 5_000 }, '4800'],
    ['mode', { mode: 'secure' }, 'safe'],
    ['', { encodingAESKey: encodingAesKey }, 'encodingAESKey'],
  ])('says at %s what is wrong and what to do', (key, section, word) => {
    const faults = faultsOf({ ...minimal, ...section })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(`${key}: `)
    expect(faults[0]).toContain(word)
  })

  it('reports all faults at once and shows no value', () => {
    const faults = faultsOf({ appId: 'bad', token: 'bad token!', encodingAesKey: 'secret-but-short' })
    expect(faults).toHaveLength(3)
    expect(faults.join()).not.toMatch(/bad token|secret-but/)
  })

  it.each([
    'http://127.0.0.1:4000',
    'http://localhost:4000',
    'http://[::1]:4000',
    'https://hk.api.weixin.qq.com',
  ])('lets the API be at %s', (apiBase) => {
    expect(faultsOf({ ...minimal, apiBase })).toEqual([])
  })

  it('reads numbers that come from the environment as text', () => {
    expect(wechat.config.parse({ ...minimal, passiveBudgetMs: '3000' }).passiveBudgetMs).toBe(3_000)
  })

  it('describes every field', () => {
    const schema = z.object({
      properties: z.record(
        z.string(),
        z.object({ description: z.string().min(20), writeOnly: z.boolean().optional() }),
      ),
    })
    const { properties } = schema.parse(z.toJSONSchema(wechat.config, { io: 'input' }))
    const secrets = Object.keys(properties).filter((name) => properties[name]?.writeOnly === true)
    expect(secrets.sort()).toEqual(['appSecret', 'encodingAesKey', 'previousEncodingAesKey', 'token'])
  })
})

describe('capabilities', () => {
  const of = (more: Record<string, unknown> = {}) =>
    wechat.create(configOf(more), createAccount().host).capabilities

  it('follow the configuration', () => {
    expect(of()).toEqual({
      files: {
        image: { contentTypes: ['image/jpeg', 'image/png', 'image/gif'], maxBytes: 10_485_760 },
        audio: { contentTypes: ['audio/amr', 'audio/mpeg'], maxBytes: 2_097_152 },
        video: { contentTypes: ['video/mp4'], maxBytes: 10_485_760 },
      },
      text: { max: 2_000, unit: 'bytes', markup: 'links' },
      parts: ['text', 'link', 'image', 'audio', 'video'],
      choices: { style: 'numbered', max: 10 },
      replyWindowMs: 172_800_000,
      allowances: configOf().allowances,
      reservedForAgents: 1,
      passiveOnly: false,
      typing: true,
      sendsPerSecond: 20,
    })
    expect(of({ menus: true })).toMatchObject({
      choices: { style: 'menu' },
      parts: expect.arrayContaining(['choices']),
    })
  })

  it('shrink without the secret or the right to send', () => {
    expect(of({ appSecret: undefined })).toMatchObject({
      passiveOnly: true,
      typing: false,
      parts: ['text', 'link'],
    })
    expect(of({ replyMode: 'passive-only' })).toMatchObject({ passiveOnly: true, typing: false })
  })
})
