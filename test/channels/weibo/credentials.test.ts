import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { weibo } from '../../../channels/weibo/index.ts'
import { findingsOf } from '../../support/credentials.ts'
import { account, setStage, type Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.close())

const find = (more: Record<string, unknown> = {}) => {
  const { uid, appSecret, accessToken } = account
  const bases = { apiBase: stage.apiUrl, messageApiBase: stage.apiUrl, uploadApiBase: stage.apiUrl }
  return findingsOf(weibo, { uid, appSecret, accessToken, ...bases, ...more })
}

describe('the access token of a Weibo account', () => {
  it('is taken', async () => {
    expect(await find()).toEqual([true])
  })

  it('that is wrong or of another account is named with its place, without repeating it', async () => {
    const [wrong] = await find({ accessToken: '2.00planted' })
    expect(wrong).toMatch(/^access_token 不对.*开发模式.*21332/)
    expect(wrong).not.toContain('planted')
    expect((await find({ uid: '1902538058' }))[0]).toMatch(/another account.*另一个账号.*uid/)
  })

  it.each([
    [21327, 'expired_token', '已过期'],
    [21315, 'token expired', '已过期'],
    [21316, 'token revoked', '已被撤销'],
    [21317, 'token rejected', '已被撤销'],
    [21321, 'unaudited app over user limit', '提交审核'],
    [10004, 'IP limit', '安全设置'],
    [10014, 'Insufficient app permissions!', '接口管理'],
  ])('refused with %i says what to do in the console', async (errorCode, error, words) => {
    stage.simulator.order('/oauth2/get_token_info', { errorCode, error })
    expect((await find())[0]).toContain(words)
  })
})
