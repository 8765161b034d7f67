// Two nodes on one database and one Redis, and a desk open at each: who is at a ticket is seen at the other.
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createInProcessLimiters } from '../../src/bus/index.ts'
import { systemClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import { createSignIn } from '../../src/http/index.ts'
import { createAgentDirectory, createSealing, createSignInStores } from '../../src/store/index.ts'
import { createAgent, openDesk } from '../support/agent.ts'
import { openTestPostgres, type TestDatabase } from '../support/databases.ts'
import { startProduct, type Product } from '../support/product.ts'
import { describeWith, serviceUrl } from '../support/services.ts'

/** A busy machine's nodes may hear of each other late. */
const patience = { timeout: 30_000 }

describeWith('postgres', 'agents whose desks are at different nodes', (postgres) => {
  describe.skipIf(serviceUrl('redis') === undefined)('on one Redis', () => {
    let test: TestDatabase
    let nodes: readonly [Product, Product]
    beforeAll(async () => {
      test = await openTestPostgres(postgres)
      const redis = { url: serviceUrl('redis'), prefix: `tongda-test-${randomUUID()}` }
      const shared = { masterKey: 'ab'.repeat(32), database: { url: test.url }, redis }
      nodes = [await startProduct(shared), await startProduct(shared)]
    })
    afterAll(async () => {
      await Promise.all(nodes.map((node) => node.dispose()))
      await test.dispose()
    })

    /** An agent of this name, signed in at a node, with the desk open. */
    const enter = async ({ app }: Product, name: string) => {
      const stores = createSignInStores(test.database, createSealing(randomBytes(32)))
      const limiters = createInProcessLimiters()
      const signIn = createSignIn({ stores, clock: systemClock, log: silentLog, limiters })
      const person = { name, email: `${randomUUID()}@example.com`, role: 'agent' } as const
      const { id } = await createAgentDirectory(test.database).create(person)
      const agent = await createAgent(app.url, `${app.url}${(await signIn.createLink(id, 15)).path}`)
      const desk = await openDesk(agent)
      await expect.poll(desk.heard, patience).toContain('event: ready')
      return { id, agent, ...desk }
    }

    it('see each other looking, typing and going', async () => {
      const [one, other] = nodes
      const contact = one.contact()
      await contact.says('转人工')
      await contact.hears(/T-\d+/)
      const [mine, theirs] = [await enter(one, '李然'), await enter(other, '王珂')]
      const { id } = await mine.agent.finds(/人工/)
      for (const doing of ['looking', 'typing', 'gone']) {
        const seen = (who: typeof mine, name: string): string =>
          `event: viewing\ndata: ${JSON.stringify({ ticketId: id, agentId: who.id, agentName: name, doing })}`
        await mine.agent.post(`/tickets/${id}/viewing`, { doing })
        await theirs.agent.post(`/tickets/${id}/viewing`, { doing })
        await expect.poll(theirs.heard, patience).toContain(seen(mine, '李然'))
        await expect.poll(mine.heard, patience).toContain(seen(theirs, '王珂'))
      }
    })
  })
})
