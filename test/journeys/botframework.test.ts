import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBotAccount, createBotSimulator } from '../../sandbox/index.ts'
import type { BotSimulator } from '../../sandbox/index.ts'
import { systemClock } from '../../src/core/clock.ts'
import { drawPicture, lookAt } from '../support/pictures.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'

const userKey = '29:contact-0001'
let product: Product
let simulator: BotSimulator
let stopApi: () => void
let apiUrl = ''

beforeAll(async () => {
  const account = createBotAccount()
  simulator = createBotSimulator({
    account,
    clock: systemClock,
    apiUrl: () => apiUrl,
    messagesUrl: () => `${product.app.url}/channels/teams/messages`,
    channelId: 'msteams',
    users: [{ key: userKey, name: '小白' }],
    timing: { retryDelayMs: 50 },
  })
  const listener = getRequestListener((request, env) => simulator.api.fetch(request, env))
  const server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  apiUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? String(address.port) : ''}`
  stopApi = () => {
    server.closeAllConnections()
    server.close()
  }
  const { appId, appPassword, tenantId } = account
  product = await startProduct({
    inboxes: {
      teams: {
        channel: 'botframework',
        appId,
        appPassword,
        tenantId,
        serviceHosts: ['127.0.0.1'],
        openIdMetadataUrl: `${apiUrl}/v1/.well-known/openidconfiguration`,
        loginUrl: apiUrl,
        sendsPerSecond: 1_000,
      },
    },
  })
})
afterAll(async () => {
  await simulator.close()
  await product.dispose()
  stopApi()
})

let seen = 0
const heard = () => simulator.client.lines(userKey).filter(({ from }) => from === 'account')
/** Waits for an answer below what was heard before. */
const hears = async (expected: RegExp) => {
  const place = () => heard().findIndex(({ text = '' }, at) => at >= seen && expected.test(text))
  await expect.poll(place, { message: `waiting for ${String(expected)}` }).toBeGreaterThanOrEqual(0)
  seen = place() + 1
  const line = heard()[seen - 1]
  if (line === undefined) throw new Error('nothing was heard')
  return line
}
const says = (text: string): void => simulator.client.act(userKey, { kind: 'text', text })

describe('a contact in Teams', () => {
  it('is greeted, presses a button, asks for a person, and is helped after a restart', async () => {
    simulator.client.act(userKey, { kind: 'follow' })
    const greeting = await hears(/小通/)
    expect(greeting.choices?.length).toBeGreaterThan(0)
    simulator.client.act(userKey, { kind: 'choice', lineId: greeting.id, choiceId: '0' })
    await hears(/./)
    says('投稿一直在审核中要等多久')
    await hears(/审核/)
    says('转人工')
    await hears(/T-\d+/)

    await product.restart()
    const agent = await product.agent()
    const ticket = await agent.finds(/审核/)
    await agent.takes(ticket.id)
    await agent.replies(ticket.id, '您的稿件今晚会审完')
    await hears(/今晚会审完/)

    await agent.sends(ticket.id, [{ mediaId: await agent.uploads(await drawPicture('png')) }])
    const pictureOf = () => heard().flatMap(({ picturePath }) => picturePath ?? [])
    const look = async () => {
      const path = pictureOf().at(-1) ?? '/media/none'
      const answer = await fetch(`${apiUrl}${path}`)
      return answer.ok ? (await lookAt(new Uint8Array(await answer.arrayBuffer()))).width : undefined
    }
    await expect.poll(look).toBe(8)
    await agent.sends(ticket.id, [
      { mediaId: await agent.uploads(Buffer.from('%PDF-1.4')), name: '对账单.pdf' },
    ])
    await hears(/^对账单\.pdf$/)

    simulator.client.setFault('bad-signature', true)
    says('我是别人')
    await expect.poll(() => simulator.client.lines(userKey).at(-1)?.state).toBe('failed')
    simulator.client.setFault('bad-signature', false)
    expect(JSON.stringify(await agent.opens(ticket.id))).not.toContain('我是别人')
  })
})
