import { ImapFlow } from 'imapflow'
import { afterEach, expect, it } from 'vitest'
import type { Channel } from '../../../src/core/channel.ts'
import { email } from '../../../channels/email/index.ts'
import { createContractHost } from '../../contract/channel.ts'
import { createDovecot } from '../../support/dovecot.ts'
import type { Dovecot } from '../../support/dovecot.ts'
import { startProduct } from '../../support/product.ts'
import { describeWith } from '../../support/services.ts'
import { configOf, mailOf, sectionOf } from './account.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const startServer = async (): Promise<Dovecot> => {
  const server = await createDovecot()
  closers.push(() => server.dispose())
  await server.start()
  return server
}

const imapOf = ({ port }: Dovecot, more: Record<string, unknown> = {}) => ({
  host: '127.0.0.1',
  port,
  tls: 'none',
  user: 'support',
  password: 'secret',
  pollMs: 1_000,
  ...more,
})

const reading = async (imap: Record<string, unknown>) => {
  const host = createContractHost()
  const channel: Channel = email.create(configOf({ receiver: undefined, imap }), host)
  closers.push(() => channel.stop())
  await channel.start()
  return host
}

const arrives = async ({ port }: Dovecot, raw: string): Promise<void> => {
  const auth = { user: 'support', pass: 'secret' }
  const provider = new ImapFlow({ host: '127.0.0.1', port, secure: false, auth, logger: false })
  await provider.connect()
  await provider.append('INBOX', raw)
  await provider.logout()
}

describeWith('dovecot', 'the health of a mailbox', () => {
  it('is failing, with reason and next try, while the server is down, and running when it is back', async () => {
    const server = await startServer()
    const host = await reading(imapOf(server))
    await expect.poll(() => host.reported.at(-1)).toEqual({ state: 'running' })
    await server.stop()
    await expect
      .poll(() => host.reported.at(-1))
      .toMatchObject({ state: 'failing', reason: expect.stringContaining('imap.host') })
    const last = host.reported.at(-1)
    expect(last?.state === 'failing' && last.nextTryAt instanceof Date).toBe(true)
    await server.start()
    await expect.poll(() => host.reported.at(-1)).toEqual({ state: 'running' })
    await arrives(server, mailOf('还在吗'))
    await expect.poll(() => host.accepted.length).toBe(1)
  })

  it('names the setting of a refused login and never the password', async () => {
    const server = await startServer()
    const host = await reading(imapOf(server, { password: 'wrong-password' }))
    await expect
      .poll(() => host.reported.at(-1))
      .toMatchObject({ state: 'failing', reason: expect.stringMatching(/imap\.password.*授权码/) })
    expect(JSON.stringify(host.reported)).not.toContain('wrong-password')
  })

  it('names the setting of a mailbox that is not there', async () => {
    const server = await startServer()
    const host = await reading(imapOf(server, { mailbox: 'Nowhere' }))
    await expect
      .poll(() => host.reported.at(-1))
      .toMatchObject({ state: 'failing', reason: expect.stringContaining('imap.mailbox') })
  })

  it('is what the desk shows of the inbox', async () => {
    const server = await startServer()
    const section = sectionOf({ receiver: undefined, imap: imapOf(server) })
    const product = await startProduct({ inboxes: { mail: { channel: 'email', ...section } } })
    closers.push(() => product.dispose())
    const agent = await product.agent()
    const shown = async (): Promise<string> => (await agent.get('/inboxes')).text()
    await expect.poll(shown).toMatch(/"state":"running"/)
    await server.stop()
    await expect.poll(shown).toMatch(/"state":"failing".*imap\.host.*"nextTryAt":"20/)
    await server.start()
    await expect.poll(shown).toMatch(/"state":"running"/)
  })
})
