import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConversationStore, createMessageLog, createMoveThreads } from '../../src/store/index.ts'
import { buildInbound, buildItem } from '../support/builders.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import type { TestDatabase } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

const itMovesThreads = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.dispose())

  const says = (threadKey: string, text: string, inboxId = 'groups') =>
    createConversationStore(test.database).accept(
      [
        buildItem(
          buildInbound({
            inboxId,
            contactKey: `of-${threadKey}`,
            threadKey,
            dedupKey: `${inboxId} ${threadKey} ${text}`,
            text,
          }),
        ),
      ],
      new Date(),
    )
  const count = async (threadKey: string, inboxId = 'groups') =>
    (await createMessageLog(test.database).latest({ inboxId, threadKey, limit: 10 })).length

  it('moves a thread and its parts, nothing else, and what is said next goes on in them', async () => {
    for (const key of ['-5', '-5:1', '-5:2:7', '-55', '-55:1']) await says(key, '一')
    await says('-5', '一', 'other inbox')
    const move = createMoveThreads(test.database)
    await move('groups', '-5', '-100')
    await move('groups', '-5', '-100')
    const [first] = await says('-100:1', '二')
    expect(first?.seq).toBe(2)
    expect([await count('-100'), await count('-100:1'), await count('-100:2:7')]).toEqual([1, 2, 1])
    expect([await count('-5'), await count('-5:1'), await count('-55'), await count('-55:1')]).toEqual([
      0, 0, 1, 1,
    ])
    expect(await count('-5', 'other inbox')).toBe(1)
  })

  it('leaves a thread whose new address is taken', async () => {
    await says('-7', '一')
    await says('-200', '二')
    await createMoveThreads(test.database)('groups', '-7', '-200')
    expect([await count('-7'), await count('-200')]).toEqual([1, 1])
  })
}

describe('moving threads on the embedded database', () => itMovesThreads(openTestEmbedded))
describeWith('postgres', 'moving threads on PostgreSQL', (url) => itMovesThreads(() => openTestPostgres(url)))
