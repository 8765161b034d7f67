import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { email } from '../../../channels/email/index.ts'
import { findingsOf } from '../../support/credentials.ts'
import { describeWith } from '../../support/services.ts'
import { sectionOf } from './account.ts'
import { startSmtpPeer, type SmtpPeer } from './peer.ts'

const user = 'support@shop.example'
const password = 'authorisation-code-1'
let peer: SmtpPeer
beforeEach(async () => {
  peer = await startSmtpPeer({ user, password })
})
afterEach(() => peer.close())

const find = (more: Record<string, unknown> = {}) =>
  findingsOf(
    email,
    sectionOf({ smtp: { host: '127.0.0.1', port: peer.port, tls: 'none', user, password }, ...more }),
  )

describe('the SMTP login of a mail inbox', () => {
  it('is taken, and no mail sent', async () => {
    expect(await find()).toEqual([true])
    expect(peer.taken).toEqual([])
  })

  it('that is wrong is named with its place, without repeating it', async () => {
    const smtp = { host: '127.0.0.1', port: peer.port, tls: 'none', user, password: 'planted' }
    const [fix] = await find({ smtp })
    expect(fix).toMatch(/^SMTP 用户名或密码不对.*授权码.*smtp\.password.*535/)
    expect(fix).not.toContain('planted')
  })

  it('is told from a server that does not answer, and from an OAuth refusal', async () => {
    const away = { smtp: { host: '127.0.0.1', port: 9, tls: 'none', user, password } }
    expect((await find(away))[0]).toMatch(/^SMTP 服务器没有应答.*smtp\.port/)
    const oauth = { tokenUrl: `http://127.0.0.1:${String(peer.port)}/token`, clientId: 'app' }
    const smtp = { host: '127.0.0.1', port: peer.port, tls: 'none', user }
    expect((await find({ smtp, oauth }))[0]).toContain('oauth.tokenUrl')
  })
})

describeWith('dovecot', 'the IMAP login of a mail inbox', (serverUrl) => {
  const { hostname, port } = new URL(serverUrl)
  const imap = { host: hostname, port: Number(port), tls: 'none', user: `user-${randomUUID()}` }

  it('is tried beside SMTP, each by itself', async () => {
    expect(await find({ imap: { ...imap, password: 'secret' } })).toEqual([true, true])
    const [reading, sending] = await find({ imap: { ...imap, password: 'planted' } })
    expect(sending).toBe(true)
    expect(reading).toMatch(/^IMAP 用户名或密码不对.*授权码.*imap\.password/)
    expect(reading).not.toContain('planted')
  })

  it('that reads a folder which is not there says so', async () => {
    const [reading] = await find({ imap: { ...imap, password: 'secret', mailbox: 'Elsewhere' } })
    expect(reading).toMatch(/^没有这个邮箱文件夹.*imap\.mailbox/)
  })
})
