import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wechat } from '../../../channels/wechat/index.ts'
import { findingsOf } from '../../support/credentials.ts'
import { startPlatform, type Platform } from '../../support/platform.ts'

let platform: Platform
beforeEach(async () => {
  platform = await startPlatform()
})
afterEach(() => platform.close())

describe('the credentials of an official account', () => {
  it('are taken, also where there is no secret to try', async () => {
    expect(await findingsOf(wechat, platform.section)).toEqual([true])
    expect(await findingsOf(wechat, { ...platform.section, appSecret: undefined })).toEqual([true])
  })

  it('that are wrong are told apart, without repeating them', async () => {
    const section = { ...platform.section, appSecret: 'plantedSecret' }
    const [secret] = await findingsOf(wechat, section)
    expect(secret).toMatch(/^AppSecret 不对.*开发者平台 → 基础信息.*AppSecret is wrong/)
    expect(secret).not.toContain('planted')
    const [appId] = await findingsOf(wechat, { ...platform.section, appId: 'wx9999999999999999' })
    expect(appId).toMatch(/^AppID 不对.*AppID is wrong/)
  })

  it.each([
    [40243, '', '解冻', 'unfreeze'],
    [40164, 'invalid ip 203.0.113.9 not in whitelist', 'API IP白名单', 'add 203.0.113.9'],
    [61004, 'access clientip is not registered requestIP: 203.0.113.9', 'API IP白名单', '203.0.113.9'],
    [89503, '', '管理员', 'administrator must confirm'],
    [89506, '', '管理员', 'administrator refused'],
  ])('refused with %i say what to do in the console', async (errcode, errmsg, chinese, english) => {
    platform.simulator.fault({ api: 'stable_token', errcode, errmsg })
    const [fix] = await findingsOf(wechat, platform.section)
    expect(fix).toContain(chinese)
    expect(fix).toContain(english)
  })
})
