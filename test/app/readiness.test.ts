import { afterAll, beforeAll, expect, it } from 'vitest'
import { asOwner } from '../../bench/own-database.ts'
import { openTestPostgres, type TestDatabase } from '../support/databases.ts'
import { startProduct, type Product } from '../support/product.ts'
import { describeWith } from '../support/services.ts'

describeWith('postgres', 'a node whose database answers and takes nothing', (url) => {
  let test: TestDatabase
  let product: Product
  beforeAll(async () => {
    test = await openTestPostgres(url)
    product = await startProduct({ database: { url: test.url } })
  })
  afterAll(async () => {
    await product.dispose()
    await test.dispose()
  })

  /** As after a failover to a server that only reads: the old connections are gone, the new ones cannot write. */
  const allowWriting = async (allowed: boolean): Promise<void> => {
    const name = new URL(test.url).pathname.slice(1)
    await asOwner(url, `alter database ${name} set default_transaction_read_only = ${allowed ? 'off' : 'on'}`)
    await asOwner(url, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
  }
  const statusOf = async (path: string): Promise<number> => (await fetch(product.app.url + path)).status

  it('is not ready until it may write again, and lives all the while', async () => {
    expect(await statusOf('/readyz')).toBe(200)
    await allowWriting(false)
    await expect.poll(() => statusOf('/readyz')).toBe(503)
    expect(await statusOf('/healthz')).toBe(200)
    await allowWriting(true)
    await expect.poll(() => statusOf('/readyz')).toBe(200)
  })
})
