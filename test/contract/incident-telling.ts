import { describe, expect, it } from 'vitest'
import { createContactStore } from '../../src/store/index.ts'
import { buildDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { by, draft, effects, useIncidentStage } from '../support/incident-stage.ts'

/** How those who follow incidents are told, and what closing does. */
export const isIncidentTelling = (open: () => Promise<TestDatabase>): void => {
  const stage = useIncidentStage(open)
  const { person, says, opensTicket, ticketOf, saidIn, declare, fates } = stage

  describe('telling', () => {
    it('tells all who follow once, within window and quota, else above the next answer', async () => {
      const { id } = await declare({ gathers: false })
      const follows = () => ({ incidents: effects({ follows: [id] }) })
      const rich = await says(person(), follows)
      const key = person()
      const poor = await says(key, follows)
      const empty = { message: { left: 0, until: new Date(stage.clock.now().getTime() + 1e9), reserved: 0 } }
      await stage.database.query('update conversations set quota = $2::jsonb where id = $1', [
        poor.conversationId,
        JSON.stringify(empty),
      ])
      await stage.stores.store.update(id, { zh: '修了一半' }, { actor: by }, stage.clock.now())
      await Promise.all([stage.background.settle(), stage.background.settle()])
      expect(await fates(id)).toEqual(['told now', 'waits quota-used'])
      expect((await saidIn(rich)).at(-1)).toBe(
        '关于“登录异常”的进展：修了一半\n不想再收到进展，回复“退订进展通知”即可。',
      )
      expect(await stage.stores.waits(poor.conversationId)).toEqual({ suggestions: false, incidents: true })
      expect(await stage.stores.waits(rich.conversationId)).toEqual({ suggestions: false, incidents: false })
      const [news] = await stage.stores.waiting(poor.conversationId)
      expect(news).toMatchObject({ kind: 'update', wording: { zh: '修了一半' } })
      await says(key, () => ({ outbound: [buildDraft('答')], tellsNotices: [news?.noticeId ?? ''] }))
      expect(await stage.stores.waiting(poor.conversationId)).toEqual([])
      expect(await fates(id)).toEqual(['told next-message', 'told now'])
    })

    it('speaks English to whoever does, in the usual words where there are none of its own', async () => {
      const { id } = await declare({ gathers: false, title: { zh: '登录异常' } })
      const claim = await says(person(), () => ({
        incidents: effects({ follows: [id], language: 'en' }),
      }))
      await stage.stores.store.update(
        id,
        { zh: '修了一半', en: 'Half done' },
        { actor: by },
        stage.clock.now(),
      )
      await stage.background.settle()
      await stage.stores.store.update(id, { zh: '快了' }, { actor: by }, stage.clock.now())
      await stage.background.settle()
      const ending = '\nTo hear no more of this, reply "stop updates".'
      expect((await saidIn(claim)).slice(-2)).toEqual([
        `News of "Service disturbance": Half done${ending}`,
        `News of "Service disturbance": 快了${ending}`,
      ])
    })

    it('knows who follows, and who stops, when two contacts turn out to be one', async () => {
      const { id } = await declare({ gathers: false })
      const key = person()
      const claim = await says(key, () => ({ incidents: effects({ follows: [id] }) }))
      const other = await says(person())
      await createContactStore(stage.database).merge({
        ...{ from: claim.contactId, into: other.contactId, reason: 'agent', now: stage.clock.now() },
      })
      expect((await stage.stores.hearing.of(other.conversationId)).follows.has(id)).toBe(true)
      await says(key, () => ({ incidents: effects({ leaves: true }) }))
      expect(await stage.stores.reading.get(id)).toMatchObject({ followers: 0 })
    })

    it('is foreseen: who is led by a person only about it is free when it closes', async () => {
      const { id } = await declare({ gathers: false })
      await says(person(), () => opensTicket({ incidents: effects({ hangs: id }) }))
      const modes = async (kind: 'update' | 'closed') =>
        (await stage.stores.notices.followers(id, kind)).map(({ asked }) => asked.mode)
      expect([await modes('update'), await modes('closed')]).toEqual([['human'], ['bot']])
    })

    it('tells of the newest only, and never whoever wants to hear no more', async () => {
      const { id } = await declare({ gathers: false })
      const key = person()
      const claim = await says(key, () => ({ incidents: effects({ follows: [id] }) }))
      stage.channel.capabilities = undefined
      await stage.stores.store.update(id, { zh: '一' }, { actor: by }, stage.clock.now())
      await stage.background.settle()
      await stage.stores.store.update(id, { zh: '二' }, { actor: by }, stage.clock.now())
      await stage.background.settle()
      expect(await fates(id)).toEqual(['never overtaken', 'waits inbox-gone'])
      await says(key, () => ({ incidents: effects({ leaves: true }) }))
      expect(await fates(id)).toEqual(['never overtaken', 'never said-stop'])
      expect((await stage.stores.hearing.of(claim.conversationId)).follows.size).toBe(0)
      await stage.stores.store.close(id, { zh: '好了' }, { actor: by }, stage.clock.now())
      expect(await fates(id)).toHaveLength(2)
    })
  })

  it('closes with its tickets solved, named in their history, and all told; once, whatever breaks off', async () => {
    const { id, number } = await declare({ gathers: false })
    const claims = [
      await says(person(), () => opensTicket({ incidents: effects({ hangs: id }) })),
      await says(person(), () => opensTicket({ incidents: effects({ hangs: id }) })),
    ]
    const closed = await stage.stores.store.close(id, { zh: '好了' }, { actor: by }, stage.clock.now())
    expect(closed).toMatchObject({ state: 'closed', closedBy: by })
    // As if a run had been broken off after the first ticket was solved.
    await Promise.all([stage.background.settle(), stage.background.settle()])
    await stage.database.query('update incident_tickets set settled_at = null')
    await stage.background.settle()
    for (const claim of claims) {
      const ticket = await ticketOf(claim)
      expect(ticket).toMatchObject({ state: 'solved', conversationMode: 'bot' })
      const lines = (await stage.stores.tickets.timeline(ticket.id)).filter(
        ({ change }) => change === 'solved',
      )
      expect(lines.map(({ detail }) => detail.incident)).toEqual([number])
      expect((await saidIn(claim)).filter((text) => text.includes('好了'))).toEqual(['“登录异常”：好了'])
    }
    expect(await fates(id)).toEqual(['told now', 'told now'])
    await expect(
      stage.stores.store.update(id, { zh: '再说' }, { actor: by }, stage.clock.now()),
    ).rejects.toMatchObject({
      code: 'conflict',
    })
    const { tickets, told } = await stage.stores.count({ id }, { from: draft.sinceAt, to: stage.clock.now() })
    expect(tickets).toMatchObject({ total: 2, solved: 2, open: 0, replied: 0 })
    expect(told).toMatchObject({ now: 2, waits: 0 })
  })

  it('tells also who came while it closed', async () => {
    const { id } = await declare({ gathers: false })
    await stage.stores.store.close(id, { zh: '好了' }, { actor: by }, stage.clock.now())
    const claim = await says(person())
    await stage.database.query(
      `insert into incident_followers (incident_id, contact_id, conversation_id, language, why, at)
       values ($1, $2, $3, 'zh', 'ticket', $4::timestamptz - interval '1 second')`,
      [id, claim.contactId, claim.conversationId, stage.clock.now()],
    )
    await stage.background.settle()
    await stage.background.settle()
    expect(await fates(id)).toEqual(['told now'])
  })
}
