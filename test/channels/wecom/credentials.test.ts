import { describe, expect, it } from 'vitest'
import { wecom } from '../../../channels/wecom/index.ts'
import { findingsOf } from '../../support/credentials.ts'
import { account, closeStages, paths, sectionOf, setStage } from './stage.ts'

closeStages()
const accounts = '/cgi-bin/kf/account/list'

describe('the credentials of a WeCom app', () => {
  it('are taken with the accounts they open', async () => {
    const { apiBase } = await setStage()
    expect(await findingsOf(wecom, sectionOf(apiBase))).toEqual([true, true])
  })

  it('that are wrong are told apart, without repeating them', async () => {
    const { apiBase } = await setStage()
    const [secret] = await findingsOf(wecom, sectionOf(apiBase, { secret: 'plantedSecret' }))
    expect(secret).toMatch(/^Secret 不对.*应用管理.*Secret is wrong/)
    expect(secret).not.toContain('planted')
    const [corpId] = await findingsOf(wecom, sectionOf(apiBase, { corpId: 'ww9999999999999999' }))
    expect(corpId).toMatch(/^企业ID 不对.*我的企业.*corpId is wrong/)
  })

  it('name the accounts that the app may not serve', async () => {
    const { apiBase } = await setStage()
    const openKfIds = [account.openKfId, 'wkOther']
    const [app, served] = await findingsOf(wecom, sectionOf(apiBase, { openKfIds }))
    expect(app).toBe(true)
    expect(served).toMatch(new RegExp(`wkOther.*通过API管理微信客服账号.*${account.openKfId}`))
  })

  it.each([
    [paths.token, 60020, '企业可信IP', 'add 203.0.113.9'],
    [paths.token, 40091, 'Secret 不对', 'Secret is wrong'],
    [accounts, 48002, '可调用接口的应用', 'no right'],
    [accounts, 95012, '启用', '微信客服'],
  ])('refused by %s with %i say what to do in the console', async (path, errcode, chinese, english) => {
    const { apiBase, simulator } = await setStage()
    simulator.refuse(path, errcode)
    const [fix, ...others] = await findingsOf(wecom, sectionOf(apiBase))
    expect(fix).toContain(chinese)
    expect(fix).toContain(english)
    expect(others).toEqual([])
  })
})
