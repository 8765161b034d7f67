import { afterAll, beforeAll, expect, it } from 'vitest'
import { initialDialogue } from '../../src/core/conversation.ts'
import { createConversationStore, createMessageLog, createProviderNews } from '../../src/store/index.ts'
import { buildDraft, buildInbound, buildItem, buildRecord, buildTicketDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'

const now = new Date('2026-11-23T04:00:10Z')
const inboxId = 'wechat-test'

/** What every store of providers' news must do. */
export const itTakesProviderNews = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.dispose())

  const changed: string[] = []
  const newsOf = (id = inboxId) =>
    createProviderNews({ database: test.database, freshDialogue: initialDialogue, now: () => now })(
      id,
      (conversationId) => changed.push(conversationId),
    )
  const says = async (contactKey: string) => {
    const [accepted] = await createConversationStore(test.database).accept(
      [buildItem(buildInbound({ contactKey }))],
      now,
    )
    return accepted
  }
  const claimOf = async (contactKey: string) => {
    const accepted = await says(contactKey)
    const claims = await createConversationStore(test.database).claim('worker', 100, 60_000)
    const claim = claims.find(({ conversationId }) => conversationId === accepted?.conversationId)
    if (claim === undefined) throw new Error('the conversation was not ready')
    return claim
  }
  const answer = async (contactKey: string, withTicket = false) => {
    const store = createConversationStore(test.database)
    const claim = await claimOf(contactKey)
    const number = await store.nextTicketNumber()
    const outcome = {
      claim,
      decision: buildRecord(),
      mode: withTicket ? ('human' as const) : claim.mode,
      dialogue: initialDialogue,
      outbound: [buildDraft('在的')],
      ...(withTicket ? { openTicket: buildTicketDraft(number) } : {}),
      touchesTicket: false,
    }
    expect(await store.commit([outcome], now)).toEqual(['committed'])
  }
  const modeOf = async (contactKey: string) => {
    const [row] = await test.database.query<{ mode: string }>(
      'select mode from conversations where inbox_id = $1 and thread_key = $2',
      [inboxId, contactKey],
    )
    return row?.mode
  }
  const logOf = (threadKey: string) =>
    createMessageLog(test.database).read({ inboxId, threadKey, afterSeq: 0, limit: 50, visibleOnly: true })

  it('silences the bot at once, a turn under way included, and lets it lead again', async () => {
    const store = createConversationStore(test.database)
    const claim = await claimOf('taken')
    await newsOf().takenOver('taken')
    const late = {
      claim,
      decision: buildRecord(),
      mode: claim.mode,
      dialogue: initialDialogue,
      outbound: [buildDraft('晚了')],
      touchesTicket: false,
    }
    expect(await store.commit([late], now)).toEqual(['fenced'])
    expect(await modeOf('taken')).toBe('human')
    expect(changed).toContain(claim.conversationId)
    await newsOf().givenBack('taken', false)
    expect(await modeOf('taken')).toBe('bot')
  })

  it('leaves the conversation to our people while their ticket is open, unless told otherwise', async () => {
    await answer('ticketed', true)
    await newsOf().givenBack('ticketed', false)
    expect(await modeOf('ticketed')).toBe('human')
    await newsOf().givenBack('ticketed', true)
    expect(await modeOf('ticketed')).toBe('bot')
  })

  it('stores what a person said elsewhere, once, in order, without making the bot think', async () => {
    await answer('elsewhere')
    const said = {
      threadKey: 'elsewhere',
      dedupKey: 'said-1',
      parts: [{ kind: 'text', text: '我来处理' } as const],
      sentAt: now,
    }
    await Promise.all([1, 2, 3].map(() => newsOf().said(said)))
    const log = await logOf('elsewhere')
    expect(log.map(({ direction, author }) => `${direction} ${author}`)).toEqual([
      'in contact',
      'out bot',
      'out agent',
    ])
    expect(log.map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(log[2]?.parts).toEqual(said.parts)
  })

  it('changes nothing for threads it does not know', async () => {
    const before = changed.length
    await newsOf().takenOver('nobody')
    await newsOf().givenBack('nobody', true)
    await newsOf().said({ threadKey: 'nobody', dedupKey: 'x', parts: [], sentAt: now })
    expect(changed).toHaveLength(before)
  })
}
