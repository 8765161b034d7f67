import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMovableClock } from '../../src/core/clock.ts'
import { startMailWorld, type MailWorld } from '../support/mail-world.ts'
import { startProduct, type Product } from '../support/product.ts'

const password = 'correct horse 白马'

describe('a colleague who is invited', () => {
  let world: MailWorld
  let product: Product
  beforeAll(async () => {
    world = await startMailWorld(createMovableClock())
    product = await startProduct({
      furtherInboxes: { mail: { channel: 'email', ...world.section } },
      signIn: { mailInbox: 'mail' },
    })
  })
  afterAll(async () => {
    await product.dispose()
    await world.simulator.close()
  })

  const accept = (token: string) =>
    fetch(`${product.app.url}/api/desk/session/invitation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: product.app.url },
      body: JSON.stringify({ token, name: '陈晨', password }),
    })

  it('gets a mail, and comes in by its link', async () => {
    const admin = await product.agent()
    const mailbox = world.contact('chen.chen')
    const sent = await admin.calls('POST', '/invitations', { email: mailbox.address, role: 'senior' })
    expect(sent).toMatchObject({ email: mailbox.address, mailed: true })
    expect(sent).not.toHaveProperty('link')

    const { text = '' } = await mailbox.hears('你受邀成为客服同事')
    const link = new RegExp(`${product.app.url}/desk/sign-in#invitation=([\\w-]{43})`).exec(text)
    expect((await accept(link?.[1] ?? '')).status).toBe(200)
    const { data } = await admin.calls('GET', '/agents')
    expect(data).toContainEqual(
      expect.objectContaining({ email: mailbox.address, name: '陈晨', role: 'senior', hasPassword: true }),
    )
  })

  it('gets a newer mail when the first is lost, and the first is worth nothing', async () => {
    const admin = await product.agent()
    const mailbox = world.contact('lin.lin')
    const { id } = await admin.calls('POST', '/invitations', { email: mailbox.address })
    const first = await mailbox.hears('你受邀成为客服同事')
    await admin.calls('POST', `/invitations/${String(id)}/resend`, {})
    const second = await mailbox.hears('你受邀成为客服同事')
    const tokenOf = (text = ''): string => /#invitation=([\w-]{43})/.exec(text)?.[1] ?? ''
    expect((await accept(tokenOf(first.text))).status).toBe(401)
    expect((await accept(tokenOf(second.text))).status).toBe(200)
  })
})
