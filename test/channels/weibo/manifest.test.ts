import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { weibo } from '../../../channels/weibo/index.ts'
import { createAccount } from './push.ts'
import { account, configOf } from './stage.ts'

const minimal = { uid: account.uid, appSecret: 'secret-1', accessToken: 'token-1' }

const faultsOf = (section: unknown): readonly string[] => {
  const { error } = weibo.config.safeParse(section)
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

const twoDays = 172_800_000
const capped = { count: 20, windowMs: twoDays }

describe('configuration', () => {
  it('needs uid, App Secret and access token', () => {
    expect(faultsOf({})).toEqual([
      expect.stringMatching(/^uid/),
      expect.stringMatching(/^appSecret/),
      expect.stringMatching(/^accessToken/),
    ])
    expect(faultsOf(minimal)).toEqual([])
  })

  it('has the documented defaults', () => {
    expect(weibo.config.parse(minimal)).toEqual({
      ...minimal,
      watchToken: true,
      timestampToleranceMs: 300_000,
      answerMentions: true,
      nicknames: true,
      passiveBudgetMs: 4_200,
      allowances: {
        message: capped,
        follow: capped,
        subscribe: capped,
        click: capped,
        scan: capped,
        mention: { count: 1, windowMs: twoDays },
      },
      reservedForAgents: 5,
      maxTextCharacters: 299,
      keepInInbox: true,
      sendsPerSecond: 10,
      apiBase: 'https://api.weibo.com',
      messageApiBase: 'https://m.api.weibo.com',
      uploadApiBase: 'https://upload.api.weibo.com',
      replyPath: '/2/messages/reply.json',
    })
  })

  it.each([
    ['uid', { uid: 'cysite' }, 'weibo.com/u/'],
    ['uid', { uid: '0123456' }, 'weibo.com/u/'],
    ['appSecret', { appSecret: '' }, 'App Secret'],
    ['accessToken', { accessToken: '' }, '开发模式'],
    ['callbackKey', { callbackKey: 'short' }, '16–64'],
    ['callbackKey', { callbackKey: '../../../../etc/passwd' }, '16–64'],
    ['apiBase', { apiBase: 'http://api.weibo.com' }, 'https'],
    ['messageApiBase', { messageApiBase: 'https://user:pass@m.api.weibo.com' }, 'https'],
    ['uploadApiBase', { uploadApiBase: 'nonsense' }, 'https'],
    ['replyPath', { replyPath: 'https://a.example' }, 'path'],
    ['maxTextCharacters', { maxTextCharacters: 300 }, '299'],
    ['passiveBudgetMs', { passiveBudgetMs: 5_000 }, '4800'],
    ['timestampToleranceMs', { timestampToleranceMs: 59_999 }, '60000'],
    ['articleImage', { articleImage: 'javascript:alert(1)' }, 'http'],
    ['reservedForAgents', { allowances: { click: { count: 3 } } }, 'less than'],
    ['menu', { menu: [] }, ''],
    ['menu.0', { menu: [{ name: '帮助' }] }, 'a key, a url or'],
    ['uid', { uid: undefined }, 'weibo.com/u/'],
    ['appSecret', { appSecret: undefined }, '微博开放平台'],
    ['accessToken', { accessToken: undefined }, '开发模式'],
    ['', { appsecret: 'x' }, 'appsecret'],
  ])('says at %s what is wrong and what to do', (key, section, word) => {
    const faults = faultsOf({ ...minimal, ...section })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(key)
    expect(faults[0]).toContain(word)
  })

  it('reports all faults at once and shows no value', () => {
    const faults = faultsOf({
      uid: 'bad',
      appSecret: '',
      accessToken: 'secret-token',
      callbackKey: 'too-short',
    })
    expect(faults).toHaveLength(3)
    expect(faults.join()).not.toMatch(/secret-token|too-short/)
  })

  it('lets the reserve be more than what a mention allows, and be none', () => {
    expect(faultsOf({ ...minimal, reservedForAgents: 19 })).toEqual([])
    expect(faultsOf({ ...minimal, reservedForAgents: 0, allowances: { click: { count: 0 } } })).toEqual([])
  })

  it('takes a uid without quotes', () => {
    expect(weibo.config.parse({ ...minimal, uid: 1902538057 }).uid).toBe('1902538057')
  })

  it('reads numbers that come from the environment as text', () => {
    expect(weibo.config.parse({ ...minimal, passiveBudgetMs: '3000' }).passiveBudgetMs).toBe(3_000)
  })

  it('describes every field', () => {
    const schema = z.object({
      properties: z.record(
        z.string(),
        z.object({ description: z.string().min(20), writeOnly: z.boolean().optional() }),
      ),
    })
    const { properties } = schema.parse(z.toJSONSchema(weibo.config, { io: 'input' }))
    const secrets = Object.keys(properties).filter((name) => properties[name]?.writeOnly === true)
    expect(secrets.sort()).toEqual(['accessToken', 'appSecret', 'callbackKey', 'previousAppSecret'])
  })
})

describe('capabilities', () => {
  const of = (more: Record<string, unknown> = {}) => createAccount(more).channel.capabilities

  it('follow the configuration', () => {
    expect(of()).toEqual({
      text: { max: 299, unit: 'characters', markup: 'plain' },
      parts: ['text', 'location'],
      choices: { style: 'numbered', max: 10 },
      replyWindowMs: twoDays,
      allowances: {
        ...configOf().allowances,
        mention: { count: 1, windowMs: twoDays, reservedForAgents: 0 },
      },
      reservedForAgents: 5,
      passiveOnly: false,
      typing: false,
      sendsPerSecond: 10,
    })
    expect(of({ articleImage: 'https://a.example/card.png' }).parts).toEqual(['text', 'location', 'link'])
  })
})
