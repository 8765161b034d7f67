import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { botframework } from '../../../channels/botframework/index.ts'
import { findingsOf } from '../../support/credentials.ts'
import { setStage, type Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.close())

const guid = '11111111-2222-4333-8444-555555555555'
const find = (more: Record<string, unknown> = {}) => {
  const { appId, appPassword, tenantId } = stage.account
  return findingsOf(botframework, { appId, appPassword, tenantId, loginUrl: stage.apiUrl, ...more })
}

describe('the credentials of a bot', () => {
  it('are taken', async () => {
    expect(await find()).toEqual([true])
  })

  it.each([
    ['appPassword', 'planted', /^appPassword 不对.*证书和密码.*AADSTS7000215/],
    ['appId', guid, /^appId 不在这个目录里.*Azure 机器人 → 配置.*AADSTS700016/],
    ['tenantId', guid, /^tenantId 不对.*目录\(租户\) ID.*AADSTS90002/],
  ])('with a wrong %s name it with its place, without repeating it', async (key, value, words) => {
    const [fix] = await find({ [key]: value })
    expect(fix).toMatch(words)
    expect(fix).not.toContain(value)
  })
})
