import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SentMessages } from '../../src/core/sent.ts'
import {
  createConversationStore,
  createCursors,
  createMessageLog,
  createNodeBoard,
  createOutboxStore,
  createRetryDelivery,
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
    return { outboundId: dispatch.message.id, conversationId: claim.conversationId, dispatch }
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

  it('knows how each inbox fares on each node, until the node leaves or falls silent', async () => {
    const board = createNodeBoard(test.database)
    const [one, other] = [
      { id: '018f0000-0000-7000-8000-000000000001', name: 'one (1)', role: 'web' },
      { id: '018f0000-0000-7000-8000-000000000002', name: 'other (1)', role: 'worker' },
    ] as const
    const running = { inboxId: 'main', channel: 'wechat', state: 'running', since: now } as const
    const failing = {
      ...running,
      state: 'failing',
      lastError: { at: now, message: 'set appSecret' },
      nextTryAt: now,
    } as const
    await board.tell(one, [running, { ...running, inboxId: 'chat', channel: 'web' }])
    await board.tell(other, [failing])
    expect(await board.list(60_000)).toEqual([
      { ...running, inboxId: 'chat', channel: 'web', node: 'one (1)' },
      { ...running, node: 'one (1)' },
      { ...failing, node: 'other (1)' },
    ])
    expect(await board.nodes(60_000)).toEqual([
      { name: 'one (1)', role: 'web' },
      { name: 'other (1)', role: 'worker' },
    ])
    // Containers may all be called the same.
    await board.tell({ ...other, id: '018f0000-0000-7000-8000-000000000003' }, [running])
    expect(await board.nodes(60_000)).toHaveLength(3)
    await board.leave('018f0000-0000-7000-8000-000000000003')
    await board.tell(other, [running])
    await board.leave(one.id)
    expect(await board.list(60_000)).toEqual([{ ...running, node: 'other (1)' }])
    expect(await board.list(0)).toEqual([])
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
    await sent.neverArrived(outboundId, { code: 'unreachable', message: '退信' })
    expect(await count('oCount')).toBe(1)
    await sends('oCount', false)
    expect(await count('oCount')).toBe(2)
  })

  const fault = { code: 'unreachable', message: '退信', providerCode: '550 5.1.1' } as const

  it('shows what did not arrive after all as failed, once, and tells who looks at it', async () => {
    const { outboundId, conversationId } = await sends('oBounce')
    const foreign = createSentMessages(test.database)('other', () => undefined)
    expect(await foreign.neverArrived(outboundId, fault)).toBe(false)
    expect(await sent.neverArrived(outboundId, fault)).toBe(true)
    expect(await sent.neverArrived(outboundId, fault)).toBe(false)
    expect(await deliveryOf('oBounce')).toMatchObject({ status: 'failed', error: fault })
    expect(changed.filter((id) => id === conversationId)).toHaveLength(1)
    for (const odd of ['not-an-id', '018f0000-0000-7000-8000-000000000000'])
      expect(await sent.neverArrived(odd, fault)).toBe(false)
  })

  it('believes the report also before the sender has recorded its success', async () => {
    const { outboundId, dispatch } = await sends('oUnderWay', false)
    expect(await sent.neverArrived(outboundId, fault)).toBe(true)
    await createOutboxStore(test.database).settle([{ claim: dispatch, result: { status: 'sent' } }], now)
    expect(await deliveryOf('oUnderWay')).toMatchObject({ status: 'failed', error: fault })
    expect(
      await test.database.query('select 1 from delivery_attempts where outbox_id = $1 and ended_at is null', [
        outboundId,
      ]),
    ).toEqual([])
  })

  it('leaves alone what waits to be sent again', async () => {
    const { outboundId } = await sends('oAgain')
    await sent.neverArrived(outboundId, fault)
    const [message] = await createMessageLog(test.database).latest({ inboxId, threadKey: 'oAgain', limit: 1 })
    await createRetryDelivery(test.database)(message?.id ?? '')
    expect(await sent.neverArrived(outboundId, fault)).toBe(false)
    expect((await deliveryOf('oAgain'))?.status).toBe('queued')
  })
}
