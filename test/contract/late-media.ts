import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { LateMedia } from '../../src/core/media.ts'
import type { Part } from '../../src/core/message.ts'
import { createConversationStore, createLateMedia, createMessageLog } from '../../src/store/index.ts'
import { buildInbound, buildItem } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'

const now = new Date('2026-11-23T04:00:00Z')
const inboxId = 'wechat-test'

/** What every database must do for files that come after their messages. */
export const itKeepsLateMedia = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let late: LateMedia

  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query('truncate contacts, contact_identities, conversations, messages cascade')
    late = createLateMedia(test.database)
  })

  const voice: Part = {
    kind: 'audio',
    media: { providerRef: 'V8', failure: 'pending' },
    highQuality: { providerRef: 'V16', failure: 'pending' },
  }
  const receive = async (parts: readonly Part[], inbox = inboxId): Promise<string> => {
    const message = buildInbound({ inboxId: inbox, parts })
    const [accepted] = await createConversationStore(test.database).accept([buildItem(message)], now)
    return accepted?.messageId ?? ''
  }
  const take = (retryMs = 0) => late.takePending({ inboxId, limit: 10, retryMs })
  const file = (providerRef: string) => ({ providerRef, mediaId: `media-${providerRef}`, bytes: 1 })

  it('gives messages whose files are missing, of one inbox, and counts', async () => {
    const messageId = await receive([voice])
    await receive([{ kind: 'image', media: { providerRef: 'M', failure: 'failed' } }])
    await receive([{ kind: 'text', text: '"failure": "pending"' }])
    await receive([voice], 'wechat-other')
    expect(await take()).toEqual([{ messageId, parts: [voice], tries: 1 }])
    expect(await take()).toMatchObject([{ messageId, tries: 2 }])
  })

  it('gives them once at a time', async () => {
    await receive([voice])
    const taken = await Promise.all([take(60_000), take(60_000), take(60_000)])
    expect(taken.flat()).toHaveLength(1)
    expect(await take()).toEqual([])
  })

  it('gives them until the last file is there', async () => {
    const messageId = await receive([voice])
    await late.attach(messageId, file('V8'))
    expect(await take()).toMatchObject([{ parts: [{ highQuality: { failure: 'pending' } }] }])
    await late.attach(messageId, { providerRef: 'V16', failure: 'expired' })
    expect(await take()).toEqual([])
  })

  it('keeps the file that came first', async () => {
    const messageId = await receive([voice])
    await late.attach(messageId, file('V8'))
    await late.attach(messageId, { providerRef: 'V8', failure: 'failed' })
    const [message] = await createMessageLog(test.database).latest({
      inboxId,
      threadKey: 'oUser0001',
      limit: 1,
    })
    expect(message?.parts).toMatchObject([{ media: file('V8') }])
  })

  it('knows nothing of a message that is gone, and lets its file go', async () => {
    const mediaId = randomUUID()
    await test.database.query(
      "insert into media (id, content_type, bytes, sha256) values ($1, 'audio/amr', 1, 'x')",
      [mediaId],
    )
    expect(await late.attach(randomUUID(), { ...file('V8'), mediaId })).toBeUndefined()
    const doomed = "select 1 from media where id = $1 and unsent_since = '-infinity'"
    expect(await test.database.query(doomed, [mediaId])).toHaveLength(1)
  })
}
