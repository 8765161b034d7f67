import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SentMessages } from '../../src/core/sent.ts'
import {
  createConversationStore,
  createCursors,
  createMessageLog,
  createOutboxStore,
  createSentMessages,
} from '../../src/store/index.ts'
import { buildInbound, buildItem, buildOutcome } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'

const now = new Date('2026-11-23T04:00:00Z')
const inboxId = 'wechat-test'

/** What every database must do for channels that fetch and that hear of what they sent. */
export const itKeepsInboxes = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  const changed: string[] = []
  let sent: SentMessages
  beforeAll(async () => {
    test = await open()
    sent = createSentMessages(test.database)(inboxId, (conversationId) => changed.push(conversationId))
  })
  afterAll(() => test.dispose())

  /** Sends one answer; `settles` false leaves it on its way. */
  const sends = async (contactKey: string, settles = true) => {
    const store = createConversationStore(test.database)
    const outbox = createOutboxStore(test.database)
    await store.accept([buildItem(buildInbound({ contactKey, inboxId }))], now)
    const [claim] = await store.claim('worker', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    await store.commit([buildOutcome(claim)], now)
    const [dispatch] = await outbox.claim('sender', 1, 60_000, now)
    if (dispatch === undefined) throw new Error('nothing to send')
    if (settles) await outbox.settle([{ claim: dispatch, result: { status: 'sent', providerId: 'p1' } }], now)
    return { outboundId: dispatch.message.id, conversationId: claim.conversationId }
  }
  const deliveryOf = async (threadKey: string) =>
    (await createMessageLog(test.database).latest({ inboxId, threadKey, limit: 1 }))[0]?.delivery

  it('keeps the cursors of each inbox apart, the last value of each', async () => {
    const [one, other] = [createCursors(test.database)('one'), createCursors(test.database)('other')]
    expect(await one.read('imap:INBOX')).toBeUndefined()
    await one.write('imap:INBOX', 'a')
    await one.write('imap:INBOX', 'b')
    await one.write('imap:Sent', 'c')
    await other.write('imap:INBOX', 'd')
    expect(await createCursors(test.database)('one').read('imap:INBOX')).toBe('b')
    expect(await one.read('imap:Sent')).toBe('c')
    expect(await other.read('imap:INBOX')).toBe('d')
  })

  it('finds what an inbox sent, and nothing of another or of nobody', async () => {
    const { outboundId } = await sends('oFind')
    expect(await sent.find(outboundId)).toEqual({ outboundId, threadKey: 'oFind', contactKey: 'oFind' })
    const foreign = createSentMessages(test.database)('other', () => undefined)
    expect(await foreign.find(outboundId)).toBeUndefined()
    for (const odd of ['1001', '', "' or true --", '00000000-0000-7000-8000-000000000000'])
      expect(await sent.find(odd)).toBeUndefined()
  })

  it('shows what came back as failed, once, and tells who looks at it', async () => {
    const { outboundId, conversationId } = await sends('oBounce')
    const bounce = { code: 'unreachable', message: '退信', providerCode: '550 5.1.1' } as const
    expect(await createSentMessages(test.database)('other', () => undefined).bounce(outboundId, bounce)).toBe(
      false,
    )
    expect(await sent.bounce(outboundId, bounce)).toBe(true)
    expect(await sent.bounce(outboundId, bounce)).toBe(false)
    expect(await deliveryOf('oBounce')).toMatchObject({ status: 'failed', error: bounce })
    expect(changed.filter((id) => id === conversationId)).toHaveLength(1)
  })

  it('counts what went to a contact by itself, of all conversations of one inbox', async () => {
    const count = (contactKey: string, more: { since?: Date; except?: string } = {}) =>
      sent.countAutomatic({ contactKey, since: new Date(now.getTime() - 1), except: '', ...more })
    expect(await count('oCount')).toBe(0)
    const { outboundId } = await sends('oCount')
    await sends('oCount', true)
    await sends('oCountOther')
    expect(await count('oCount')).toBe(2)
    expect(await count('oCount', { except: outboundId })).toBe(1)
    expect(await count('oCount', { since: now })).toBe(0)
    const foreign = createSentMessages(test.database)('other', () => undefined)
    expect(await foreign.countAutomatic({ contactKey: 'oCount', since: new Date(0), except: '' })).toBe(0)
    // What is on its way counts; what came back does not.
    await sent.bounce(outboundId, { code: 'unreachable', message: '退信' })
    expect(await count('oCount')).toBe(1)
    await sends('oCount', false)
    expect(await count('oCount')).toBe(2)
  })

  it('leaves alone what is still on its way', async () => {
    const { outboundId } = await sends('oUnderWay', false)
    expect(await sent.bounce(outboundId, { code: 'permanent', message: 'x' })).toBe(false)
    expect((await deliveryOf('oUnderWay'))?.status).toBe('sending')
  })
}
