import { afterEach, describe, expect, it } from 'vitest'
import { textFields } from '../../../sandbox/index.ts'
import { setStage, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

const stages: Stage[] = []
afterEach(async () => {
  await Promise.all(stages.splice(0).map((stage) => stage.close()))
})
const open = async (section: Record<string, unknown> = {}, timing = {}): Promise<Stage> => {
  const stage = await setStage({ section, simulator: { timing } })
  stages.push(stage)
  return stage
}
const polling = () => open({ receive: 'polling', publicUrl: undefined })
const last = ({ host }: Stage) => host.reported.at(-1)

describe('the connection of a bot that polls', () => {
  it.each([
    [401, 'Unauthorized', /the token is refused \(401\).*@BotFather/],
    [409, 'Conflict: terminated by other getUpdates request', /somebody else receives .*stop the other/],
  ])('fails at once for %i, which only a person can mend', async (error_code, description, reason) => {
    const stage = await polling()
    stage.simulator.faults.order('getUpdates', { error_code, description })
    await expect
      .poll(() => last(stage))
      .toMatchObject({ state: 'failing', reason: expect.stringMatching(reason) })
    const health = last(stage)
    const now = stage.host.clock.now()
    expect(health?.state === 'failing' && health.nextTryAt && health.nextTryAt > now).toBe(true)
    expect(JSON.stringify(stage.host.reported)).not.toContain(stage.account.token)
  })

  it.each(['api-500', 'lost-connection'])('fails while there is a disturbance: %s', async (fault) => {
    const stage = await polling()
    await expect.poll(() => last(stage)).toEqual({ state: 'running' })
    stage.simulator.client.setFault(fault, true)
    await expect.poll(() => last(stage)).toMatchObject({ state: 'failing', nextTryAt: expect.any(Date) })
    stage.simulator.client.setFault(fault, false)
    await expect.poll(() => last(stage)).toEqual({ state: 'running' })
  })

  it('stands through a single bad answer', async () => {
    const stage = await polling()
    stage.simulator.faults.order('getUpdates', { error_code: 502, description: 'Bad Gateway' })
    stage.simulator.people.send(userKey, textFields('在吗'))
    await expect.poll(() => stage.host.accepted).toHaveLength(1)
    expect(stage.host.reported.map(({ state }) => state)).not.toContain('failing')
  })
})

describe('the connection of a bot with a webhook', () => {
  const callApi = async ({ apiRoot, account }: Stage, method: string, body: unknown): Promise<void> => {
    await fetch(`${apiRoot}/bot${account.token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  it('fails until the webhook is set', async () => {
    const stage = await open()
    stage.simulator.faults.order('setWebhook', { error_code: 401, description: 'Unauthorized' })
    await stage.restart()
    expect(stage.host.reported.slice(-2)).toMatchObject([
      { state: 'failing', reason: expect.stringContaining('@BotFather'), nextTryAt: expect.any(Date) },
      { state: 'running' },
    ])
  })

  it('fails while Telegram cannot bring updates, in Telegram’s own words', async () => {
    const stage = await open({ webhookCheckSeconds: 0.05 })
    await expect.poll(() => stage.host.reported.length).toBeGreaterThan(1)
    expect(last(stage)).toEqual({ state: 'running' })
    stage.simulator.people.push('message', { message_id: 1, text: 'no chat' })
    await expect
      .poll(() => last(stage))
      .toMatchObject({
        state: 'failing',
        reason: expect.stringMatching(
          /^telegram: Telegram 推送不过来：Wrong response from the webhook: 400.*publicUrl.* \/ check/,
        ),
        nextTryAt: expect.any(Date),
      })
  })

  it('stays failing between Telegram’s tries, until what waits is brought', async () => {
    const stage = await open({ webhookCheckSeconds: 0.05 }, { retryDelayMs: 600_000 })
    stage.simulator.people.push('message', { message_id: 1, text: 'no chat' })
    await expect.poll(() => last(stage)).toMatchObject({ state: 'failing' })
    stage.host.clock.advance(60_000)
    const seen = stage.host.reported.length
    await expect.poll(() => stage.host.reported.length).toBeGreaterThan(seen + 3)
    const since = stage.host.reported.slice(seen).map(({ state }) => state)
    expect(since).toEqual(since.map(() => 'failing'))
    stage.simulator.reset()
    await expect.poll(() => last(stage)).toEqual({ state: 'running' })
  })

  it('fails when another program took the webhook, and takes it back', async () => {
    const stage = await open({ webhookCheckSeconds: 0.05 })
    await callApi(stage, 'setWebhook', { url: 'https://other.example/hook' })
    await expect
      .poll(() => stage.host.reported)
      .toContainEqual(
        expect.objectContaining({
          state: 'failing',
          reason: expect.stringMatching(/另一个程序改了.*another program/),
        }),
      )
    await expect.poll(() => stage.simulator.webhook()?.url).toBe(stage.webhookUrl)
    await expect.poll(() => last(stage)).toEqual({ state: 'running' })
  })
})
