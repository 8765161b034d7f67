import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.dispose())

const Ticket = z.looseObject({ contactId: z.string(), title: z.string(), state: z.string() })

describe('what is older than it is kept', () => {
  it('is told to those who watch', async () => {
    const metrics = async () => (await fetch(new URL('/metrics', product.app.url))).text()
    expect(await metrics()).toContain('tongda_retention_removed_total{kind="messages"} 0')
    await expect.poll(metrics).toMatch(/^tongda_retention_last_run_timestamp_seconds \d/m)
  })
})

describe('a contact who asks for their data, and then to be forgotten', () => {
  it('gets a copy, is erased, and is somebody new when writing again', async () => {
    const [contact, agent] = [product.contact(), await product.agent()]
    await contact.says('转人工，我叫李小白，订单 B20261127')
    await contact.hears(/T-\d+/)
    const { id } = await agent.finds(/李小白|人工/)
    const { contactId } = Ticket.parse(await agent.reads(`/tickets/${id}`))
    const path = `/contacts/${contactId}`

    const asked = await agent.calls('POST', `${path}/export`, { reason: '本人来信要求复制' })
    const copy = `${path}/exports/${String(asked.id)}`
    await expect.poll(() => agent.reads(copy)).toMatchObject({ state: 'ready' })
    const archive = await agent.get(`/../v1${copy}/archive`)
    expect(archive.headers.get('content-type')).toBe('application/zip')
    const files = unzipSync(new Uint8Array(await archive.arrayBuffer()))
    expect(new TextDecoder().decode(files['data/messages.json'])).toContain('李小白')
    expect(new TextDecoder().decode(files['index.md'])).toContain('您的个人信息副本')

    await agent.calls('POST', `${path}/erasure`, { reason: '本人来信要求删除' })
    await agent.calls('POST', `${path}/erasure/confirm`, {})
    await expect.poll(() => agent.reads(`${path}/erasure`)).toMatchObject({ state: 'done' })
    expect(Ticket.parse(await agent.reads(`/tickets/${id}`))).toMatchObject({
      state: 'closed',
      title: '已删除 Erased',
    })
    expect(await agent.reads(`/tickets/${id}/timeline`)).toMatchObject({ data: expect.any(Array) as unknown })
    const gone = await agent.get(`/../v1${copy}/archive`)
    expect(gone.status).toBe(409)
    const shown = await agent.get(`/tickets/${id}`)
    expect([shown.status, await shown.text()]).toEqual([200, expect.not.stringContaining('李小白')])

    await contact.says('转人工，又是我')
    await contact.hears(/T-\d+/)
    const next = await agent.finds(/又是我/)
    expect(Ticket.parse(await agent.reads(`/tickets/${next.id}`)).contactId).not.toBe(contactId)
  })
})
