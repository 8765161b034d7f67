// The same proven push, fifty times at once, on two products that share one database: stored once, answered once.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestPostgres, type TestDatabase } from '../support/databases.ts'
import { createForger } from '../support/forged-push.ts'
import { startProduct, type Product } from '../support/product.ts'
import { describeWith } from '../support/services.ts'

describeWith('postgres', 'two nodes on one database', (url) => {
  let test: TestDatabase
  let nodes: readonly [Product, Product]
  beforeAll(async () => {
    test = await openTestPostgres(url)
    const shared = { masterKey: 'ab'.repeat(32), database: { url: test.url } }
    nodes = [await startProduct(shared), await startProduct(shared)]
  })
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.dispose()))
    await test.dispose()
  })

  it('keep and answer one of fifty copies', async () => {
    const [first, second] = nodes
    const contact = first.contact('oReplayed00000000000000001')
    const push = createForger(first, contact.openid).request()
    const elsewhere = new URL(push.url)
    elsewhere.port = new URL(second.app.url).port
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, place) => {
        const response = await fetch(place % 2 === 0 ? push.url : elsewhere, push.init)
        return { status: response.status, text: await response.text() }
      }),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const rows = (direction: string) =>
      test.database.query<{ count: number }>(
        `select count(*)::int as count from messages m join conversations c on c.id = m.conversation_id
         where c.contact_key = $1 and m.direction = $2`,
        [contact.openid, direction],
      )
    expect(await rows('in')).toEqual([{ count: 1 }])
    // Said again in the same conversation, so that whatever the copies set off has had its turn before.
    await contact.says('还在吗')
    await expect.poll(() => rows('in')).toEqual([{ count: 2 }])
    const tickets = () => test.database.query<{ count: number }>('select count(*)::int as count from tickets')
    await expect.poll(tickets).toEqual([{ count: 1 }])
    const said = await test.database.query<{ words: string }>(
      `select m.parts::text as words from messages m join conversations c on c.id = m.conversation_id
       where c.contact_key = $1 and m.direction = 'out' order by m.seq`,
      [contact.openid],
    )
    expect(said.filter(({ words }) => /T-\d+/.test(words))).toHaveLength(1)
  })
})
