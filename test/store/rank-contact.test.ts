import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createContactStore, createRankContact } from '../../src/store/index.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import type { TestDatabase } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'
import { openTicketWorld, type TicketWorld } from '../support/ticket-world.ts'

const itRanksContacts = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: TicketWorld
  beforeAll(async () => {
    test = await open()
    world = await openTicketWorld(test)
  })
  afterAll(() => test.dispose())

  const addressOf = async (contactKey: string) => {
    const [row] = await test.database.query<{ inbox_id: string; contact_id: string }>(
      'select inbox_id, contact_id from contact_identities where contact_key = $1',
      [contactKey],
    )
    return row
  }

  it('ranks who is reached so and nobody else, and has what is owed reckoned again', async () => {
    const [vip, other] = [world.newContact(), world.newContact()]
    await world.newTicket(vip)
    await world.newTicket(other)
    await test.database.query('update tickets set reckoned_version = 7')
    const rank = createRankContact(test.database)
    const address = await addressOf(vip)
    await rank(address?.inbox_id ?? '', vip, 'gold')
    await rank('another-inbox', other, 'gold')
    const contacts = createContactStore(test.database)
    expect((await contacts.get(address?.contact_id ?? '')).tier).toBe('gold')
    expect((await contacts.get((await addressOf(other))?.contact_id ?? '')).tier).toBeUndefined()
    const reckoned = 'select reckoned_version from tickets t join conversations c on c.id = t.conversation_id'
    const versionOf = async (contactKey: string) =>
      (
        await test.database.query<{ reckoned_version: number }>(`${reckoned} where c.contact_key = $1`, [
          contactKey,
        ])
      )[0]?.reckoned_version
    expect([await versionOf(vip), await versionOf(other)]).toEqual([0, 7])
  })
}

describe('ranking contacts, embedded', () => itRanksContacts(openTestEmbedded))
describeWith('postgres', 'ranking contacts, on PostgreSQL', (url) =>
  itRanksContacts(() => openTestPostgres(url)),
)
