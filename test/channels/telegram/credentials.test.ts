import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { telegram } from '../../../channels/telegram/index.ts'
import { createIdleHost } from '../../../src/app/idle-channel.ts'
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
    const setTo = (url: string) =>
      fetch(`${stage.apiRoot}/bot${stage.account.token}/setWebhook`, {
        method: 'POST',
        body: JSON.stringify({ url }),
        headers: { 'content-type': 'application/json' },
      })
    await setTo('https://other.example/hook')
    const [token, elsewhere] = await find(webhook)
    expect([token, elsewhere]).toEqual([true, expect.stringContaining('启动产品')])
    await setTo(`${webhook.publicUrl}/channels/main/webhook`)
    expect(await find(webhook)).toEqual([true, true])
  })

  it('passes before the first start, which sets the webhook', async () => {
    await fetch(`${stage.apiRoot}/bot${stage.account.token}/deleteWebhook`, { method: 'POST' })
    const section = { token: stage.account.token, apiRoot: stage.apiRoot, publicUrl: 'http://127.0.0.1:9' }
    const checks = await telegram.checkCredentials(telegram.config.parse(section), createIdleHost('main'))
    expect(checks).toMatchObject([{ passed: true }, { passed: true, remark: '启动时设置 set at start' }])
  })
})
