import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CampaignFacts } from '../../src/core/campaign.ts'
import { createContactStore, createOutboxStore } from '../../src/store/index.ts'
import { buildDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { plainCapabilities } from '../support/journey.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'
import { dayMs, hourMs, minuteMs, openSurveyWorld, type SurveyWorld } from '../support/survey-world.ts'

const actor = { kind: 'agent', id: 'li', name: '李然' } as const
const consent = { consent: true } as const
/** Then the contact is not in the middle of something any more. */
const rest = 10 * minuteMs

/** What every database must do for campaigns. */
export const areCampaigns = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: SurveyWorld
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query(
      'truncate survey_campaigns, survey_campaign_history, survey_consents, survey_invitations, survey_stops, timers, events, contacts, contact_identities, conversations, messages, outbox, delivery_attempts, tickets, ticket_timeline, ticket_links cascade',
    )
    world = openSurveyWorld(test)
  })

  const draft = (over: Partial<CampaignFacts> = {}) =>
    world.campaigns.create(
      {
        ...{ title: '推荐', question: { type: 'nps', wording: { zh: '会推荐吗？' } }, audience: {} },
        ...{ startsAt: world.clock.now(), endsAt: new Date(world.clock.now().getTime() + 90 * dayMs) },
        ...{ share: 1, mostADay: 100, ...over },
      },
      { actor },
      world.clock.now(),
    )
  const started = async (over: Partial<CampaignFacts> = {}) => {
    const { id } = await draft(over)
    return world.campaigns.move(id, 'started', { actor, reason: '开始' }, world.clock.now())
  }
  /** Somebody who wrote; gives the contact's key and id. */
  const writes = async (agrees: boolean, key = world.newContact()) => {
    const claim = await world.hears(key, () => (agrees ? { survey: consent } : {}))
    world.clock.advance(rest)
    return { key, contactId: claim.contactId, conversationId: claim.conversationId }
  }
  const answers = async (key: string, effect: object) => world.hears(key, () => ({ survey: effect }))
  const invitationsOf = (id: string) => world.campaignRecords.invitations(id, { limit: 10 })

  it('ask only contacts who agreed, once, and count what they say', async () => {
    const [yes, no] = [await writes(true), await writes(false)]
    const { id } = await started()
    await Promise.all([world.invite(), world.invite()])
    await world.invite()
    expect(world.asked).toEqual([yes.conversationId])
    const [invitation] = await invitationsOf(id)
    expect(invitation).toMatchObject({ contactId: yes.contactId, state: 'asked' })
    const claim = await answers(yes.key, { invitationId: invitation?.id, score: 0, comment: '太慢' })
    expect(claim.survey).toMatchObject({ id: invitation?.id, question: { type: 'nps' } })
    expect(await invitationsOf(id)).toMatchObject([{ state: 'answered', score: 0, comment: '太慢' }])
    expect(await world.campaignRecords.count(id)).toEqual({
      asked: 1,
      refused: 0,
      undelivered: 0,
      answers: new Map([[0, 1]]),
    })
    expect(no.conversationId).not.toBe(yes.conversationId)
    // It is no answer about a ticket.
    const month = { from: new Date(0), to: new Date(world.clock.now().getTime() + dayMs), by: 'all' as const }
    expect(await world.records.count(month)).toEqual([])
    expect(await world.review()).toBe(0)
  })

  it('share the days between surveys with those about tickets, and end with the stop word', async () => {
    const one = await writes(true)
    await started()
    await world.invite()
    const second = await started()
    await world.invite()
    expect(await world.preview(second)).toMatchObject({ reachable: 0, reasons: { 'asked-lately': 1 } })
    const ticket = await world.solves(one.key)
    await world.plan()
    world.clock.advance(hourMs / 2)
    await world.fire()
    expect((await world.invitationOf(ticket.id)).reason).toBe('asked-lately')
    await answers(one.key, { stop: true })
    world.clock.advance(31 * dayMs)
    await world.plan()
    await world.invite()
    expect(world.asked).toHaveLength(1)
    expect(await world.consents.of(one.contactId)).toMatchObject([{ withdrawnAt: expect.any(Date) as Date }])
    const proof = { proof: '报名表第 18 行', givenAt: world.clock.now(), actor }
    await expect(world.consents.give(one.contactId, proof)).rejects.toMatchObject({ code: 'conflict' })
    await answers(one.key, consent)
    world.clock.advance(rest)
    await world.invite()
    expect(world.asked).toHaveLength(2)
  })

  it('keep to the day’s most, to the hours of the brand, to their time, and to pauses', async () => {
    for (let one = 0; one < 3; one += 1) await writes(true)
    const { id } = await started({ mostADay: 2 })
    world.clock.advance(10 * hourMs)
    expect(await world.invite()).toBe(0)
    expect(await world.preview(await world.campaigns.get(id))).toMatchObject({ quiet: true })
    world.clock.advance(14 * hourMs)
    expect(await world.invite()).toBe(2)
    expect(await world.invite()).toBe(0)
    await world.campaigns.move(id, 'paused', { actor }, world.clock.now())
    world.clock.advance(dayMs)
    expect(await world.invite()).toBe(0)
    await world.campaigns.move(id, 'started', { actor }, world.clock.now())
    expect(await world.invite()).toBe(1)
    world.clock.advance(90 * dayMs)
    await world.invite()
    expect((await world.campaigns.get(id)).state).toBe('ended')
    const history = await world.campaigns.history(id)
    expect(history.map(({ change }) => change)).toEqual(['created', 'started', 'paused', 'started', 'ended'])
    expect(history[1]).toMatchObject({ reason: '开始', actor })
  })

  it('choose their audience, and tell beforehand who can be asked and why not', async () => {
    const [topical, other] = [await writes(true), await writes(true)]
    await writes(false)
    await world.solves(topical.key, { topic: 'vip-refund' })
    world.clock.advance(rest)
    const now = world.clock.now()
    const times = {
      solvedFrom: new Date(0).toISOString(),
      solvedTo: new Date(now.getTime() + dayMs).toISOString(),
    }
    const byTopic = await draft({ audience: { topics: ['vip-refund'], ...times } })
    expect(await world.preview(byTopic)).toMatchObject({ audience: 1, consenting: 1, reachable: 1 })
    const byId = await draft({ audience: { contactIds: [other.contactId], channels: ['wechat'] } })
    expect(await world.preview(byId)).toMatchObject({ audience: 1, reachable: 1 })
    expect(await world.preview(await draft({ audience: { channels: ['email'] } }))).toMatchObject({
      audience: 0,
    })
    expect(await world.preview(await draft({ audience: { tiers: ['vip'] } }))).toMatchObject({ audience: 0 })
    world.channel.capabilities = { ...plainCapabilities, passiveOnly: true }
    expect(await world.preview(await draft())).toEqual({
      ...{ audience: 3, consenting: 2, reachable: 0, quiet: false },
      reasons: { 'no-consent': 1, 'passive-only': 2 },
    })
    await world.campaigns.move(byId.id, 'started', { actor }, world.clock.now())
    expect(await world.invite()).toBe(0)
    world.channel.capabilities = plainCapabilities
    expect(await world.invite()).toBe(1)
    expect(world.asked).toEqual([other.conversationId])
  })

  describe('that were held up', () => {
    const night = 14 * hourMs
    const morning = 8 * hourMs
    const claim = async () => {
      const outbox = createOutboxStore(test.database, { isQuiet: world.isQuiet })
      const claims = await outbox.claim('sender', 10, minuteMs, world.clock.now())
      return claims.map(({ message }) => message.author)
    }
    const standing = async () => {
      const rows = await test.database.query<{ status: string; code: string | null }>(
        "select status, error ->> 'code' as code from outbox where author = 'survey'",
      )
      return rows.map(({ status, code }) => `${status} ${code ?? ''}`.trim())
    }

    it('wait for the hours of campaigns, and let what is said meanwhile pass', async () => {
      const { key } = await writes(true)
      await started()
      expect(await world.invite()).toBe(1)
      world.clock.advance(night)
      expect(await claim()).toEqual([])
      expect(await standing()).toEqual(['waiting held_back'])
      await world.hears(key, () => ({ outbound: [buildDraft('在的')] }))
      expect(await claim()).toEqual([])
      expect(await claim()).toEqual(['bot'])
      await world.invite()
      expect(await standing()).toEqual(['waiting held_back'])
      await test.database.query("update outbox set status = 'sent' where author = 'bot'")
      world.clock.advance(morning)
      await world.invite()
      expect(await claim()).toEqual(['survey'])
    })

    it('wait while their campaign is paused, and go nowhere once it is over', async () => {
      await writes(true)
      const { id } = await started()
      await world.invite()
      const move = (to: 'paused' | 'ended') =>
        world.campaigns.move(id, to, { actor, reason: '看看' }, world.clock.now())
      await move('paused')
      expect(await claim()).toEqual([])
      await world.invite()
      expect(await standing()).toEqual(['waiting held_back'])
      await move('ended')
      await world.invite()
      expect([await claim(), await standing()]).toEqual([[], ['withdrawn']])
      expect(await world.campaignRecords.count(id)).toMatchObject({ undelivered: 1 })
    })

    it('go nowhere either once nobody can answer them', async () => {
      await writes(true)
      await started()
      await world.invite()
      await test.database.query("update survey_invitations set state = 'expired'")
      expect([await claim(), await standing()]).toEqual([[], ['withdrawn']])
    })
  })

  it('leave contacts in peace who are in the middle of something', async () => {
    const [waits, fills, writing] = [await writes(true), await writes(true), await writes(true)]
    const { query } = test.database
    await query('update conversations set pending = 1 where id = $1', [waits.conversationId])
    await query(
      `update conversations set dialogue = jsonb_set(dialogue, '{form}', '{"id":"x"}') where id = $1`,
      [fills.conversationId],
    )
    await world.hears(writing.key)
    const campaign = await started()
    expect(await world.preview(campaign)).toMatchObject({ reachable: 0, reasons: { 'in-conversation': 3 } })
    expect(await world.invite()).toBe(0)
    await query(`update conversations set pending = 0, dialogue = dialogue - 'form'`)
    world.clock.advance(rest)
    expect(await world.invite()).toBe(3)
  })

  it('ask whom the preview counts: by windows, allowances and the lot', async () => {
    world.channel.capabilities = { ...plainCapabilities, replyWindowMs: 48 * hourMs }
    await writes(true)
    world.clock.advance(2 * dayMs)
    const [full, plenty] = [await writes(true), await writes(true)]
    const allow = (id: string, left: number, reserved: number) =>
      test.database.query('update conversations set quota = $2::jsonb where id = $1', [
        id,
        JSON.stringify({
          message: { left, reserved, until: new Date(world.clock.now().getTime() + hourMs) },
        }),
      ])
    await allow(full.conversationId, 3, 2)
    await allow(plenty.conversationId, 4, 2)
    const campaign = await started()
    expect(await world.preview(campaign)).toMatchObject({
      reachable: 1,
      reasons: { 'window-closed': 1, 'quota-used': 1 },
    })
    expect(await world.invite()).toBe(1)
    expect(world.asked).toEqual([plenty.conversationId])
    await world.campaigns.move(campaign.id, 'ended', { actor }, world.clock.now())
    world.channel.capabilities = plainCapabilities
    for (let one = 0; one < 20; one += 1) await writes(true)
    const half = await started({ share: 0.5 })
    const { reachable, reasons } = await world.preview(half)
    expect(reasons['not-sampled']).toBeGreaterThan(0)
    expect(reachable).toBeGreaterThan(0)
    expect(await world.invite()).toBe(reachable)
    expect(world.errors).toEqual([])
  })

  it('go on where two contacts that were one are two again', async () => {
    const [one, two] = [await writes(true), await writes(true)]
    const contacts = createContactStore(test.database)
    const merge = { from: one.contactId, into: two.contactId, reason: 'agent', agentId: 'li' } as const
    await contacts.merge({ ...merge, now: world.clock.now() })
    const campaign = await started()
    expect(await world.preview(campaign)).toMatchObject({ audience: 1, consenting: 1, reachable: 1 })
    expect(await world.invite()).toBe(1)
    expect(world.asked).toEqual([one.conversationId])
    const [made] = (await contacts.get(two.contactId)).merges
    await contacts.undo(made?.id ?? '', world.clock.now())
    await writes(true)
    expect(await world.preview(campaign)).toMatchObject({ reachable: 1, reasons: { 'asked-before': 2 } })
    expect(await world.invite()).toBe(1)
    expect(world.errors).toEqual([])
  })

  it('take back what nobody tried to send when the contact says stop, wherever', async () => {
    const [one, two] = [await writes(true), await writes(false)]
    const merge = { from: two.contactId, into: one.contactId, reason: 'agent', agentId: 'li' } as const
    await createContactStore(test.database).merge({ ...merge, now: world.clock.now() })
    const { id } = await started()
    await world.invite()
    const statuses = async () =>
      (await test.database.query('select status from outbox')).map((row) => row.status)
    expect(await statuses()).toEqual(['queued'])
    const elsewhere = world.asked[0] === one.conversationId ? two : one
    await answers(elsewhere.key, { stop: true })
    expect(await statuses()).toEqual(['withdrawn'])
    expect(await invitationsOf(id)).toMatchObject([{ state: 'refused' }])
  })

  it('take back what nobody tried to send when consent is withdrawn, and nothing else', async () => {
    const [one, two] = [await writes(true), await writes(true)]
    const { id } = await started()
    await world.invite()
    await test.database.query(`update outbox set attempts = 1 where conversation_id = $1`, [
      two.conversationId,
    ])
    for (const { contactId } of [one, two])
      await world.consents.withdraw(contactId, { reason: '来电说不要了', actor }, world.clock.now())
    const states = (await invitationsOf(id)).map(({ contactId, state }) => [contactId, state])
    expect(await world.campaignRecords.count(id)).toMatchObject({ asked: 2, refused: 1, undelivered: 1 })
    expect(new Map(states as [string, string][])).toEqual(
      new Map([
        [one.contactId, 'refused'],
        [two.contactId, 'asked'],
      ]),
    )
  })

  it('keep one consent, however often a contact agrees', async () => {
    const one = await writes(true)
    await answers(one.key, consent)
    expect(await world.consents.of(one.contactId)).toHaveLength(1)
    await answers(one.key, { stop: true })
    await answers(one.key, consent)
    expect(await world.consents.of(one.contactId)).toMatchObject([
      { way: 'conversation' },
      { withdrawnAt: expect.any(Date) as Date },
    ])
  })

  it('tell outside systems which campaign was answered', async () => {
    const one = await writes(true)
    const { id } = await started()
    await world.invite()
    const [invitation] = await invitationsOf(id)
    await answers(one.key, { invitationId: invitation?.id, score: 7 })
    await untilEventsAreReadable(test.database)
    const told = await world.events.read({ types: ['survey.answered'], limit: 10 })
    expect(told.map(({ data }) => data)).toEqual([{ invitationId: invitation?.id, score: 7, campaignId: id }])
  })

  it('end by themselves when their time is over, paused ones too', async () => {
    const { id } = await started()
    await world.campaigns.move(id, 'paused', { actor }, world.clock.now())
    world.clock.advance(91 * dayMs)
    await world.invite()
    expect((await world.campaigns.get(id)).state).toBe('ended')
  })

  it('take consent from elsewhere with its proof, and its withdrawal', async () => {
    const one = await writes(false)
    const givenAt = world.clock.now()
    await world.consents.give(one.contactId, { proof: '报名表第 18 行', givenAt, actor })
    expect(await world.consents.of(one.contactId)).toMatchObject([
      { way: 'elsewhere', at: givenAt, by: actor },
    ])
    await world.consents.withdraw(one.contactId, { reason: '来电说不要了', actor }, world.clock.now())
    await started()
    expect(await world.invite()).toBe(0)
    expect(await world.consents.of(one.contactId)).toMatchObject([{ withdrawal: '来电说不要了' }])
    // A list that is read in again does not bring back what was withdrawn.
    const again = { proof: '报名表第 18 行', givenAt, actor }
    await expect(world.consents.give(one.contactId, again)).rejects.toMatchObject({ code: 'conflict' })
    world.clock.advance(hourMs)
    await world.consents.give(one.contactId, { ...again, givenAt: world.clock.now() })
    expect(await world.invite()).toBe(1)
  })

  it('refuse what is stale, comes twice, or is too late', async () => {
    const { id, version } = await draft()
    const now = world.clock.now()
    const again = { actor, idempotencyKey: 'key-1' }
    const first = await world.campaigns.move(id, 'started', again, now)
    expect((await world.campaigns.move(id, 'started', again, now)).version).toBe(first.version)
    await expect(world.campaigns.change(id, { title: 'x' }, { actor, version }, now)).rejects.toMatchObject({
      code: 'conflict',
    })
    const question = { type: 'csat', wording: { zh: '好吗' } } as const
    await expect(world.campaigns.change(id, { question }, { actor }, now)).rejects.toThrow('cannot change')
    await expect(world.campaigns.move(id, 'started', { actor }, now)).rejects.toThrow('cannot be started')
    await expect(world.campaigns.change(id, { endsAt: now }, { actor }, now)).rejects.toThrow('endsAt')
    await world.campaigns.move(id, 'ended', { actor }, now)
    await expect(world.campaigns.change(id, { share: 1 }, { actor }, now)).rejects.toThrow('has ended')
  })
}
