import { afterEach, describe, expect, it } from 'vitest'
import { createInProcessCache, createInProcessLocks } from '../../src/bus/index.ts'
import type { Accept, Accepted, Channel, PassiveReply } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { ChannelErrorCode } from '../../src/core/errors.ts'
import type { InboundMessage, MediaRef, OutboundMessage, Part } from '../../src/core/message.ts'
import type { MediaStore, StoredMedia } from '../../src/core/media.ts'
import { createTestChannelHost } from '../support/channel-host.ts'
import type { TestChannelHost } from '../support/channel-host.ts'

/** What the provider got back for a push. */
export interface Answer {
  readonly status: number
  readonly body: string
}

/** One running channel with a provider that a test can steer. */
export interface ChannelRig {
  readonly channel: Channel
  /** The provider pushes a contact's text under its own message id; the same id again is its retry. */
  says(text: string, id: string): Promise<Answer>
  /** The provider pushes something nobody has documented. */
  saysUnknown(id: string): Promise<Answer>
  /** Somebody else pushes a text, with a wrong proof. */
  forges(text: string, id: string): Promise<Answer>
  /** The provider's proof on a body that cannot be read. */
  saysBroken(): Promise<Answer>
  /** A body over the channel's limit. */
  saysTooMuch(): Promise<Answer>
  /** The provider refuses every further send with what means `code`; `undefined`: it takes them again. */
  refuses(code: ChannelErrorCode | undefined): void
  /** The texts the provider handed to the contact through its API, in order. */
  delivered(): readonly string[]
  /** The text of an answer that rode on a push; undefined when there is none. */
  readAnswer(answer: Answer): string | undefined
  close(): Promise<void>
}

/** A channel to be held to the contract. */
export interface ChannelContract {
  readonly name: string
  readonly open: (host: ContractHost) => Promise<ChannelRig>
  /** A text's address on the provider, as `says` uses it. */
  readonly contactKey: string
  /** The provider's refusals that the channel must tell apart. */
  readonly refusals: readonly ChannelErrorCode[]
  /** Whether answers can ride on the provider's request. */
  readonly answersWithinRequest: boolean
}

/** Files in memory, typed by the caller. */
export const createMemoryMedia = (): MediaStore & {
  add(contentType: string, bytes: Uint8Array): StoredMedia
} => {
  const files = new Map<string, { media: StoredMedia; bytes: Uint8Array }>()
  const add = (contentType: string, bytes: Uint8Array): StoredMedia => {
    const media = { mediaId: `media-${files.size + 1}`, contentType, bytes: bytes.length }
    files.set(media.mediaId, { media, bytes })
    return media
  }
  return {
    maxBytes: 1_000_000,
    add,
    save: (bytes) => Promise.resolve(add('application/octet-stream', bytes)),
    find: (mediaId) => Promise.resolve(files.get(mediaId)),
  }
}

/** A host whose acceptance can be held back and whose answers are scripted. */
export interface ContractHost extends TestChannelHost {
  readonly media: ReturnType<typeof createMemoryMedia>
  readonly attachMedia: (messageId: string, file: MediaRef) => Promise<void>
  /** Files that came after their message was stored. */
  readonly attached: readonly { readonly messageId: string; readonly file: MediaRef }[]
  /** How often `accept` was called, refused and repeated calls included. */
  readonly accepts: () => number
  /** Makes `accept` wait until the returned function is called. */
  holdAccept(): () => void
  /** Answers every message with this from now on; the same message for a retry. */
  answerWith(part: Part | undefined): void
  /** Milliseconds each request was ready to wait for its answer. */
  readonly waited: readonly number[]
  readonly confirmed: readonly string[]
}

const answerTo = (part: Part, messageId: string, confirmed: string[]): PassiveReply => ({
  message: outbound(part, { id: `answer-to-${messageId}` }),
  confirm: () => {
    confirmed.push(messageId)
    return Promise.resolve()
  },
})

/** A test host with the real cache and locks, files in memory and scripted answers. */
export const createContractHost = (inboxId = 'inbox-1'): ContractHost => {
  const base = createTestChannelHost(inboxId)
  const attached: { messageId: string; file: MediaRef }[] = []
  const waited: number[] = []
  const confirmed: string[] = []
  let accepts = 0
  let gate = Promise.resolve()
  let answer: Part | undefined
  const accept: Accept = async (message): Promise<Accepted> => {
    accepts += 1
    await gate
    return base.accept(message)
  }
  return {
    ...base,
    cache: createInProcessCache(),
    locks: createInProcessLocks(),
    media: createMemoryMedia(),
    attached,
    attachMedia: (messageId, file) => {
      attached.push({ messageId, file })
      return Promise.resolve()
    },
    accept,
    accepts: () => accepts,
    holdAccept: () => {
      let release = (): void => undefined
      gate = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
    answerWith: (part) => {
      answer = part
    },
    awaitReply: (messageId, budgetMs) => {
      waited.push(budgetMs)
      return Promise.resolve(answer === undefined ? undefined : answerTo(answer, messageId, confirmed))
    },
    waited,
    confirmed,
  }
}

/** A message on its way out; `more` overrides what a test cares about. */
export const outbound = (part: Part, more: Partial<OutboundMessage> = {}): OutboundMessage => ({
  id: 'outbound-1',
  inboxId: 'inbox-1',
  conversationId: 'conversation-1',
  contactKey: 'contact-1',
  threadKey: 'contact-1',
  part,
  author: 'bot',
  createdAt: new Date('2026-01-01T00:00:00Z'),
  attempt: 1,
  ...more,
})

const secretText = '我的手机号是13800138000'

/** What was said; the facts a channel keeps beside it, such as a mail's envelope, are its own. */
const saidIn = (message: InboundMessage | undefined): readonly Part[] =>
  (message?.parts ?? []).filter(({ kind }) => kind !== 'event')

const isSuccess = ({ status }: Answer): boolean => status >= 200 && status < 300

/** What every channel must do, whatever its provider. */
export const itIsAChannel = (contract: ChannelContract): void => {
  describe(`${contract.name} as a channel`, () => {
    const rigs: ChannelRig[] = []
    const open = async (): Promise<{ host: ContractHost; rig: ChannelRig }> => {
      const host = createContractHost()
      const rig = await contract.open(host)
      rigs.push(rig)
      return { host, rig }
    }
    afterEach(async () => {
      await Promise.all(rigs.splice(0).map((rig) => rig.close()))
    })

    it('hands a text over, normalised, and acknowledges it', async () => {
      const { host, rig } = await open()
      expect(isSuccess(await rig.says('我的订单到哪了', '1001'))).toBe(true)
      expect(host.accepted).toHaveLength(1)
      expect(host.accepted[0]).toMatchObject({
        inboxId: host.inboxId,
        contactKey: contract.contactKey,
        mayContinue: true,
        wantsReply: true,
      })
      expect(saidIn(host.accepted[0])).toMatchObject([{ kind: 'text', text: '我的订单到哪了' }])
    })

    it('acknowledges only once the message is durable', async () => {
      const { host, rig } = await open()
      const release = host.holdAccept()
      let answered = false
      const answer = rig.says('在吗', '1002').then((given) => {
        answered = true
        return given
      })
      await expect.poll(() => host.accepts()).toBe(1)
      expect(answered).toBe(false)
      release()
      expect(isSuccess(await answer)).toBe(true)
    })

    it('does not acknowledge what could not be stored, and takes the retry', async () => {
      const { host, rig } = await open()
      host.failNextAccept(new Error('the database is gone'))
      expect((await rig.says('在吗', '1003')).status).toBeGreaterThanOrEqual(500)
      expect(isSuccess(await rig.says('在吗', '1003'))).toBe(true)
      expect(host.accepted).toHaveLength(1)
    })

    it('refuses a forgery unread, with one masked line in the log', async () => {
      const { host, rig } = await open()
      const before = host.logged.length
      const answer = await rig.forges(secretText, '1004')
      expect([401, 403]).toContain(answer.status)
      expect(answer.body).not.toContain('138')
      expect(host.accepts()).toBe(0)
      const lines = host.logged.slice(before)
      expect(lines).toHaveLength(1)
      expect(lines[0]?.facts).toMatch(/"code":"[a-z_]+"/)
      expect(JSON.stringify(host.logged)).not.toContain('138')
    })

    it('gives every forgery the same answer', async () => {
      const { rig } = await open()
      const answers = [
        await rig.forges('a', '1'),
        await rig.forges(secretText, '2'),
        await rig.forges('', '3'),
      ]
      expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1)
    })

    it('refuses what is too large and what cannot be read, and goes on', async () => {
      const { host, rig } = await open()
      expect((await rig.saysTooMuch()).status).toBe(413)
      const broken = await rig.saysBroken()
      expect(broken.status).toBeGreaterThanOrEqual(400)
      expect(broken.status).toBeLessThan(500)
      expect(host.accepts()).toBe(0)
      expect(isSuccess(await rig.says('在吗', '1005'))).toBe(true)
    })

    it('keeps an unknown type as unsupported, with what came', async () => {
      const { host, rig } = await open()
      expect(isSuccess(await rig.saysUnknown('1006'))).toBe(true)
      expect(saidIn(host.accepted[0])).toEqual([expect.objectContaining({ kind: 'unsupported' })])
    })

    it('hands the provider’s retry over under the same key and gives it the same answer', async () => {
      const { host, rig } = await open()
      host.answerWith({ kind: 'text', text: '在路上了' })
      const first = await rig.says('我的订单到哪了', '1007')
      host.clock.advance(5_000)
      const second = await rig.says('我的订单到哪了', '1007')
      expect([second.status, second.body]).toEqual([first.status, first.body])
      expect(host.accepts()).toBe(2)
      expect(host.accepted).toHaveLength(1)
    })

    it('stores one row when the same push comes many times at once', async () => {
      const { host, rig } = await open()
      const answers = await Promise.all(Array.from({ length: 20 }, () => rig.says('在吗', '1008')))
      expect(answers.every(isSuccess)).toBe(true)
      expect(host.accepted).toHaveLength(1)
    })

    it('keeps two different messages apart, even with the same words in the same second', async () => {
      const { host, rig } = await open()
      await rig.says('在吗', '1009')
      await rig.says('在吗', '1010')
      expect(host.accepted).toHaveLength(2)
    })

    it('lets no words and no address into the log', async () => {
      const { host, rig } = await open()
      await rig.says(secretText, '1011')
      await rig.saysUnknown('1012')
      expect(JSON.stringify(host.logged)).not.toContain('138')
      expect(JSON.stringify(host.logged)).not.toContain(contract.contactKey)
    })

    it.runIf(contract.answersWithinRequest)('answers within the request', async () => {
      const { host, rig } = await open()
      host.answerWith({ kind: 'text', text: '在路上了，预计明天到' })
      expect(rig.readAnswer(await rig.says('我的订单到哪了', '1013'))).toBe('在路上了，预计明天到')
    })

    it('delivers through the provider’s API', async () => {
      const { rig } = await open()
      const to = { contactKey: contract.contactKey, threadKey: contract.contactKey }
      await rig.channel.deliver(outbound({ kind: 'text', text: '已为您加急 🚚' }, to))
      expect(rig.delivered()).toEqual(['已为您加急 🚚'])
    })

    it.each(contract.refusals)(
      'tells the provider’s refusal %s apart, without address or words',
      async (code) => {
        const { rig } = await open()
        rig.refuses(code)
        const to = { contactKey: contract.contactKey, threadKey: contract.contactKey }
        const error = await rig.channel.deliver(outbound({ kind: 'text', text: secretText }, to)).then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        expect(error).toBeInstanceOf(ChannelError)
        const { message, facts } = error instanceof ChannelError ? error : { message: '', facts: {} }
        expect(error).toMatchObject({ code })
        expect(`${message} ${JSON.stringify(facts)}`).not.toMatch(/138/)
        expect(`${message} ${JSON.stringify(facts)}`).not.toContain(contract.contactKey)
      },
    )

    it('never throws for typing', async () => {
      const { rig } = await open()
      await rig.channel.showTyping(contract.contactKey, true)
      rig.refuses('no_permission')
      await rig.channel.showTyping(contract.contactKey, false)
      await rig.channel.showTyping(contract.contactKey, true)
    })
  })
}
