import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { harmlessName } from '../../../channels/email/mime/names.ts'
import type { InboundMessage } from '../../../src/core/message.ts'
import { createContractHost } from '../../contract/channel.ts'
import type { Account } from './account.ts'
import { factsOf, openAccount, pageOf, sample } from './account.ts'

const Sample = z.object({
  file: z.string(),
  expect: z.object({
    class: z.string(),
    newText: z.string().optional(),
    mustContain: z.string().optional(),
    thread: z.string().optional(),
    subject: z.string().optional(),
    attachments: z.array(z.string()).optional(),
    inline: z.array(z.string()).optional(),
    auth: z.record(z.string(), z.string()).optional(),
    failedRecipient: z.string().optional(),
    originalMessageId: z.string().optional(),
    permanent: z.boolean().optional(),
    mustNotAnswer: z.boolean().optional(),
    conversation: z.string().optional(),
    tokenValid: z.boolean().optional(),
    referencesCount: z.number().optional(),
    duplicateOf: z.string().optional(),
  }),
})
type Sample = z.infer<typeof Sample>

const index = z
  .object({ samples: z.array(Sample) })
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/email/index.json', import.meta.url), 'utf8')))

/** What we sent before, by the number in the Message-ID, and to whom. */
const sentTo: Readonly<Record<string, string>> = {
  '1001': 'wang.lei@qq.example',
  '1002': 'li.xue@163.example',
  '1003': 'tao@corp.example',
  '1004': 'zhao.min@corp.example',
  '1005': 'chen.yu@gmail.example',
  '1006': 'zhou@icloud.example',
  '1007': 'lin@tech.example',
  '1010': 'nobody@qq.example',
  '1011': 'nobody@qq.example',
  '1012': 'sun@sina.example',
  '1013': 'guo@corp.example',
  '1059': 'wang.lei@qq.example',
}

let account: Account
/** What each sample became; undefined when no message came of it. */
const became = new Map<string, InboundMessage | undefined>()

beforeAll(async () => {
  const host = createContractHost()
  for (const [outboundId, contactKey] of Object.entries(sentTo))
    host.addSent({ outboundId, contactKey, threadKey: `thread${outboundId}` })
  account = await openAccount(
    {
      messageIdDomain: 'mail.shop.example',
      authservId: 'mx1.shop.example',
      bounceAddress: 'bounce@shop.example',
    },
    { ...host, secret: () => Promise.resolve('sheet-demo-key-not-secret') },
  )
  for (const { file } of index.samples) {
    const before = account.host.accepted.length
    const raw = sample(file)
    const from = /^Return-Path: <([^>]*)>/m.exec(raw.toString('latin1'))?.[1] ?? ''
    const to = /^To: [^\n]*?((?:support|bounce)[^\s<>]*@shop\.example)/im.exec(raw.toString('latin1'))?.[1]
    expect(await account.gets(raw, { from, to: to ?? 'support@shop.example' })).toMatchObject({ code: 250 })
    const { accepted } = account.host
    became.set(file, accepted.length > before ? accepted.at(-1) : undefined)
  }
})
afterAll(() => account.close())

/** The words the contact wrote; a subject that opens a conversation stands before them. */
const wordsOf = (message: InboundMessage | undefined): string => {
  const texts = (message?.parts ?? []).flatMap((part) => (part.kind === 'text' ? [part.text] : []))
  const hasSubject = texts.length > 1 || (texts.length === 1 && texts[0] === factsOf(message).subject)
  return hasSubject ? texts.slice(1).join('\n') : (texts[0] ?? '')
}

const filesOf = (message: InboundMessage | undefined): readonly string[] =>
  (message?.parts ?? []).flatMap((part) =>
    part.kind === 'file' ? [part.name] : part.kind === 'image' ? [part.alt ?? ''] : [],
  )

const threadingOf = (message: InboundMessage | undefined): string => {
  const { thread, sender } = factsOf(message)
  const by = thread === 'new' ? 'new' : `by-${String(thread)}`
  return sender === 'failed' ? `${by}-but-untrusted` : by
}

const numberOf = (messageId = ''): string => /out\.(\d+)\./.exec(messageId)?.[1] ?? ''

/** How each class shows outside the adapter. */
const expectClass = ({ file, expect: expected }: Sample): void => {
  const message = became.get(file)
  const outboundId = numberOf(expected.originalMessageId)
  if (expected.class === 'own-loop' || expected.class === 'duplicate') {
    expect(message).toBeUndefined()
  } else if (expected.class === 'bounce' && expected.permanent === true) {
    expect(message).toBeUndefined()
    expect(account.host.bounces.get(outboundId)).toMatchObject({ code: 'unreachable' })
  } else {
    expect(factsOf(message).class).toBe(expected.class)
  }
  if (expected.class === 'bounce' && expected.permanent === false)
    expect(message?.threadKey).toBe(`thread${outboundId}`)
}

describe.each(index.samples)('$file', ({ file, expect: expected }) => {
  it('is decided as the sheet says', () => {
    const message = became.get(file)
    expectClass({ file, expect: expected })
    if (expected.mustNotAnswer === true) expect(message?.wantsReply ?? false).toBe(false)
    if (expected.newText !== undefined) expect(wordsOf(message)).toBe(expected.newText)
    if (expected.mustContain !== undefined) expect(wordsOf(message)).toContain(expected.mustContain)
    if (expected.subject !== undefined) expect(factsOf(message).subject).toBe(expected.subject)
    if (expected.thread !== undefined) expect(threadingOf(message)).toBe(expected.thread)
    if (expected.conversation !== undefined) expect(message?.threadKey).toBe(expected.conversation)
    if (expected.tokenValid !== undefined) expect(factsOf(message).tokenValid).toBe(expected.tokenValid)
    if (expected.auth !== undefined) expect(factsOf(message)).toMatchObject(expected.auth)
    if (expected.attachments !== undefined)
      expect(filesOf(message)).toEqual(expected.attachments.map((name) => harmlessName(name, '')))
    if (expected.inline !== undefined)
      expect(Object.keys(pageOf(message)?.inline ?? {})).toEqual(expected.inline)
    if (expected.referencesCount !== undefined)
      expect(factsOf(message).references).toHaveLength(Math.min(expected.referencesCount, 50))
  })
})

describe('the samples', () => {
  it('are all there', () => {
    expect(index.samples).toHaveLength(45)
  })

  it('answer only people', () => {
    const answered = index.samples.filter(({ file }) => became.get(file)?.wantsReply === true)
    expect(answered.every(({ expect: expected }) => expected.class === 'customer')).toBe(true)
    expect(answered.length).toBeGreaterThan(25)
  })

  it('prove a sender only by our own server’s word', () => {
    const proven = index.samples.filter(({ file }) => factsOf(became.get(file)).sender === 'verified')
    expect(proven.map(({ file }) => file)).toEqual(['28-auth-results-pass.eml'])
  })

  it('keep a display name from being an identity', () => {
    expect(became.get('43-display-name-spoof.eml')).toMatchObject({ contactKey: 'ceo@attacker.example' })
  })

  it('make nothing of hostile HTML that runs, fetches or covers', () => {
    const html = pageOf(became.get('16-html-only-tracking-and-script.eml'))?.html
    expect(html).toContain('9931')
    // Only the address of a remote picture is kept, where nothing loads it.
    expect(String(html).replace(/ data-remote="https?:[^"<>]*"/g, '')).not.toMatch(
      /script|onerror|onload|evil\.example|style|form|iframe|svg|position/i,
    )
  })

  it('keep all words where some are left out', () => {
    const { fullText } = factsOf(became.get('02-qqmail-reply.eml'))
    expect(fullText).toContain('您好，已为您催促仓库。')
  })

  it('put no address and no word into the log', () => {
    const logged = JSON.stringify(account.host.logged)
    expect(logged).not.toMatch(/@(?:qq|163|corp|attacker)\.example|订单|退款/)
  })
})
