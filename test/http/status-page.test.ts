import { Hono } from 'hono'
import { beforeEach, describe, expect, it } from 'vitest'
import { TongdaError } from '../../src/core/errors.ts'
import type { TicketStanding } from '../../src/core/ticket.ts'
import { createStatusLinks, mountStatusPage } from '../../src/http/index.ts'

const id = '0b0f6f6c-3c7e-4a55-9a37-6c1f0e0c2a11'
const other = '0b0f6f6c-3c7e-4a55-9a37-6c1f0e0c2a12'
const links = createStatusLinks({ key: 'key of this product', origin: 'https://help.example' })
let ticket: TicketStanding
let app: Hono
beforeEach(() => {
  ticket = {
    id,
    number: 1_001,
    state: 'open',
    title: '<b>多扣</b>',
    createdAt: new Date('2026-11-24T02:00:00Z'),
    firstReplyDueAt: new Date('2026-11-25T02:00:00Z'),
  }
  app = new Hono()
  mountStatusPage(app, {
    links,
    find: (ticketId) =>
      ticketId === id
        ? Promise.resolve(ticket)
        : Promise.reject(new TongdaError('not_found', 'there is no such ticket')),
    timeZone: 'Asia/Shanghai',
  })
})

const page = async (language = 'zh-CN'): Promise<string> =>
  (await app.request(links.url(id), { headers: { 'accept-language': language } })).text()

describe('the status page', () => {
  it('shows how the ticket stands, in the reader’s language', async () => {
    expect(await page()).toMatch(/工单 T-1001[\s\S]*处理中[\s\S]*承诺最晚回复[\s\S]*2026-11-25 10:00/)
    expect(await page('en-GB')).toMatch(/<html lang="en">[\s\S]*Ticket T-1001[\s\S]*In progress/)
  })

  it('shows nobody’s words, is not kept and not found by search engines', async () => {
    const answer = await app.request(links.url(id))
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const text = await answer.text()
    expect(text).toMatch(/<meta name="robots" content="noindex"/)
    expect(text).not.toContain('多扣')
  })

  it('promises nothing any more once it was answered or is over', async () => {
    ticket = { ...ticket, firstRepliedAt: new Date('2026-11-24T03:00:00Z') }
    expect(await page()).not.toContain('承诺最晚回复')
    ticket = { ...ticket, state: 'closed', closedAt: new Date('2026-11-26T03:00:00Z') }
    expect(await page()).toMatch(/已结束[\s\S]*结束时间[\s\S]*2026-11-26 11:00/)
    ticket = { ...ticket, mergedInto: 1_002 }
    expect(await page()).toContain('已并入工单 T-1002')
  })

  it('is there for those with its address only', async () => {
    const statusOf = async (path: string): Promise<number> => (await app.request(path)).status
    const sig = new URL(links.url(id)).searchParams.get('sig') ?? ''
    expect(await statusOf(`/status/${id}`)).toBe(404)
    expect(await statusOf(`/status/${id}?sig=${'A'.repeat(43)}`)).toBe(404)
    expect(await statusOf(`/status/${other}?sig=${sig}`)).toBe(404)
    expect(await statusOf(`/status/${id}?sig=${sig}&x=1`)).toBe(404)
    expect(await statusOf(new URL(links.url(other)).toString())).toBe(404)
    expect(await statusOf(links.url(id))).toBe(200)
  })
})
