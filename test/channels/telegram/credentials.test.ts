import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { telegram } from '../../../channels/telegram/index.ts'
import { findingsOf } from '../../support/credentials.ts'
import { setStage, type Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.close())

const find = (more: Record<string, unknown> = {}) =>
  findingsOf(telegram, {
    token: stage.account.token,
    apiRoot: stage.apiRoot,
    receive: 'polling',
    ...more,
  })

describe('the token of a bot', () => {
  it('is taken', async () => {
    expect(await find()).toEqual([true])
  })

  it('that is wrong is named with its place, without repeating it', async () => {
    const [fix] = await find({ token: `${'1'.repeat(10)}:${'planted'.repeat(5)}` })
    expect(fix).toMatch(/^token 不对.*@BotFather.*\(401\)/)
    expect(fix).not.toContain('planted')
  })

  it('is looked at with its webhook, which must lead here', async () => {
    const webhook = { receive: 'webhook', publicUrl: 'http://127.0.0.1:9' }
    const [token, elsewhere] = await find(webhook)
    expect([token, elsewhere]).toEqual([true, expect.stringContaining('启动产品')])
    const url = `${webhook.publicUrl}/channels/main/webhook`
    await fetch(`${stage.apiRoot}/bot${stage.account.token}/setWebhook`, {
      method: 'POST',
      body: JSON.stringify({ url }),
      headers: { 'content-type': 'application/json' },
    })
    expect(await find(webhook)).toEqual([true, true])
  })
})
