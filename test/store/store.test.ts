import { describe, expect, it } from 'vitest'
import { itIsAConversationStore } from '../contract/conversation-store.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('the embedded database', () => itIsAConversationStore(openTestEmbedded))
describeWith('postgres', 'a broken PostgreSQL connection', (url) => {
  it('fails the transaction it was in, and nothing else', async () => {
    const test = await openTestPostgres(url)
    const { database } = test
    const broken = database.transaction(async (query) => {
      const [row] = await query<{ pid: number }>('select pg_backend_pid() as pid')
      await database.query('select pg_terminate_backend($1)', [row?.pid])
      await query('select 1')
    })
    await expect(broken).rejects.toThrow()
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }])
    await test.dispose()
  })
})
describeWith('postgres', 'PostgreSQL', (url) => itIsAConversationStore(() => openTestPostgres(url)))
