import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startProduct, type Product } from '../support/product.ts'

const Times = z.looseObject({
  firstReplyDueAt: z.coerce.date(),
  nextReplyDueAt: z.coerce.date().optional(),
  pausedAt: z.coerce.date().optional(),
  dueAt: z.coerce.date().optional(),
})
const Alerts = z.object({
  data: z.array(z.looseObject({ ticketId: z.string(), kind: z.string(), promise: z.string() })),
})
const Timeline = z.object({ data: z.array(z.looseObject({ change: z.string() })) })

const hourMs = 3_600_000

describe('what is promised', () => {
  let product: Product
  let group: Server
  const heard: string[] = []
  beforeAll(async () => {
    group = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => heard.push(text))
      request.on('end', () => response.end('{"errcode":0}'))
    })
    await new Promise<void>((resolve) => group.listen(0, '127.0.0.1', resolve))
    const { port } = group.address() as AddressInfo
    product = await startProduct({
      webhooks: { loopbackHttp: true },
      promises: {
        otherwise: { firstReplyHours: 1, nextReplyHours: 1, resolutionHours: 10 },
        chain: [{ afterMinutes: 0, tell: ['assignee'], robots: ['ops'] }],
        robots: { ops: { kind: 'wecom', url: `http://127.0.0.1:${String(port)}/send?key=k` } },
      },
    })
  })
  afterAll(async () => {
    await product.dispose()
    await new Promise((resolve) => group.close(resolve))
  })

  it('is kept in sight: people and their robot hear when time runs out, and nobody once it is answered', async () => {
    const [contact, agent] = [product.contact(), await product.agent()]
    await contact.says('转人工')
    const number = /T-(\d+)/.exec(await contact.hears(/60 分钟以内/))?.[1]
    const { id } = await agent.finds(/人工/)
    await agent.takes(id)
    const times = async () => Times.parse(await agent.reads(`/tickets/${id}`))
    const alerts = async () =>
      Alerts.parse(await agent.reads('/alerts?unseen=true')).data.map(({ kind, promise }) => [kind, promise])
    expect(await alerts()).toEqual([])

    product.clock.advance(0.8 * hourMs)
    await expect.poll(alerts).toEqual([['danger', 'first-reply']])
    product.clock.advance(0.3 * hourMs)
    await expect.poll(alerts).toEqual([
      ['broken', 'first-reply'],
      ['danger', 'first-reply'],
    ])
    await expect.poll(() => heard.join('')).toContain(`工单 T-${String(number)} 首次回复已超时`)
    expect(heard).toHaveLength(1)

    await agent.replies(id, '已经在办了')
    await expect.poll(async () => (await times()).pausedAt).toBeDefined()
    await contact.says('还有一件事')
    await expect.poll(async () => (await times()).nextReplyDueAt).toBeDefined()
    const { nextReplyDueAt, pausedAt, dueAt } = await times()
    expect(pausedAt).toBeUndefined()
    expect(dueAt).toEqual(nextReplyDueAt)
    expect(Math.abs((nextReplyDueAt?.getTime() ?? 0) - product.clock.now().getTime() - hourMs)).toBeLessThan(
      60_000,
    )

    await agent.solves(id)
    await expect.poll(async () => (await times()).dueAt).toBeUndefined()
    product.clock.advance(3 * hourMs)
    await contact.says('你好')
    await contact.hears(/./)
    expect(await alerts()).toHaveLength(2)
    const { data } = Timeline.parse(await agent.reads(`/tickets/${id}/timeline`))
    expect(data.map(({ change }) => change).filter((change) => change.startsWith('promise'))).toEqual([
      'promise-in-danger',
      'promise-broken',
    ])
  })
})
