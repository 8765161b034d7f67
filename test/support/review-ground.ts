import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { ReviewPerson } from '../../src/core/review.ts'
import type { TestDatabase } from './databases.ts'
import { openQualityWorld, type QualityWorld } from './quality-world.ts'
import { untilEventsAreReadable } from './readable-events.ts'

/** Who is there in tests of reviews; new ones for each test. */
export interface ReviewGround {
  readonly test: TestDatabase
  readonly world: QualityWorld
  readonly agent: ReviewPerson
  readonly senior: ReviewPerson
  readonly supervisor: ReviewPerson
}

const emptied =
  'truncate work_reviews, work_review_scores, work_review_history, review_rules, review_draws, review_forms, review_form_numbers, coaching_notes, survey_invitations, team_members, timers, events, contacts, contact_identities, conversations, messages, outbox, delivery_attempts, tickets, ticket_timeline, ticket_links cascade'

/** Opens a database for the tests of a suite, empties it before each, and tells `tell` who is there. */
export const useReviewGround = (open: () => Promise<TestDatabase>, tell: (ground: ReviewGround) => void) => {
  let ground: ReviewGround
  let test: TestDatabase
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query(emptied)
    const world = openQualityWorld(test.database)
    const agent = await world.hire('agent', '小李')
    const senior = await world.hire('senior', '老王')
    ground = { test, world, agent, senior, supervisor: await world.hire('supervisor', '主管') }
    tell(ground)
  })
  return {
    /** What outside systems hear of reviews. */
    typesOf: async () => {
      await untilEventsAreReadable(test.database)
      const all = await ground.world.events.read({ types: [], limit: 1_000 })
      return all.filter(({ type }) => type.startsWith('quality.'))
    },
    /** A ticket that somebody solved, to be reviewed. */
    add: async (who = ground.agent) => {
      const ticket = await ground.world.solves(who)
      const review = await ground.world.services.reviews.add(
        { subject: 'ticket', workId: ticket.id },
        // Nobody has their own work reviewed.
        { who: who.id === ground.supervisor.id ? ground.senior : ground.supervisor },
      )
      return { ticket, review }
    },
  }
}
