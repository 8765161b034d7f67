import { describe, expect, it } from 'vitest'
import { wecom } from '../../../channels/wecom/index.ts'
import { capabilitiesOf } from '../../../channels/wecom/manifest.ts'
import { configOf, sectionOf } from './stage.ts'

const faultsOf = (more: Record<string, unknown>) => {
  const parsed = wecom.config.safeParse(sectionOf('https://qyapi.weixin.qq.com', more))
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => [path.join('.'), message])
}

describe('the configuration', () => {
  it('needs credentials and accounts, and has a default for the rest', () => {
    const { corpId, secret, token, encodingAesKey, openKfIds } = configOf()
    expect(wecom.config.parse({ corpId, secret, token, encodingAesKey, openKfIds })).toMatchObject({
      apiBase: 'https://qyapi.weixin.qq.com',
      pollIntervalMs: 60_000,
      handoff: 'desk',
      messageAllowance: { count: 5, windowMs: 172_800_000 },
    })
  })

  it.each([
    ['corpId', 'company', /企业ID/],
    ['secret', '', /应用管理/],
    ['token', 'with space', /接收消息/],
    ['encodingAesKey', 'short', /EncodingAESKey/],
    ['openKfIds', [], /客服账号/],
    ['openKfIds', ['gh_1'], /wk…/],
    ['apiBase', 'http://qyapi.weixin.qq.com', /https/],
    ['apiBase', 'https://u:p@qyapi.weixin.qq.com', /https/],
    ['pageSize', 1_001, /1000/],
  ])('says what is wrong with %s %j and where to find it', (key, value, words) => {
    const [[path, message] = []] = faultsOf({ [key]: value })
    expect(path).toMatch(new RegExp(`^${key}`))
    expect(message).toMatch(words)
  })

  it('wants the agent named who gets the contacts, and knows no other keys', () => {
    expect(faultsOf({ handoff: 'agent' })).toMatchObject([
      ['handoffAgent', expect.stringContaining('接待人员')],
    ])
    expect(faultsOf({ appId: 'x' })).toHaveLength(1)
  })

  it('shapes what is rendered', () => {
    expect(capabilitiesOf(configOf()).parts).not.toContain('link')
    expect(capabilitiesOf(configOf({ linkThumbnail: 'a.png' })).parts).toContain('link')
    expect(capabilitiesOf(configOf({ menus: false, textLinks: false }))).toMatchObject({
      choices: { style: 'numbered' },
      text: { markup: 'plain' },
    })
  })
})
