import { afterEach, describe, expect, it } from 'vitest'
import { telegram } from '../../../channels/telegram/index.ts'
import { textFields } from '../../../sandbox/index.ts'
import { setStage, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

const stages: Stage[] = []
afterEach(async () => {
  await Promise.all(stages.splice(0).map((stage) => stage.close()))
})
const open = async (): Promise<Stage> => {
  const stage = await setStage({ section: { receive: 'polling', publicUrl: undefined } })
  stages.push(stage)
  return stage
}
const says = ({ simulator }: Stage, text: string) => simulator.people.send(userKey, textFields(text))
const calls = ({ simulator }: Stage, title: string) =>
  simulator.exchanges().filter((exchange) => exchange.title === title)

describe('polling', () => {
  it('removes the webhook first, takes what waits, and has no address', async () => {
    const stage = await open()
    says(stage, '在吗')
    await expect.poll(() => stage.host.accepted).toHaveLength(1)
    expect(stage.channel.routes).toEqual([])
    expect(stage.simulator.exchanges().at(-1)?.title).toBe('deleteWebhook')
    await stage.settle()
  })

  it('takes each update once, over a restart too', async () => {
    const stage = await open()
    says(stage, '一')
    await expect.poll(() => stage.host.accepted).toHaveLength(1)
    await stage.restart()
    says(stage, '二')
    await expect.poll(() => stage.host.accepted).toHaveLength(2)
  })

  it('fetches again what could not be stored', async () => {
    const stage = await open()
    stage.host.failNextAccept(new Error('the database is gone'))
    says(stage, '一')
    says(stage, '二')
    await expect.poll(() => stage.host.accepted.length).toBe(2)
    expect(stage.host.accepted.map(({ parts }) => parts[0])).toMatchObject([{ text: '一' }, { text: '二' }])
  })

  it('goes on behind an update that nobody can read', async () => {
    const stage = await open()
    stage.simulator.people.push('message', { message_id: 1, text: 'no chat' })
    says(stage, '在吗')
    await expect.poll(() => stage.host.accepted).toHaveLength(1)
    expect(stage.host.logged.map(({ event }) => event)).toContain('update refused')
  })

  it('is done by one node at a time', async () => {
    const stage = await open()
    const section = {
      token: stage.account.token,
      apiRoot: stage.apiRoot,
      receive: 'polling',
      pollSeconds: 1,
    }
    const second = telegram.create(telegram.config.parse(section), stage.host)
    await second.start()
    for (const text of ['一', '二', '三']) says(stage, text)
    await expect.poll(() => stage.host.accepted).toHaveLength(3)
    await expect.poll(() => calls(stage, 'getUpdates').length).toBeGreaterThan(2)
    await second.stop()
    expect(calls(stage, 'getUpdates').filter(({ status }) => status === '409')).toEqual([])
  })

  it('waits as long as Telegram asks, and tells the operator of a wrong token', async () => {
    const stage = await open()
    const slow = { error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 1 } }
    stage.simulator.faults.order('getUpdates', slow)
    says(stage, '在吗')
    await expect.poll(() => stage.host.accepted).toHaveLength(1)
    stage.simulator.client.setFault('token-expired', true)
    const refusals = () => stage.host.logged.filter(({ event }) => event === 'updates not fetched')
    await expect.poll(() => refusals().at(-1)?.facts).toContain('@BotFather')
  })

  it('stops at once, in the middle of a poll', async () => {
    const stage = await setStage({ section: { receive: 'polling', publicUrl: undefined, pollSeconds: 50 } })
    await expect.poll(() => calls(stage, 'deleteWebhook')).toHaveLength(1)
    await stage.close()
  })
})
