import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CannedEntry, CannedStore } from '../../src/core/canned.ts'
import { createAuditLog, createCannedStore } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'

const now = new Date('2026-11-27T04:00:00.000Z')
const later = new Date('2026-11-27T05:00:00.000Z')
const entry = (over: Partial<CannedEntry> = {}): CannedEntry => ({
  ownerId: undefined,
  name: '退款到账',
  text: '{{contact.name}}你好',
  variants: [{ channel: 'weibo', text: '短的' }],
  pictures: [],
  sounds: ['tkdz', 'tuikuandaozhang'],
  ...over,
})

/** What every database must do for canned replies. */
export const itKeepsCannedReplies = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let store: CannedStore
  beforeAll(async () => {
    test = await open()
    store = createCannedStore(test.database)
  })
  afterAll(() => test.dispose())

  it('gives back what was written', async () => {
    const made = await store.create(entry(), now, undefined)
    const { name, text, variants, sounds } = entry()
    expect(made).toMatchObject({ name, text, variants, sounds, scope: 'team', createdAt: now, version: 1 })
    expect(await store.get('somebody', made.id)).toEqual(made)
    expect(await store.get(undefined, made.id)).toEqual(made)
  })

  it('shows personal ones to their owner alone', async () => {
    const own = await store.create(entry({ ownerId: 'li', name: '我的' }), now, undefined)
    const idsFor = async (who: string | undefined) => (await store.list(who)).map(({ id }) => id)
    expect(await idsFor('li')).toContain(own.id)
    expect(await idsFor('wang')).not.toContain(own.id)
    expect(await idsFor(undefined)).not.toContain(own.id)
    await expect(store.get('wang', own.id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('creates once by a key', async () => {
    const [first, again] = [
      await store.create(entry(), now, 'k1-canned'),
      await store.create(entry(), later, 'k1-canned'),
    ]
    expect(again).toEqual(first)
  })

  it('changes only the version that was seen', async () => {
    const made = await store.create(entry(), now, undefined)
    const changed = await store.change(made, entry({ text: '新的', pictures: [] }), 1, later)
    expect(changed).toMatchObject({ text: '新的', version: 2, updatedAt: later })
    await expect(store.change(made, entry({ text: '旧的' }), 1, later)).rejects.toMatchObject({
      code: 'conflict',
      facts: { version: 2, yours: 1 },
    })
    expect((await store.get(undefined, made.id)).text).toBe('新的')
  })

  it('removes, and notes in the audit log what concerns everybody', async () => {
    const made = await store.create(entry(), now, undefined)
    const own = await store.create(entry({ ownerId: 'li' }), now, undefined)
    await store.remove(made)
    await store.remove(own)
    await expect(store.remove(made)).rejects.toMatchObject({ code: 'not_found' })
    const audit = createAuditLog(test.database)
    const actsOn = async (objectId: string) =>
      (await audit.list({ objectId }, { limit: 10 })).map(({ act }) => act)
    expect(await actsOn(made.id)).toEqual(['canned-reply.removed', 'canned-reply.created'])
    expect(await actsOn(own.id)).toEqual([])
  })
}
