import { ImapFlow } from 'imapflow'
import { simpleParser } from 'mailparser'
import { afterEach, expect, it } from 'vitest'
import { email } from '../../../channels/email/index.ts'
import { createContractHost, outbound } from '../../contract/channel.ts'
import { createDovecot } from '../../support/dovecot.ts'
import { describeWith } from '../../support/services.ts'
import { configOf, contactKey } from './account.ts'
import { startSmtpPeer } from './peer.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const setUp = async (sentFolder: string | undefined) => {
  const server = await createDovecot()
  closers.push(() => server.dispose())
  await server.start()
  const peer = await startSmtpPeer()
  closers.push(() => peer.close())
  const imap = { host: '127.0.0.1', port: server.port, tls: 'none', user: 'support', password: 'secret' }
  const host = createContractHost()
  const channel = email.create(
    configOf({
      receiver: undefined,
      smtp: { host: '127.0.0.1', port: peer.port, tls: 'none' },
      imap: { ...imap, ...(sentFolder === undefined ? {} : { sentFolder }) },
    }),
    host,
  )
  closers.push(() => channel.stop())
  const send = (id: string, attempt = 1) =>
    channel.deliver(
      outbound(
        { kind: 'text', text: `答复 ${id}` },
        { id, attempt, contactKey, threadKey: 'c1', author: 'agent' },
      ),
    )
  /** The copies in a folder, as another mail program sees them. */
  const copies = async (folder: string) => {
    const auth = { user: 'support', pass: 'secret' }
    const client = new ImapFlow({ host: '127.0.0.1', port: server.port, secure: false, auth, logger: false })
    await client.connect()
    const lock = await client.getMailboxLock(folder)
    const found: { messageId: string | undefined; text: string | undefined; seen: boolean }[] = []
    for await (const { source, flags } of client.fetch('1:*', { source: true, flags: true })) {
      const { messageId, text } = await simpleParser(source ?? Buffer.alloc(0))
      found.push({ messageId, text: text?.trim(), seen: flags?.has('\\Seen') === true })
    }
    lock.release()
    await client.logout()
    return found
  }
  return { server, peer, host, send, copies, channel }
}

describeWith('dovecot', 'copies of what was sent', () => {
  it.each(['auto', 'Sent'])(
    'stand in the Sent folder (%s), read, with the id that was sent',
    async (folder) => {
      const { peer, send, copies } = await setUp(folder)
      await send('row-1')
      await expect.poll(() => copies('Sent')).toHaveLength(1)
      expect(await copies('Sent')).toEqual([
        { messageId: peer.taken[0]?.mail.messageId, text: '答复 row-1', seen: true },
      ])
    },
  )

  it('are one for a mail that was tried twice', async () => {
    const { peer, send, copies } = await setUp('auto')
    await send('row-1')
    await send('row-1', 2)
    await send('row-2')
    const texts = async () => (await copies('Sent')).map(({ text }) => text)
    // Copies are made one after another: all others stand there once the last does.
    await expect.poll(texts).toContain('答复 row-2')
    expect(await texts()).toEqual(['答复 row-1', '答复 row-2'])
    expect(peer.taken).toHaveLength(3)
  })

  it('are made by the provider where nothing is said', async () => {
    const { send, copies, channel } = await setUp(undefined)
    await send('row-1')
    await channel.stop()
    expect(await copies('Sent')).toEqual([])
  })

  it('hold up no delivery when the mailbox is away, and come when it is back', async () => {
    const { server, peer, send, copies } = await setUp('auto')
    await server.stop()
    expect(await send('row-1')).toMatchObject({ providerId: expect.stringContaining('row-1') })
    expect(peer.taken).toHaveLength(1)
    await server.start()
    await expect.poll(() => copies('Sent')).toHaveLength(1)
  })

  it('that cannot be kept are told to the log alone', async () => {
    const { host, send } = await setUp('Nowhere')
    await send('row-1')
    await expect
      .poll(() => host.logged.filter(({ facts }) => facts.includes('no_sent_copy')).length, {
        timeout: 40_000,
      })
      .toBe(1)
  })
})
