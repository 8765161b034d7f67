import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Accepted } from '../../src/core/channel.ts'
import { createContactStore, createConversationStore, createRetention } from '../../src/store/index.ts'
import { buildInbound, buildItem } from '../support/builders.ts'
import { openTestPostgres, type TestDatabase } from '../support/databases.ts'
import { openPersonalStage, type PersonalStage } from '../support/personal-stage.ts'
import { describeWith } from '../support/services.ts'

describeWith('postgres', 'what happens to a contact while another node works on it', (url) => {
  let test: TestDatabase
  let stage: PersonalStage
  beforeAll(async () => {
    test = await openTestPostgres(url)
    stage = openPersonalStage(test)
  })
  afterAll(() => test.dispose())

  /** Resolves once so many statements of this database wait for locks. */
  const somebodyWaits = (howMany: number) =>
    expect
      .poll(() =>
        test.database.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        ),
      )
      .toHaveLength(howMany)

  /** Begins the work in turn, each when the one before waits, and lets all go on at once. */
  const meeting = async (
    statement: readonly [text: string, ...params: unknown[]],
    works: readonly (() => Promise<unknown>)[],
  ): Promise<readonly PromiseSettledResult<unknown>[]> => {
    const [text, ...params] = statement
    const { ends } = await test.database.transaction(async (query) => {
      await query(text, params)
      const begun: Promise<unknown>[] = []
      for (const work of works) {
        begun.push(work())
        await somebodyWaits(begun.length)
      }
      // Wrapped, for they end only after this transaction.
      return { ends: Promise.allSettled(begun) }
    })
    return ends
  }

  interface Heard {
    readonly conversationId: string
    readonly contactId: string
  }
  const hear = async (contactKey: string, dedupKey = `${contactKey} 1`): Promise<Heard> => {
    const [accepted] = await stage.says(contactKey, dedupKey)
    const [row] = await test.database.query<Heard & Record<string, unknown>>(
      'select id as "conversationId", contact_id as "contactId" from conversations where id = $1',
      [accepted?.conversationId],
    )
    if (row === undefined) throw new Error('nothing was heard')
    return row
  }
  const messagesOf = async (conversationId: string): Promise<number> =>
    (await test.database.query('select 1 from messages where conversation_id = $1', [conversationId])).length
  const confirm = (contactId: string) => () => stage.erasures.confirm(contactId, undefined)
  const merge = (from: string, into: string) => () =>
    createContactStore(test.database).merge({ from, into, reason: 'agent', now: new Date() })
  const lockConversation = 'select 1 from conversations where id = $1 for update'
  const ends = (results: readonly PromiseSettledResult<unknown>[]): readonly string[] =>
    results.map((result) =>
      result.status === 'fulfilled' ? 'done' : (result.reason as { readonly code: string }).code,
    )

  it('somebody who is erased is merged into nobody', async () => {
    const [gone, other] = [await hear('gone'), await hear('other')]
    const { id } = await stage.erasures.plan(gone.contactId, '用户要求删除')
    const works = [confirm(gone.contactId), merge(gone.contactId, other.contactId)]
    expect(ends(await meeting([lockConversation, gone.conversationId], works))).toEqual(['done', 'not_found'])
    await stage.erase(id)
    expect([await messagesOf(gone.conversationId), await messagesOf(other.conversationId)]).toEqual([0, 1])
  })

  it('nobody is merged into somebody who is erased', async () => {
    const [gone, other] = [await hear('gone too'), await hear('stays')]
    const { id } = await stage.erasures.plan(gone.contactId, '用户要求删除')
    const works = [confirm(gone.contactId), merge(other.contactId, gone.contactId)]
    expect(ends(await meeting([lockConversation, gone.conversationId], works))).toEqual(['done', 'not_found'])
    await stage.erase(id)
    expect([await messagesOf(gone.conversationId), await messagesOf(other.conversationId)]).toEqual([0, 1])
  })

  it('who was merged in at this moment is erased along, and who went away is not', async () => {
    const [gone, joins] = [await hear('erased'), await hear('joins')]
    const { id } = await stage.erasures.plan(gone.contactId, '用户要求删除')
    const joining = [merge(joins.contactId, gone.contactId), confirm(gone.contactId)]
    expect(ends(await meeting([lockConversation, joins.conversationId], joining))).toEqual(['done', 'done'])
    await stage.erase(id)
    const names = 'select display_name as name from contacts where id = any($1::uuid[])'
    expect(await test.database.query(names, [[gone.contactId, joins.contactId]])).toEqual([
      { name: '' },
      { name: '' },
    ])
    const [leaves, into] = [await hear('leaves'), await hear('into')]
    await stage.erasures.plan(leaves.contactId, '用户要求删除')
    const leaving = [merge(leaves.contactId, into.contactId), confirm(leaves.contactId)]
    expect(ends(await meeting([lockConversation, leaves.conversationId], leaving))).toEqual([
      'done',
      'conflict',
    ])
    expect(await messagesOf(leaves.conversationId)).toBe(1)
  })

  it('what they write at this moment is somebody new’s, in whichever thread', async () => {
    const node = createConversationStore(test.database)
    for (const threadKey of ['writes', 'writes elsewhere']) {
      const gone = await hear('writes', randomUUID())
      // The node knows them already: it asks nobody who they are.
      await node.accept([buildItem(buildInbound({ contactKey: 'writes' }))], new Date())
      const { id } = await stage.erasures.plan(gone.contactId, '用户要求删除')
      const message = buildInbound({ contactKey: 'writes', threadKey })
      let heard: readonly Accepted[] = []
      const writes = async () => {
        heard = await node.accept([buildItem(message)], new Date())
      }
      const stalled = ['lock table contact_exports in share mode'] as const
      expect(ends(await meeting(stalled, [confirm(gone.contactId), writes]))).toEqual(['done', 'done'])
      await stage.erase(id)
      expect(heard).toMatchObject([{ outcome: 'accepted' }])
      const [row] = await test.database.query<{ contact: string; erased: Date | null }>(
        'select contact_id as contact, erased_at as erased from conversations where id = $1',
        [heard[0]?.conversationId],
      )
      expect([row?.contact === gone.contactId, row?.erased]).toEqual([false, null])
      expect(await messagesOf(heard[0]?.conversationId ?? '')).toBe(1)
    }
  })

  it('what is held at this moment is not retired any more, or is gone already', async () => {
    const { contactId, conversationId } = await hear('held')
    const retention = createRetention(test.database)
    const works = [
      () => retention.retire('messages', new Date('2099-01-01T00:00:00Z')),
      () => stage.holds.set({ kind: 'contact', id: contactId }, '法院调取'),
    ]
    await test.database.query('update messages set pending = false where conversation_id = $1', [
      conversationId,
    ])
    const message = 'select 1 from messages where conversation_id = $1 for update'
    expect(ends(await meeting([message, conversationId], works))).toEqual(['done', 'done'])
    const found = await test.database.query('select 1 from legal_holds where object_id = $1', [contactId])
    expect(found).toHaveLength(1)
  })
})
