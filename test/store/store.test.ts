import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { openPostgres, type Database } from '../../src/store/index.ts'
import { itIsAConversationStore } from '../contract/conversation-store.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'
import { startSilentProxy, type SilentProxy } from '../support/silent-proxy.ts'

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
describeWith('postgres', 'a PostgreSQL connection whose other end is gone', (url) => {
  let proxy: SilentProxy
  let database: Database
  // Of what still answers, no statement may take longer: not on a busy machine either.
  const open = () => openPostgres({ url: proxy.url, maxConnections: 2, timeoutMs: 4_000, log: silentLog })
  beforeEach(async () => {
    proxy = await startSilentProxy(url)
    database = await open()
  })
  afterEach(async () => {
    await database.close()
    await proxy.close()
  })
  const alive = () => database.query('select 1 as one')

  it('is given up after the time-out and replaced', async () => {
    await Promise.all([alive(), alive()])
    proxy.silence()
    await expect(Promise.all([alive(), alive()])).rejects.toThrow()
    expect(await alive()).toEqual([{ one: 1 }])
  })

  it('fails its transaction without waiting for a rollback', async () => {
    const broken = database.transaction(async (query) => {
      await query('select 1')
      proxy.silence()
      await query('select 1')
    })
    await expect(broken).rejects.toThrow()
    expect(await alive()).toEqual([{ one: 1 }])
  })

  it('does not keep the product from stopping', async () => {
    const stopping = await open()
    await stopping.query('select 1')
    proxy.silence()
    await stopping.close()
  })
})
describeWith('postgres', 'a statement that takes too long', (url) => {
  it('is ended by the server, and its connection stays', async () => {
    const database = await openPostgres({ url, maxConnections: 1, timeoutMs: 1_000, log: silentLog })
    await expect(database.query('select pg_sleep(30)')).rejects.toMatchObject({ code: '57014' })
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }])
    await database.close()
  })
})
describeWith('postgres', 'PostgreSQL', (url) => itIsAConversationStore(() => openTestPostgres(url)))
