import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../src/app/free-port.ts'
import { mailOf, sample } from '../channels/email/account.ts'
import { handOver } from '../channels/email/hand-over.ts'
import { startSmtpPeer, type SmtpPeer } from '../channels/email/peer.ts'
import type { TestAgent } from '../support/agent.ts'
import { startProduct, type Product } from '../support/product.ts'

let peer: SmtpPeer
let product: Product
let port: number
let salesPort: number
beforeAll(async () => {
  peer = await startSmtpPeer()
  port = await freePort()
  salesPort = await freePort()
  product = await startProduct({
    inboxes: {
      mail: {
        channel: 'email',
        address: 'support@shop.example',
        smtp: { host: '127.0.0.1', port: peer.port, tls: 'none' },
        receiver: { port },
        authservId: 'mx1.shop.example',
        sendsPerSecond: 1_000,
      },
      sales: {
        channel: 'email',
        address: 'sales@shop.example',
        smtp: { host: '127.0.0.1', port: peer.port, tls: 'none' },
        receiver: { port: salesPort },
        authservId: 'mx1.shop.example',
        sendsPerSecond: 1_000,
      },
    },
  })
})
afterAll(async () => {
  await product.dispose()
  await peer.close()
})

const gets = async (raw: string | Buffer): Promise<void> => {
  expect(await handOver({ port, raw })).toMatchObject({ code: 250 })
}
const titles = async (agent: TestAgent): Promise<string> =>
  (await agent.get('/tickets?view=all&limit=200')).text()
const mail = (subject: string, more: Parameters<typeof mailOf>[1] = {}): string =>
  mailOf(`${subject}正文`, { id: `${Buffer.from(subject).toString('hex')}@qq.example`, subject, ...more })

describe('mail that no machine may answer', () => {
  it('of people opens a ticket, and nobody is answered', async () => {
    const agent = await product.agent()
    await gets(mail('经群组转来', { headers: ['List-Id: <support.groups.example>'] }))
    await gets(
      mail('不要自动答复', { headers: ['X-Auto-Response-Suppress: All'], from: 'zhao@corp.example' }),
    )
    await gets(sample('26-calendar-invite.eml'))
    for (const words of [/经群组转来/, /不要自动答复/, /邀请您参加会议/]) {
      const ticket = await agent.finds(words)
      expect(ticket).toMatchObject({
        state: 'new',
        conversationMode: 'human',
        reason: expect.stringContaining('未自动回复'),
      })
    }
    expect(peer.taken).toEqual([])
    // What follows in the conversation is a person's, too.
    const ticket = await agent.finds(/不要自动答复/)
    await agent.takes(ticket.id)
    await agent.replies(ticket.id, '收到')
    await expect.poll(() => peer.taken.length).toBe(1)
  })

  it('of machines opens none, and stands in the list of what was not answered', async () => {
    const agent = await product.agent()
    const before = peer.taken.length
    await gets(
      mail('群发一', { headers: ['List-Unsubscribe: <https://x.example>'], from: 'shop@bulk.example' }),
    )
    await gets(mail('外出自动', { headers: ['Auto-Submitted: auto-replied'], from: 'away@corp.example' }))
    await gets(mail('不回信箱', { from: 'noreply@bank.example' }))
    await gets(
      mail('讨论组', {
        headers: ['List-Id: <dev.lists.example>'],
        to: 'dev@lists.example',
        from: 'dev@a.example',
      }),
    )
    await gets(mail('真人来信', { from: 'ren@qq.example' }))
    await expect.poll(() => peer.taken.length).toBe(before + 1)
    const all = await titles(agent)
    for (const words of ['群发一', '外出自动', '不回信箱', '讨论组']) expect(all).not.toContain(words)
    const quiet = await (await agent.get('/inboxes/mail/quiet')).text()
    for (const words of ['群发一', '外出自动', '不回信箱', '讨论组']) expect(quiet).toContain(words)
    for (const words of ['真人来信', '经群组转来']) expect(quiet).not.toContain(words)
  })

  it('of a conversation that a person leads is shown there', async () => {
    const agent = await product.agent()
    await gets(mail('转人工', { from: 'li@qq.example' }))
    const ticket = await agent.finds(/转人工正文/)
    await agent.takes(ticket.id)
    await agent.solves(ticket.id)
    const answer = `In-Reply-To: <${Buffer.from('转人工').toString('hex')}@qq.example>`
    await gets(mail('还有补充', { from: 'li@qq.example', headers: [answer, 'Precedence: bulk'] }))
    const shown = async () => JSON.stringify(await agent.opens(ticket.id))
    await expect.poll(shown).toContain('还有补充正文')
  })
})

describe('the limits of automatic answers', () => {
  it('hold over a restart', async () => {
    const before = peer.taken.length
    const asks = (n: number) =>
      gets(mailOf('投稿一直在审核中要等多久', { id: `limit${n}@qq.example`, from: 'loop@qq.example' }))
    for (const n of [1, 2, 3, 4]) await asks(n)
    await expect.poll(() => peer.taken.length).toBe(before + 4)
    await product.restart()
    await asks(5)
    await gets(mailOf('投稿一直在审核中要等多久', { id: 'other1@qq.example', from: 'other@qq.example' }))
    await expect.poll(() => peer.taken.at(-1)?.to).toEqual(['other@qq.example'])
    expect(peer.taken.filter(({ to }) => to.includes('loop@qq.example'))).toHaveLength(4)
  })
})

describe('a proven address', () => {
  it('makes one contact of a person on two inboxes, and an unproven one does not', async () => {
    const agent = await product.agent()
    const proof = 'Authentication-Results: mx1.shop.example; dmarc=pass header.from=qq.example'
    const writesToBoth = async (from: string, headers: readonly string[]) => {
      await gets(mailOf('转人工', { id: `a.${from}`, from, headers }))
      const raw = mailOf('转人工', { id: `b.${from}`, from, headers, to: 'sales@shop.example' })
      expect(await handOver({ port: salesPort, raw, to: 'sales@shop.example' })).toMatchObject({ code: 250 })
    }
    await writesToBoth('proven@qq.example', [proof])
    await writesToBoth('claimed@qq.example', [])
    const contacts = async (address: string): Promise<number> => {
      const found = await (await agent.get(`/contacts?search=${address}&limit=5`)).text()
      return found.match(/"displayName"/g)?.length ?? 0
    }
    await expect.poll(() => contacts('proven@qq.example')).toBe(1)
    await expect.poll(() => contacts('claimed@qq.example')).toBe(2)
    expect(await (await agent.get('/contacts?search=proven@qq.example&limit=5')).text()).toMatch(
      /"inboxes":\["mail","sales"\]/,
    )
  })
})
