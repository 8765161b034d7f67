import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { textFields } from '../../../sandbox/index.ts'
import { message, secret, setStage, update, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.close())

const header = 'x-telegram-bot-api-secret-token'
const says = (text: string) => stage.simulator.people.send(userKey, textFields(text))

describe('the webhook', () => {
  it('is set with a secret and the updates we read', () => {
    expect(stage.simulator.webhook()).toEqual({
      url: stage.webhookUrl,
      secret,
      allowed: ['message', 'edited_message', 'callback_query', 'my_chat_member'],
    })
  })

  it('has a secret of its own when none is configured, the same after a restart', async () => {
    await stage.close()
    stage = await setStage({ section: { webhookSecret: undefined } })
    const made = stage.simulator.webhook()?.secret ?? ''
    expect(made).toMatch(/^[\w-]{32,64}$/)
    await stage.restart()
    expect(stage.simulator.webhook()?.secret).toBe(made)
  })

  it.each([
    ['none', {}],
    ['empty', { [header]: '' }],
    ['short', { [header]: secret.slice(0, 5) }],
    ['long', { [header]: `${secret}${secret}` }],
    ['doubled', { [header]: `${secret}, ${secret}` }],
    ['of another case', { [header]: secret.toUpperCase() }],
  ])('refuses a secret that is %s, and reads nothing', async (_name, headers) => {
    const answer = await stage.post('{ not even JSON', headers)
    expect(answer).toEqual({ status: 401, body: 'unauthorized' })
    expect(stage.host.accepts()).toBe(0)
  })

  it.each([
    ['nonsense', 'nonsense'],
    ['a list', '[]'],
    ['no number', '{"message":{}}'],
    ['200 000 brackets', '['.repeat(200_000)],
    ['a doubled key', '{"update_id":1,"update_id":2}'],
    ['a reserved name', '{"update_id":1,"__proto__":{"polluted":true}}'],
    ['a message without address', update('message', { message_id: 1, text: 'x' })],
  ])('refuses %s', async (_name, body) => {
    expect((await stage.post(body)).status).toBe(400)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect((await stage.post(update('message', message({ text: '在吗' }, 50)))).status).toBe(200)
  })

  it('is called again when an answer is lost, and stores once', async () => {
    stage.simulator.client.setFault('lost-answer', true)
    says('在吗')
    await stage.settle()
    expect(stage.host.accepts()).toBe(2)
    expect(stage.host.accepted).toHaveLength(1)
  })

  it('stores once what comes twice, and takes what comes out of order', async () => {
    stage.simulator.client.setFault('duplicate', true)
    says('在吗')
    await stage.settle()
    expect(stage.host.accepted).toHaveLength(1)
    stage.simulator.client.setFault('duplicate', false)
    stage.simulator.client.setFault('out-of-order', true)
    says('第一')
    says('第二')
    await stage.settle()
    const [later, earlier] = stage.host.accepted.slice(1)
    expect([later?.parts[0], earlier?.parts[0]]).toMatchObject([{ text: '第二' }, { text: '第一' }])
    expect((earlier?.providerId ?? '') < (later?.providerId ?? '')).toBe(true)
  })

  it('refuses a replay with another secret', async () => {
    stage.simulator.client.setFault('bad-signature', true)
    says('在吗')
    await stage.settle()
    expect(stage.host.accepts()).toBe(0)
    expect(stage.simulator.client.lines(userKey).at(-1)?.state).toBe('failed')
  })

  it('is asked again while the store is away', async () => {
    stage.host.failNextAccept(new Error('the database is gone'))
    says('在吗')
    await stage.settle()
    expect(stage.host.accepted).toHaveLength(1)
  })

  it('is set as soon as Telegram can be reached, saying what is wrong until then', async () => {
    await stage.close()
    const refused = { error_code: 401, description: 'Unauthorized' }
    const opened = setStage({ simulator: {}, section: {} })
    stage = await opened
    stage.simulator.faults.order('setWebhook', refused)
    await stage.restart()
    const failure = stage.host.logged.find(({ event }) => event === 'webhook not set')
    expect(failure?.facts).toContain('@BotFather')
    expect(failure?.facts).toContain('needs_operator')
  })
})
