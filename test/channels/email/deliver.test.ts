import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Part } from '../../../src/core/message.ts'
import { createContractHost, outbound } from '../../contract/channel.ts'
import type { ContractHost } from '../../contract/channel.ts'
import type { Account } from './account.ts'
import { address, contact, contactKey, mailOf, openAccount } from './account.ts'
import { startSmtpPeer } from './peer.ts'
import type { SmtpPeer } from './peer.ts'

let peer: SmtpPeer
let account: Account
let host: ContractHost
const open = async (more: Record<string, unknown> = {}): Promise<void> => {
  peer = await startSmtpPeer()
  host = createContractHost()
  account = await openAccount({ smtp: { host: '127.0.0.1', port: peer.port, tls: 'none' }, ...more }, host)
}
beforeEach(() => open())
const close = async (): Promise<void> => {
  await account.close()
  await peer.close()
}
afterEach(close)

const reopen = async (more: Record<string, unknown>): Promise<void> => {
  await close()
  await open(more)
}

/** The contact writes; the conversation's key. */
const writes = async (text: string, more: Parameters<typeof mailOf>[1] = {}): Promise<string> => {
  expect(await account.gets(mailOf(text, more))).toMatchObject({ code: 250 })
  return host.accepted.at(-1)?.threadKey ?? ''
}

const answers = (threadKey: string, part: Part = { kind: 'text', text: '已发货' }, more = {}) =>
  account.channel.deliver(outbound(part, { contactKey, threadKey, id: 'row-1', ...more }))

const refusalOf = (sending: Promise<unknown>): Promise<unknown> =>
  sending.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('an answer by mail', () => {
  it('stands in the contact’s thread, from our address, with one Re:', async () => {
    const threadKey = await writes('在吗', { id: 'q1@qq.example', subject: '回复：Re: 答复: 订单没到' })
    await answers(threadKey)
    const [sent] = peer.taken
    expect(sent).toMatchObject({ from: address, to: [contact] })
    expect(sent?.mail).toMatchObject({
      subject: 'Re: 订单没到',
      inReplyTo: '<q1@qq.example>',
      references: '<q1@qq.example>',
      from: { value: [{ address, name: '次元站客服' }] },
    })
    expect(sent?.mail.text?.trim()).toBe('已发货')
  })

  it('is marked as a machine’s when the bot speaks, and not when an agent does', async () => {
    const threadKey = await writes('在吗')
    await answers(threadKey)
    await answers(threadKey, undefined, { id: 'row-2', author: 'agent' })
    const [bot, agent] = peer.taken
    expect(bot?.mail.headers.get('auto-submitted')).toBe('auto-replied')
    expect(bot?.mail.headers.get('x-auto-response-suppress')).toBe('All')
    expect(bot?.mail.headers.get('x-loop')).toBe(address)
    expect(agent?.mail.headers.has('auto-submitted')).toBe(false)
  })

  it('has the same Message-ID at every try, and so the contact’s server knows it', async () => {
    const threadKey = await writes('在吗')
    peer.refuseOnce({ at: 'cut' })
    expect(await refusalOf(answers(threadKey))).toMatchObject({ code: 'temporary' })
    await answers(threadKey, undefined, { attempt: 2 })
    expect(peer.taken).toHaveLength(2)
    expect(new Set(peer.taken.map(({ mail }) => mail.messageId)).size).toBe(1)
    await answers(threadKey, undefined, { id: 'row-2' })
    expect(new Set(peer.taken.map(({ mail }) => mail.messageId)).size).toBe(2)
  })

  it('takes the contact’s answer back into its conversation, by address or by id', async () => {
    const threadKey = await writes('在吗', { id: 'q1@qq.example', subject: '订单' })
    const { providerId = '' } = await answers(threadKey)
    host.addSent({ outboundId: 'row-1', threadKey, contactKey })
    const to = peer.taken[0]?.mail.replyTo?.value[0]?.address ?? ''
    expect(to).toMatch(/^support\+c[a-z2-7]{16}\.[a-z2-7]{16}@shop\.example$/)
    expect(
      await account.gets(mailOf('好的', { id: 'q2@qq.example', to: to.toUpperCase() }), { to }),
    ).toMatchObject({
      code: 250,
    })
    await writes('谢谢', { id: 'q3@qq.example', headers: [`In-Reply-To: <${providerId}>`] })
    expect(host.accepted.map((message) => message.threadKey)).toEqual([threadKey, threadKey, threadKey])
  })

  it('sends a stored file as an attachment', async () => {
    const threadKey = await writes('在吗')
    const { mediaId } = host.media.add('application/pdf', new Uint8Array([1, 2, 3]))
    await answers(threadKey, { kind: 'file', media: { mediaId }, name: '../合同.pdf' })
    expect(peer.taken[0]?.mail.attachments).toMatchObject([{ filename: '合同.pdf', size: 3 }])
  })

  it('shows an answer’s pictures between its words, with what they show for who does not see them', async () => {
    const threadKey = await writes('在吗')
    const { mediaId } = host.media.add('image/png', new Uint8Array([1, 2, 3]))
    const pictures = [
      { after: 3, alt: '“设置” <b>', media: { mediaId } },
      { after: 6, alt: '没有了', media: { mediaId: 'gone' } },
    ]
    await answers(threadKey, { kind: 'text', text: '第一步\n\n第二步', pictures })
    const mail = peer.taken[0]?.mail
    expect(mail?.attachments).toMatchObject([
      { filename: 'image.png', size: 3, contentDisposition: 'inline', related: true },
    ])
    const cid = mail?.attachments[0]?.cid ?? ''
    expect(peer.taken[0]?.raw).toContain(`<${cid}>`)
    expect(mail?.text?.trim().split(/\n+/)).toEqual([
      '第一步',
      '[图片 / Picture] “设置” <b>',
      '第',
      '[图片 / Picture] 没有了',
      '二步',
    ])
    const html = String(mail?.html)
    expect(html).toMatch(
      /<p>第一步<\/p>\s*<p><img src="[^"]+" alt="“设置” &lt;b&gt;"[^>]*><\/p>\s*<p>第<\/p>/,
    )
    expect(html).toContain('<p>[图片 / Picture] 没有了</p>')
  })

  it('lets no line end into a header, however it is written', async () => {
    const subject = '订单\r\nBcc: victim@example.org\r\n\r\nbody'
    const threadKey = await writes('在吗', { subject, id: 'q1@qq.example' })
    await answers(threadKey)
    const [sent] = peer.taken
    expect(sent?.to).toEqual([contact])
    expect(sent?.mail.headers.has('bcc')).toBe(false)
    expect(sent?.mail.subject).toContain('Bcc:')
    expect(sent?.raw.split(/\r?\n\r?\n/)[0]).not.toMatch(/^Bcc:/im)
  })

  it('never reads a file or an address that stands in a text', async () => {
    const threadKey = await writes('在吗')
    await answers(threadKey, { kind: 'text', text: 'file:///etc/passwd http://127.0.0.1:9/' })
    expect(peer.taken[0]?.mail.text).toContain('file:///etc/passwd')
    expect(peer.taken[0]?.mail.attachments).toEqual([])
  })

  it('goes to Reply-To only when the sender of that mail could not steal the answer', async () => {
    const threadKey = await writes('在吗', { headers: ['Reply-To: <other@qq.example>'], id: 'q1@qq.example' })
    await answers(threadKey)
    expect(peer.taken[0]?.to).toEqual(['other@qq.example'])

    const second = await writes('在吗', { id: 'q2@qq.example' })
    host.addSent({ outboundId: 'row-9', threadKey: second, contactKey })
    const { providerId = '' } = await answers(second, undefined, { id: 'row-9' })
    await writes('我是本人', {
      id: 'q3@attacker.example',
      headers: [`In-Reply-To: <${providerId}>`, 'Reply-To: <thief@attacker.example>'],
    })
    expect(host.accepted.at(-1)?.threadKey).toBe(second)
    await answers(second, undefined, { id: 'row-10', author: 'agent' })
    expect(peer.taken.at(-1)?.to).toEqual([contact])
  })

  it('has an envelope that bounces find their mail by', async () => {
    await reopen({ bounceAddress: 'bounce@shop.example' })
    const threadKey = await writes('在吗')
    await answers(threadKey)
    host.addSent({ outboundId: 'row-1', threadKey, contactKey })
    const envelope = peer.taken[0]?.from ?? ''
    expect(envelope).toMatch(/^bounce\+out\.row-1\.[a-z2-7]+@shop\.example$/)
    const words = '您的邮件被退回，收件人邮箱不存在 550'
    const raw = mailOf(words, { from: 'postmaster@qq.example', to: envelope, subject: '系统退信' })
    expect(await account.gets(raw, { from: '', to: envelope })).toMatchObject({ code: 250 })
    expect(host.bounces.get('row-1')).toMatchObject({ code: 'unreachable', providerCode: '550' })
    expect(host.bounces.get('row-1')?.message).toMatch(/^退信：收件人邮箱不存在/)
  })

  it('asks for TLS everywhere but on this machine', async () => {
    await reopen({ smtp: { host: '127.0.0.1', port: peer.port, tls: 'starttls' } })
    const away = await refusalOf(answers('c1'))
    expect(away).toMatchObject({ code: expect.stringMatching(/needs_operator|temporary/) })
    expect(peer.taken).toHaveLength(0)
  })

  it('waits longer after every failure, and says when', async () => {
    peer.refuse({ at: 'data', code: 451, text: '4.7.1 greylisted' })
    const pauses: unknown[] = []
    for (const attempt of [1, 2, 3, 8, 9]) {
      const error = await refusalOf(answers('c1', undefined, { attempt, author: 'agent' }))
      pauses.push(Reflect.get(Object(Reflect.get(Object(error), 'facts')), 'retryAfterMs'))
    }
    expect(pauses).toEqual([30_000, 120_000, 360_000, 14_400_000, 14_400_000])
  })

  it('writes a domain in its ASCII form and refuses what is no address', async () => {
    await answers('c1', undefined, { contactKey: 'li@邮件.example', author: 'agent' })
    expect(peer.taken[0]?.raw).toMatch(/^To: <?li@xn--5nq051n\.example>?$/m)
    for (const odd of [
      '李雷@example.com',
      'unknown@invalid\r\nRCPT TO:<x@y.example>',
      'nobody',
      '<a@b>@c.example',
    ])
      expect(await refusalOf(answers('c1', undefined, { contactKey: odd, author: 'agent' }))).toMatchObject({
        code: 'unreachable',
      })
    expect(peer.taken).toHaveLength(1)
  })
})

describe('automatic answers', () => {
  it('end at three a day in one conversation; an agent’s do not', async () => {
    const threadKey = await writes('在吗')
    for (const n of [1, 2, 3]) {
      await answers(threadKey, undefined, { id: `row-${n}` })
      host.say(threadKey, [{ kind: 'text', text: '已发货' }])
    }
    expect(await refusalOf(answers(threadKey, undefined, { id: 'row-4' }))).toMatchObject({
      code: 'permanent',
    })
    await answers(threadKey, undefined, { id: 'row-5', author: 'agent' })
    expect(peer.taken).toHaveLength(4)
    host.clock.advance(25 * 3_600_000)
    await answers(threadKey, undefined, { id: 'row-6' })
    expect(peer.taken).toHaveLength(5)
  })

  it('end at four an hour to one address, over all its conversations; a retry counts once', async () => {
    for (const n of [1, 2, 3, 4]) {
      await answers(`c${n}`, undefined, { id: `row-${n}` })
      await answers(`c${n}`, undefined, { id: `row-${n}`, attempt: 2 })
    }
    expect(await refusalOf(answers('c5', undefined, { id: 'row-5' }))).toMatchObject({ code: 'permanent' })
    await answers('c5', undefined, { id: 'row-5', contactKey: 'other@qq.example' })
    expect(peer.taken).toHaveLength(9)
  })

  it('count what the store knows was sent, whatever the cache forgot', async () => {
    for (const n of [1, 2, 3, 4]) host.addSent({ outboundId: `old-${n}`, threadKey: `c${n}`, contactKey })
    expect(await refusalOf(answers('c5', undefined, { id: 'row-5' }))).toMatchObject({ code: 'permanent' })
    await answers('c5', undefined, { id: 'row-6', author: 'agent' })
    expect(peer.taken).toHaveLength(1)
  })

  it('give way to a person once they are used up', async () => {
    const threadKey = await writes('在吗', { id: 'q1@qq.example', subject: '订单' })
    for (const text of ['一', '二', '三']) host.say(threadKey, [{ kind: 'text', text }])
    await writes('还是没到', { id: 'q2@qq.example', headers: ['In-Reply-To: <q1@qq.example>'] })
    expect(host.accepted.at(-1)).toMatchObject({ threadKey, wantsReply: true })
    expect(host.accepted.at(-1)?.parts.at(-1)).toEqual({ kind: 'event', name: 'choice', value: 'human' })
  })
})

describe('signing in', () => {
  it('says which credential is wrong and where the right one is found', async () => {
    await close()
    peer = await startSmtpPeer({ user: 'support', password: 'right' })
    host = createContractHost()
    const smtp = { host: '127.0.0.1', port: peer.port, tls: 'none', user: 'support' }
    account = await openAccount({ smtp: { ...smtp, password: 'wrong-one' } }, host)
    const error = await refusalOf(answers('c1'))
    expect(error).toMatchObject({ code: 'needs_operator' })
    expect(JSON.stringify(error)).toMatch(/smtp\.password.*授权码/)
    expect(JSON.stringify(error)).not.toContain('wrong-one')
    await account.close()
    account = await openAccount({ smtp: { ...smtp, password: 'right' } }, host)
    await answers('c1')
    expect(peer.taken).toHaveLength(1)
  })
})
