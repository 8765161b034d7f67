import { initialDialogue, type TicketDraft } from '../../src/core/conversation.ts'
import type { Role } from '../../src/core/agent.ts'
import type { AssignPolicy, Grade, Team, TeamFacts } from '../../src/core/queue.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import {
  createAgentDirectory,
  createAssignment,
  createHandBackSilent,
  createPresenceStore,
  createQueueOutlook,
  createTeamMembers,
  createTeamStore,
  type Database,
} from '../../src/store/index.ts'
import { buildTicketDraft } from './builders.ts'
import type { TestDatabase } from './databases.ts'
import { now, openTicketWorld } from './ticket-world.ts'

export const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000)

/** What assigning goes by as of `at`, with everybody's place for two. */
export const policyAt = (at: Date, over: Partial<AssignPolicy> = {}): AssignPolicy => ({
  silentBefore: new Date(at.getTime() - 180_000),
  countedAfter: new Date(at.getTime() - 1_800_000),
  capacity: { junior: 1, agent: 2, senior: 2, lead: 2 },
  ...over,
})

export const teamFacts = (over: Partial<TeamFacts> = {}): TeamFacts => ({
  name: { zh: '会员组', en: 'Memberships' },
  spread: 'leastLoaded',
  takes: { kinds: [], topics: [], priorities: [], channels: [] },
  skills: {},
  isDefault: false,
  ...over,
})

/** The queues' stores of one node. */
export const openQueueStores = (database: Database) => ({
  teams: createTeamStore(database),
  members: createTeamMembers(database),
  presence: createPresenceStore(database),
  assignment: createAssignment(database, initialDialogue),
  outlook: createQueueOutlook(database),
  handBackSilent: createHandBackSilent(database, initialDialogue),
})

/** Teams, people and tickets that wait, on one database. */
export const openQueueWorld = async (test: TestDatabase) => {
  const { database } = test
  const tickets = await openTicketWorld(test)
  const stores = openQueueStores(database)
  const directory = createAgentDirectory(database)
  let people = 0
  /** Gives every ticket that nobody has its team. */
  const route = async (at = now): Promise<readonly string[]> => {
    const routed: string[] = []
    for (let after = 0; ;) {
      const page = await stores.assignment.route({ after, limit: 3 }, at)
      if (page === undefined) return routed
      routed.push(...page.ticketIds)
      after = page.last
    }
  }
  const hire = async (role: Role = 'agent'): Promise<string> => {
    people += 1
    const mail = `hired${String(people)}@example.com`
    return (await directory.create({ name: `客服${String(people)}`, email: mail, role })).id
  }
  const newTicket = async (over: Partial<TicketDraft> = {}): Promise<Ticket> => {
    let opened = 0
    await tickets.turn(tickets.newContact(), (number) => {
      opened = number
      return { openTicket: buildTicketDraft(number, over) }
    })
    const found = (await tickets.store.list({ view: 'all', agentId: '', limit: 1_000 })).find(
      ({ number }) => number === opened,
    )
    if (found === undefined) throw new Error('no ticket')
    return found
  }
  return {
    ...stores,
    tickets,
    route,
    hire,
    /** Somebody of the team who is online. */
    join: async (team: Team, grade: Grade = 'agent', skills: readonly string[] = []): Promise<string> => {
      const agentId = await hire()
      await stores.members.put({ teamId: team.id, agentId, grade, skills })
      await stores.presence.set(agentId, 'online', now)
      return agentId
    },
    newTicket,
    /** A ticket in its team's queue. */
    newWaiting: async (over: Partial<TicketDraft> = {}): Promise<Ticket> => {
      const ticket = await newTicket(over)
      await route()
      return ticket
    },
    /** Gives tickets away until nobody is free or nothing waits. */
    drain: async (at = now, over: Partial<AssignPolicy> = {}) => {
      const given = []
      for (;;) {
        const assigned = await stores.assignment.assignNext(policyAt(at, over), at)
        if (assigned === undefined) return given
        given.push(assigned)
      }
    },
    /** Takes every team, person there and ticket away. */
    clear: () =>
      database.query(
        'truncate teams, team_members, presence, queue_exits, contacts, contact_identities, conversations, messages, outbox, delivery_attempts, tickets, ticket_timeline cascade',
      ),
  }
}
export type QueueWorld = Awaited<ReturnType<typeof openQueueWorld>>
