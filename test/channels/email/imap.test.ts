import { afterEach, beforeEach, expect, it } from 'vitest'
import type { InboundMessage } from '../../../src/core/message.ts'
import { createContractHost } from '../../contract/channel.ts'
import type { ContractHost } from '../../contract/channel.ts'
import { describeWith } from '../../support/services.ts'
import { factsOf, mailOf, sample } from './account.ts'
import { openMailbox } from './mailbox.ts'
import type { TestMailbox } from './mailbox.ts'

const textsOf = (accepted: readonly InboundMessage[]): readonly string[] =>
  accepted.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])))

const numbered = (n: number): string => mailOf(`第${n}封`, { id: `n${n}@qq.example` })

describeWith('dovecot', 'a mailbox on a real IMAP server', (serverUrl) => {
  let mailbox: TestMailbox
  let host: ContractHost
  beforeEach(async () => {
    mailbox = await openMailbox(serverUrl)
    host = createContractHost()
  })
  afterEach(() => mailbox.close())

  const texts = (): readonly string[] => textsOf(host.accepted)
  const isOpen = () => expect.poll(() => host.cursors.size).toBe(1)
  const logged = (code: string): number =>
    host.logged.filter(({ facts }) => facts.includes(`"code":"${code}"`)).length

  it('is read from now on, and the old mail left alone', async () => {
    await mailbox.arrives(numbered(1))
    await mailbox.reads(host)
    await isOpen()
    await mailbox.arrives(numbered(2))
    await expect.poll(texts).toEqual(['第2封'])
    expect(await mailbox.seen()).toBe(0)
  })

  it('is read from some days back where that is asked for', async () => {
    await mailbox.arrives(numbered(1), new Date(Date.now() - 40 * 86_400_000))
    await mailbox.arrives(numbered(2), new Date(Date.now() - 3 * 86_400_000))
    await mailbox.arrives(numbered(3))
    await mailbox.reads(host, { backfillDays: 7 })
    await expect.poll(texts).toEqual(['第2封', '第3封'])
  })

  it('announces new mail at once, long before the next look', async () => {
    await mailbox.reads(host, { pollMs: 3_600_000 })
    await isOpen()
    await mailbox.arrives(numbered(1))
    await expect.poll(texts).toEqual(['第1封'])
  })

  it('is looked at from time to time where nothing is announced', async () => {
    await mailbox.reads(host, { idle: false, pollMs: 1_000 })
    await isOpen()
    await mailbox.arrives(numbered(1))
    await expect.poll(texts).toEqual(['第1封'])
  })

  it('loses and repeats nothing over restarts', async () => {
    for (let n = 1; n <= 6; n += 1) {
      const channel = await mailbox.reads(host)
      if (n === 1) await isOpen()
      await mailbox.arrives(numbered(2 * n - 1))
      await expect.poll(() => host.accepted.length).toBe(2 * n - 1)
      await channel.stop()
      await mailbox.arrives(numbered(2 * n))
      const next = await mailbox.reads(host)
      await expect.poll(() => host.accepted.length).toBe(2 * n)
      await next.stop()
    }
    expect(texts()).toEqual(Array.from({ length: 12 }, (_, n) => `第${n + 1}封`))
    expect(host.accepts()).toBe(12)
  })

  it('is read again where a crash left open whether a mail was stored', async () => {
    const channel = await mailbox.reads(host)
    await isOpen()
    const before = [...host.cursors]
    await mailbox.arrives(numbered(1))
    await expect.poll(texts).toEqual(['第1封'])
    await channel.stop()
    // Killed after the mail was stored and before its place was.
    for (const [name, value] of before) await host.cursor.write(name, value)
    await mailbox.reads(host)
    await mailbox.arrives(numbered(2))
    await expect.poll(texts).toEqual(['第1封', '第2封'])
    expect(host.accepts()).toBe(3)
  })

  it('is read on after the line broke, with growing pauses', async () => {
    await mailbox.reads(host)
    await isOpen()
    mailbox.wire.cut(true)
    await mailbox.arrives(numbered(1))
    await expect.poll(() => logged('temporary')).toBeGreaterThanOrEqual(2)
    mailbox.wire.mend()
    await expect.poll(texts).toEqual(['第1封'])
    mailbox.wire.cut()
    await mailbox.arrives(numbered(2))
    await expect.poll(texts).toEqual(['第1封', '第2封'])
  })

  it('offers a mail again that could not be stored, before the next one', async () => {
    await mailbox.reads(host)
    await isOpen()
    host.failNextAccept(new Error('the database is away'))
    await mailbox.arrives(numbered(1))
    await mailbox.arrives(numbered(2))
    await expect.poll(texts).toEqual(['第1封', '第2封'])
    expect(logged('not_stored')).toBe(1)
  })

  it('sets a poisonous mail aside, raw, and reads the next', async () => {
    await mailbox.reads(host)
    await isOpen()
    const part = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'
    await mailbox.arrives(
      `${mailOf('', { type: 'multipart/mixed; boundary=b' })}${part.repeat(500)}--b--\r\n`,
    )
    await mailbox.arrives(numbered(2))
    await expect.poll(texts).toEqual(['第2封'])
    const [poison] = host.accepted
    expect(factsOf(poison).class).toBe('unreadable')
    expect(poison?.parts).toMatchObject([
      { kind: 'event' },
      { kind: 'unsupported', type: 'mail', raw: { reason: 'too_many_parts' } },
      { kind: 'file', name: 'mail.eml', media: { mediaId: expect.any(String) } },
    ])
    expect(logged('too_many_parts')).toBe(1)
  })

  it('fetches no more than the head of a mail that is too large', async () => {
    await mailbox.reads(host)
    await isOpen()
    await mailbox.arrives(mailOf('x'.repeat(998).concat('\r\n').repeat(27_000)))
    await mailbox.arrives(numbered(2))
    await expect.poll(texts).toEqual(['第2封'])
    const bytes: unknown = host.accepted[0]?.parts[1]
    expect(bytes).toMatchObject({ raw: { reason: 'too_large' } })
    expect(host.accepted[0]?.contactKey).toBe('wang.lei@qq.example')
  })

  it('survives that the server numbers anew', async () => {
    const first = await mailbox.reads(host)
    await isOpen()
    await mailbox.arrives(numbered(1))
    await mailbox.arrives(numbered(2))
    await expect.poll(texts).toEqual(['第1封', '第2封'])
    await first.stop()
    await mailbox.remakes()
    for (const n of [1, 2, 3]) await mailbox.arrives(numbered(n))
    await mailbox.reads(host)
    await expect.poll(texts).toEqual(['第1封', '第2封', '第3封'])
    expect(logged('uidvalidity_changed')).toBe(1)
  })

  it('is read by one of two nodes, and by the other when that one stops', async () => {
    const one = await mailbox.reads(host)
    await isOpen()
    await mailbox.reads(host)
    await mailbox.arrives(numbered(1))
    await expect.poll(texts).toEqual(['第1封'])
    expect(mailbox.wire.connections()).toBe(1)
    await one.stop()
    await mailbox.arrives(numbered(2))
    await expect.poll(texts).toEqual(['第1封', '第2封'])
    expect(host.accepts()).toBe(2)
  })

  it('says which credential is wrong and where the right one is found', async () => {
    await mailbox.reads(host, { password: 'wrong-password' })
    await expect.poll(() => logged('needs_operator')).toBe(1)
    const line = host.logged.find(({ facts }) => facts.includes('needs_operator'))?.facts ?? ''
    expect(line).toMatch(/imap\.password.*授权码/)
    expect(line).not.toContain('wrong-password')
  })

  it('gives the same mail once, by whichever door it comes', async () => {
    await mailbox.reads(host)
    await isOpen()
    await mailbox.arrives(sample('01-plain-utf8-new.eml'))
    await mailbox.arrives(sample('33-duplicate-of-01.eml'))
    await mailbox.arrives(numbered(9))
    await expect.poll(texts).toContain('第9封')
    expect(host.accepted).toHaveLength(2)
  })
})
