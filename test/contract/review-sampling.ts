import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ReviewPerson } from '../../src/core/review.ts'
import type { SamplingFacts, SamplingRule } from '../../src/core/review-sampling.ts'
import type { TestDatabase } from '../support/databases.ts'
import { botForm, dayMs, type QualityWorld } from '../support/quality-world.ts'
import { useReviewGround } from '../support/review-ground.ts'

/** What somebody writes of a rule. */
const factsOf = (rule: SamplingRule): SamplingFacts => {
  const made = ['id', 'createdAt', 'updatedAt', 'version', 'since']
  return Object.fromEntries(
    Object.entries(rule).filter(([name]) => !made.includes(name)),
  ) as unknown as SamplingFacts
}

/** What every database must do for drawing work to be reviewed. */
export const isSampling = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: QualityWorld
  let agent: ReviewPerson
  let senior: ReviewPerson
  useReviewGround(open, (ground) => {
    ;({ test, world, agent, senior } = ground)
  })

  describe('sampling', () => {
    const drawn = () => world.services.reviews.list({}, { limit: 1_000 })
    const toNextWeek = () => world.clock.advance(6 * dayMs)

    it('draws so many a week of each agent’s, once, with a seed by which anybody can draw it again', async () => {
      const second = await world.hire('agent', '小张')
      const ids: string[] = []
      for (let turn = 0; turn < 5; turn += 1) ids.push((await world.solves(agent)).id)
      const other = await world.solves(second)
      const rule = await world.rule()
      expect(await world.draw()).toEqual([])
      toNextWeek()
      const [draw, ...rest] = await world.draw(() => 'seed-1')
      expect(rest).toEqual([])
      expect(draw).toMatchObject({ found: 6, drawn: 3, seed: 'seed-1' })
      const hash = (id: string): string => createHash('md5').update(`seed-1/${id}`).digest('hex')
      const expected = ids.toSorted((one, two) => (hash(one) < hash(two) ? -1 : 1)).slice(0, 2)
      const reviews = await drawn()
      expect(reviews.map(({ workId }) => workId).toSorted()).toEqual([...expected, other.id].toSorted())
      expect(reviews[0]).toMatchObject({ ruleId: rule.id, state: 'open' })
      expect(await world.draw()).toEqual([])
      expect(await world.services.draws.draws(rule.id, 9)).toMatchObject([{ seed: 'seed-1' }])
    })

    it('is safe with several nodes at once, and never draws a work twice under one form', async () => {
      for (let turn = 0; turn < 4; turn += 1) await world.solves(agent)
      await world.rule()
      await world.rule({ amount: { share: 1 } })
      toNextWeek()
      await Promise.all([world.draw(), world.draw(), world.draw()])
      const works = (await drawn()).map(({ workId }) => workId)
      expect(works).toHaveLength(4)
      expect(new Set(works).size).toBe(4)
    })

    it('makes up for what nobody was up for, and draws nothing of the time it was off', async () => {
      const rule = await world.rule({ amount: { share: 1 } })
      await world.solves(agent)
      world.clock.advance(3 * dayMs)
      expect(await world.draw()).toHaveLength(3)
      expect(await drawn()).toHaveLength(1)
      const { id, version } = rule
      const off = await world.services.rules.change(
        id,
        { ...factsOf(rule), enabled: false },
        version,
        world.clock.now(),
      )
      await world.solves(agent)
      world.clock.advance(3 * dayMs)
      expect(await world.draw()).toEqual([])
      await world.services.rules.change(id, factsOf(rule), off.version, world.clock.now())
      await world.solves(agent)
      world.clock.advance(dayMs)
      expect(await world.draw()).toHaveLength(1)
      expect(await drawn()).toHaveLength(2)
    })

    it('goes by its condition', async () => {
      const teamId = '0198c0de-0000-7000-8000-0000000000aa'
      await test.database.query(
        `insert into teams (id, name_zh, name_en, spread, is_default, kinds, topics, priorities, channels, skills, created_at, updated_at)
         values ($1, '一组', 'One', 'leastLoaded', false, '{}', '{}', '{}', '{}', '{}', now(), now()) on conflict do nothing`,
        [teamId],
      )
      await test.database.query(
        `insert into team_members (team_id, agent_id, grade, skills) values ($1, $2, 'junior', '{}')`,
        [teamId, agent.id],
      )
      const plain = await world.solves(agent)
      const angry = await world.solves(agent, { kind: 'complaint', topic: 'account-stolen' })
      const again = await world.solves(agent)
      const actor = { agentId: agent.id, name: agent.name }
      await world.apply(again.id, 'reopened', actor)
      await world.apply(again.id, 'solved', actor)
      const share = { amount: { share: 1 }, waitDays: 0 } as const
      const finds = async (when: object): Promise<readonly string[]> => {
        await test.database.query('truncate work_reviews, review_rules, review_draws cascade')
        await world.rule({ ...share, when })
        world.clock.advance(dayMs)
        await world.draw()
        world.clock.advance(-dayMs)
        return (await drawn()).map(({ workId }) => workId).toSorted()
      }
      const ids = (...tickets: { readonly id: string }[]) => tickets.map(({ id }) => id).toSorted()
      expect(await finds({})).toEqual(ids(plain, angry, again))
      expect(await finds({ kinds: ['complaint'] })).toEqual(ids(angry))
      expect(await finds({ topics: ['account-stolen'], channels: ['wechat'] })).toEqual(ids(angry))
      expect(await finds({ channels: ['weibo'] })).toEqual([])
      expect(await finds({ reopened: true })).toEqual(ids(again))
      expect(await finds({ promiseBroken: true })).toEqual([])
      await world.tickets.apply(
        {
          ...{ ticketId: plain.id, change: 'promise-broken', detail: {}, set: { teamId } },
          actor: { author: 'system', rule: 'test' },
        },
        world.clock.now(),
      )
      expect(await finds({ promiseBroken: true })).toEqual(ids(plain))
      expect(await finds({ teamIds: [teamId] })).toEqual(ids(plain))
      expect(await finds({ grades: ['junior'] })).toEqual(ids(plain))
      expect(await finds({ grades: ['lead'] })).toEqual([])
      await test.database.query(
        `insert into survey_invitations (id, ticket_id, contact_id, conversation_id, solved_at, channel, topic, state,
           due_at, created_at, score) values ($1, $1, $1, $2, now(), 'wechat', 'x', 'answered', now(), now(), 2)`,
        [angry.id, angry.conversationId],
      )
      expect(await finds({ mostScore: 2 })).toEqual(ids(angry))
      expect(await finds({ mostScore: 1 })).toEqual([])
      expect(await finds({ agentIds: [senior.id] })).toEqual([])
      expect(await finds({ agentIds: [agent.id, senior.id] })).toHaveLength(3)
    })

    it('finds answers of the bot by how sure it was, and those that were turned down', async () => {
      const unsure = await world.answers({ score: 0.4, contactKey: 'oUnsure' })
      const sure = await world.answers({ score: 0.95, contactKey: 'oSure' })
      const finds = async (when: object): Promise<readonly string[]> => {
        await test.database.query('truncate work_reviews, review_rules, review_draws cascade')
        await world.rule({ subject: 'bot-answer', formId: botForm, amount: { share: 1 }, when })
        world.clock.advance(dayMs)
        await world.draw()
        world.clock.advance(-dayMs)
        return (await drawn()).map(({ workId }) => workId)
      }
      expect(await finds({ confidence: { below: 0.5 } })).toEqual([unsure])
      expect(await finds({ confidence: { from: 0.9 } })).toEqual([sure])
      expect(await finds({ turnedDown: true })).toEqual([])
      await world.answers({ rule: 'corrected', contactKey: 'oSure' })
      expect(await finds({ turnedDown: true })).toEqual([sure])
    })

    it('has some works reviewed by two', async () => {
      await world.solves(agent)
      await world.rule({ doubleShare: 1 })
      toNextWeek()
      expect(await world.draw()).toMatchObject([{ drawn: 1 }])
      expect((await drawn()).map(({ round }) => round).toSorted()).toEqual([1, 2])
    })

    it('draws each work with the same chance, and no agent’s more than their share', async () => {
      const few = await world.hire('agent', '新人')
      const works: string[] = []
      for (let turn = 0; turn < 7; turn += 1) works.push((await world.solves(agent)).id)
      works.push((await world.solves(few)).id)
      const times = new Map(works.map((id) => [id, 0]))
      const draws = 100
      await world.rule({ amount: { share: 0.3 } })
      world.clock.advance(dayMs)
      for (let seed = 0; seed < draws; seed += 1) {
        await test.database.query('truncate work_reviews, review_draws cascade')
        await world.draw(() => `seed ${String(seed)}`)
        const reviews = await drawn()
        const mine = reviews.filter(({ revieweeId }) => revieweeId === agent.id).length
        expect([2, 3]).toContain(mine)
        for (const { workId } of reviews) times.set(workId, (times.get(workId) ?? 0) + 1)
      }
      // Binomial: five standard deviations.
      const slack = 5 * Math.sqrt(draws * 0.3 * 0.7)
      for (const count of times.values()) expect(Math.abs(count - draws * 0.3)).toBeLessThan(slack)
    })
  })
}
