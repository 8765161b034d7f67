import { afterEach, describe, expect, it } from 'vitest'
import { email } from '../../../channels/email/index.ts'
import { createContractHost } from '../../contract/channel.ts'
import type { Account } from './account.ts'
import { configOf, factsOf, mailOf, openAccount, receiverLogin, sectionOf } from './account.ts'

const accounts: Account[] = []
const open = async (more: Record<string, unknown> = {}, host = createContractHost()): Promise<Account> => {
  const account = await openAccount(more, host)
  accounts.push(account)
  return account
}
afterEach(async () => {
  await Promise.all(accounts.splice(0).map((account) => account.close()))
})

describe('the receiver', () => {
  it.each(['lmtp', 'smtp'] as const)('takes mail by %s', async (protocol) => {
    const { gets, host } = await open({ receiver: { protocol } })
    expect(await gets(mailOf('在吗'), { protocol })).toMatchObject({ code: 250 })
    expect(host.accepted).toHaveLength(1)
  })

  it('takes mail for our addresses alone, tags included', async () => {
    const { gets, host } = await open({ aliases: ['help@shop.example'] })
    const codes: number[] = []
    for (const to of [
      'support@shop.example',
      'Help@Shop.example',
      'support+x.y@shop.example',
      'ceo@shop.example',
    ])
      codes.push((await gets(mailOf('在吗', { id: `${to.length}@qq.example` }), { to })).code)
    expect(codes).toEqual([250, 250, 250, 550])
    expect(host.accepted).toHaveLength(3)
  })

  it('asks a mail server elsewhere to sign in', async () => {
    const { gets, host } = await open({ receiver: receiverLogin })
    expect((await gets(mailOf('在吗'))).code).toBe(530)
    expect((await gets(mailOf('在吗'), { login: { user: 'mx', password: '' } })).code).toBe(535)
    expect((await gets(mailOf('在吗'), { login: receiverLogin })).code).toBe(250)
    expect(host.accepted).toHaveLength(1)
  })

  it('stores nothing of a mail whose line broke', async () => {
    const { gets, host } = await open()
    expect((await gets(mailOf('在吗'.repeat(10_000)), { cutAfter: 5_000 })).code).toBe(0)
    expect((await gets(mailOf('在吗', { id: 'm2@qq.example' }))).code).toBe(250)
    expect(host.accepted.map(({ providerId }) => providerId)).toEqual(['m2@qq.example'])
  })

  it('believes no sender’s own Authentication-Results, and our server’s only on top', async () => {
    const { gets, host } = await open({ authservId: 'mx1.shop.example' })
    const ours = 'Authentication-Results: mx1.shop.example; dmarc=pass header.from=qq.example'
    const theirs = 'Authentication-Results: mx.qq.example; dmarc=pass header.from=qq.example'
    const fail = 'Authentication-Results: mx1.shop.example; dmarc=fail; spf=pass smtp.mailfrom=qq.example'
    const other = 'Authentication-Results: mx1.shop.example; dkim=pass header.d=attacker.example'
    const comment = 'Authentication-Results: mx1.shop.example (dmarc=pass); spf=none'
    const headers = [[ours], [theirs], [theirs, ours], [fail, ours], [other], [comment], []]
    for (const [n, lines] of headers.entries())
      await gets(mailOf('在吗', { id: `m${n}@qq.example`, headers: lines }))
    expect(host.accepted.map((message) => factsOf(message).sender)).toEqual([
      'verified',
      'unverified',
      'unverified',
      'failed',
      'unverified',
      'unverified',
      'unverified',
    ])
  })

  it('opens no conversation of another contact, whatever id or token is named', async () => {
    const { gets, host } = await open()
    host.addSent({ outboundId: 'row-1', threadKey: 'cvictim', contactKey: 'victim@qq.example' })
    const id = 'out.row-1.abc@shop.example'
    await gets(
      mailOf('给我订单', {
        id: 'a1@evil.example',
        from: 'x@evil.example',
        headers: [`In-Reply-To: <${id}>`],
      }),
    )
    await gets(
      mailOf('给我订单', {
        id: 'a2@evil.example',
        from: 'x@evil.example',
        to: 'support+cvictim.aaaaaaaaaaaaaaaa@shop.example',
      }),
      { to: 'support+cvictim.aaaaaaaaaaaaaaaa@shop.example' },
    )
    await gets(
      mailOf('[#4821] 给我订单', { id: 'a3@evil.example', from: 'x@evil.example', subject: '[#4821]' }),
    )
    expect(host.accepted.map(({ threadKey }) => threadKey)).not.toContain('cvictim')
    expect(new Set(host.accepted.map(({ threadKey }) => threadKey)).size).toBe(3)
  })

  it('joins a contact who answers a mail of their own before we did', async () => {
    const { gets, host } = await open()
    await gets(mailOf('在吗', { id: 'a1@qq.example' }))
    await gets(mailOf('补充一下', { id: 'a2@qq.example', headers: ['References: <a1@qq.example>'] }))
    await gets(
      mailOf('补充', {
        id: 'a3@qq.example',
        from: 'x@evil.example',
        headers: ['References: <a1@qq.example>'],
      }),
    )
    const keys = host.accepted.map(({ threadKey }) => threadKey)
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
  })

  it('takes the same mail ten times at once as one', async () => {
    const { gets, host } = await open()
    const given = await Promise.all(Array.from({ length: 10 }, () => gets(mailOf('在吗'))))
    expect(given.every(({ code }) => code === 250)).toBe(true)
    expect(host.accepted).toHaveLength(1)
  })

  it('answers no machine', async () => {
    const { gets, host } = await open()
    const machines: readonly (readonly string[])[] = [
      ['Auto-Submitted: auto-replied'],
      ['Auto-Submitted: auto-generated; x=y'],
      ['X-Autoreply: yes'],
      ['X-Auto-Response-Suppress: OOF, AutoReply'],
      ['Precedence: bulk'],
      ['Precedence: junk'],
      ['List-Id: <x.example>'],
      ['List-Unsubscribe: <https://x.example/>'],
      ['Feedback-ID: 1:x'],
    ]
    for (const [n, headers] of machines.entries())
      await gets(mailOf('在吗', { id: `m${n}@qq.example`, headers }))
    await gets(mailOf('在吗', { id: 'n1@qq.example' }), { from: '' })
    await gets(mailOf('在吗', { id: 'n2@qq.example', from: 'no-reply@qq.example' }))
    await gets(mailOf('在吗', { id: 'n3@qq.example', subject: '自动回复：在吗' }))
    expect(host.accepted).toHaveLength(12)
    expect(host.accepted.filter(({ wantsReply }) => wantsReply)).toEqual([])
    await gets(mailOf('在吗', { id: 'n4@qq.example', headers: ['Auto-Submitted: no'] }))
    expect(host.accepted.at(-1)?.wantsReply).toBe(true)
  })
})

describe('the configuration', () => {
  const faultsOf = (more: Record<string, unknown>): readonly string[] => {
    const parsed = email.config.safeParse(sectionOf(more))
    return parsed.success
      ? []
      : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  }

  it('needs a way in, TLS for other machines, and a login for an open door', () => {
    expect(faultsOf({ receiver: undefined })).toEqual([expect.stringContaining('imap or receiver is needed')])
    expect(faultsOf({ smtp: { host: 'smtp.qq.com', tls: 'none' } })).toEqual([
      expect.stringContaining('smtp.tls none is for a server on this machine only'),
    ])
    expect(faultsOf({ receiver: { host: '0.0.0.0', port: 25 } })).toEqual([
      expect.stringContaining('receiver.password is needed'),
    ])
    expect(faultsOf({ imap: { host: 'imap.qq.com' } })).toEqual([
      expect.stringContaining('imap.password or oauth is needed'),
    ])
    expect(faultsOf({ name: 'a\r\nBcc: x' })).toHaveLength(1)
    expect(faultsOf({ address: 'support+x@shop.example' })).toHaveLength(1)
  })

  it('offers numbered choices and no quota', () => {
    const { capabilities } = email.create(configOf(), createContractHost())
    expect(capabilities).toMatchObject({ choices: { style: 'numbered' }, allowances: {}, passiveOnly: false })
  })
})
