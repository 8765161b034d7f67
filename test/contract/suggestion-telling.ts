import { describe, expect, it } from 'vitest'
import { buildDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { plainCapabilities } from '../support/journey.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'
import { actor, dayMs, useSuggestionWorld } from '../support/suggestion-tests.ts'

/** How those who asked are told, and how it is counted. */
export const tellsWhoAsked = (open: () => Promise<TestDatabase>): void => {
  const { world, database, person, suggests, ship } = useSuggestionWorld(open)
  const saidIn = async (conversationId: string): Promise<readonly string[]> =>
    (
      await database().query<{ text: string }>(
        `select parts -> 0 ->> 'text' as text from messages where conversation_id = $1 and direction = 'out' order by seq`,
        [conversationId],
      )
    ).map(({ text }) => text)
  const noticesOf = async (themeId: string) =>
    (await world().stores.reading.list(themeId, { limit: 100 })).map(({ state, way, reason }) =>
      [state, way ?? reason].filter(Boolean).join(' '),
    )

  describe('telling', () => {
    it('needs public words, and tells each contact once', async () => {
      const key = person()
      const claim = await world().says(key, '建议记住倍速')
      await world().says(key, '建议倍速默认')
      await suggests('建议多几个倍速')
      const { id } = await world().themeOf('倍速')
      await expect(
        world().stores.themes.setStatus(id, { status: 'shipped' }, { actor }, world().clock.now()),
      ).rejects.toMatchObject({ code: 'bad_input' })
      await expect(world().telling.preview(id)).rejects.toMatchObject({ code: 'conflict' })
      expect(await world().telling.preview(id, 'shipped')).toMatchObject({ people: 2, now: 2 })
      await ship(id)
      expect(await world().telling.start(id)).toBe(2)
      expect(await world().telling.start(id)).toBe(0)
      await Promise.all([world().tell(id), world().tell(id)])
      await world().tell(id)
      expect(await noticesOf(id)).toEqual(['told now', 'told now'])
      expect((await saidIn(claim.conversationId)).slice(2)).toEqual(['“建议倍速默认”：新版已支持'])
      expect(await world().telling.preview(id)).toMatchObject({ people: 0 })
    })

    it('tells who asks later, and all again when it is another status', async () => {
      await suggests('建议记住倍速')
      const { id } = await world().themeOf('倍速')
      await ship(id)
      await world().telling.start(id)
      await world().tell(id)
      await suggests('建议倍速默认')
      expect(await world().telling.start(id)).toBe(1)
      const declined = { status: 'declined', wording: { zh: '撤下了' } } as const
      await world().stores.themes.setStatus(id, declined, { actor }, world().clock.now())
      expect(await world().telling.start(id)).toBe(2)
      await world().tell(id)
      expect((await noticesOf(id)).toSorted()).toEqual([
        'never overtaken',
        'told now',
        'told now',
        'told now',
      ])
    })

    it('says nothing outside window and quota, and then says it before the next answer, once', async () => {
      const quota = (left: number, until: Date) => ({ message: { left, until, reserved: 1 } })
      const soon = new Date(world().clock.now().getTime() + 2 * dayMs)
      const [rich, poor] = [person(), person()]
      await world().says(rich, '建议记住倍速', { item: { quota: quota(5, soon) } })
      const claim = await world().says(poor, '建议倍速默认', { item: { quota: quota(2, soon) } })
      await suggests()
      const { id } = await world().themeOf('倍速')
      await ship(id)
      expect(await world().telling.preview(id)).toMatchObject({
        ...{ people: 2, now: 1, waits: 1, reasons: { 'quota-used': 1 } },
        inboxes: { 'wechat-test': 1 },
      })
      await world().telling.start(id)
      await world().tell(id)
      expect((await noticesOf(id)).toSorted()).toEqual(['told now', 'waits quota-used'])
      const waiting = await world().stores.reading.waiting(claim.conversationId)
      expect(waiting.map(({ sentence }) => sentence)).toEqual(['建议倍速默认'])
      const notices = waiting.map(({ noticeId }) => noticeId)
      const outcome = () => ({ outbound: [buildDraft('先说建议，再答')], tellsNotices: notices })
      await world().says(poor, '怎么退款', { outcome })
      await world().says(poor, '怎么退款', { outcome })
      expect(await world().stores.reading.waiting(claim.conversationId)).toEqual([])
      expect((await noticesOf(id)).toSorted()).toEqual(['told next-message', 'told now'])
      await untilEventsAreReadable(database())
      const told = await world().stores.events.read({ types: ['feedback.told'], limit: 10 })
      expect(told.filter(({ data }) => data.way === 'next-message')).toHaveLength(1)
    })

    it('waits while a person leads, where only answers may be sent, and where the window is over', async () => {
      const claim = await world().says(person(), '建议记住倍速', { outcome: () => ({ mode: 'human' }) })
      await suggests()
      const { id } = await world().themeOf('倍速')
      await ship(id)
      const reasons = async () => (await world().telling.preview(id)).reasons
      expect(await reasons()).toEqual({ 'person-leads': 1 })
      await database().query(`update conversations set mode = 'bot' where id = $1`, [claim.conversationId])
      world().channel.capabilities = { ...plainCapabilities, passiveOnly: true }
      expect(await reasons()).toEqual({ 'passive-only': 1 })
      world().channel.capabilities = { ...plainCapabilities, replyWindowMs: dayMs }
      expect(await reasons()).toEqual({})
      world().clock.advance(dayMs)
      expect(await reasons()).toEqual({ 'window-closed': 1 })
      world().channel.capabilities = undefined
      expect(await reasons()).toEqual({ 'inbox-gone': 1 })
    })

    it('goes by another address only where the contact allowed it', async () => {
      const key = person()
      const closed = { message: { left: 0, until: world().clock.now(), reserved: 0 } }
      const claim = await world().says(key, '建议记住倍速', { item: { quota: closed } })
      const other = await world().says(person(), '你好')
      await suggests()
      const { id } = await world().themeOf('倍速')
      await database().query('update contact_identities set contact_id = $1 where contact_id = $2', [
        claim.contactId,
        other.contactId,
      ])
      await ship(id)
      expect(await world().telling.preview(id)).toMatchObject({ fallback: 0, waits: 1 })
      await database().query('update contact_identities set fallback = true where contact_id = $1', [
        claim.contactId,
      ])
      await world().telling.start(id)
      await world().tell(id)
      expect(await noticesOf(id)).toEqual(['told fallback'])
      expect((await saidIn(other.conversationId)).slice(1)).toEqual(['“建议记住倍速”：新版已支持'])
    })

    it('never tells whoever said to hear no more, and calls off what waits', async () => {
      const key = person()
      const closed = { message: { left: 0, until: world().clock.now(), reserved: 0 } }
      await world().says(key, '建议记住倍速', { item: { quota: closed } })
      await suggests()
      const { id } = await world().themeOf('倍速')
      await ship(id)
      await world().telling.start(id)
      await world().tell(id)
      expect(await noticesOf(id)).toEqual(['waits window-closed'])
      await world().says(key, '别再通知')
      await world().collect()
      expect(await noticesOf(id)).toEqual(['never said-stop'])
      const declined = { status: 'declined', wording: { zh: '撤下了' } } as const
      await world().stores.themes.setStatus(id, declined, { actor }, world().clock.now())
      expect(await world().telling.preview(id)).toMatchObject({ never: 1, reasons: { 'said-stop': 1 } })
    })
  })

  it('counts what a month brought', async () => {
    await world().says(person(), '建议加夜间模式')
    world().clock.advance(14 * dayMs)
    await suggests('建议记住倍速', '建议倍速默认', '建议倍速多档', '建议夜间自动')
    const { id } = await world().themeOf('倍速')
    await ship(id)
    await world().telling.start(id)
    await world().tell(id)
    const month = {
      before: new Date('2026-10-31T16:00:00Z'),
      from: new Date('2026-11-30T16:00:00Z'),
      to: new Date('2026-12-31T16:00:00Z'),
    }
    const { counting } = world().stores
    expect(await counting.totals(month)).toEqual({
      ...{ suggestions: 4, suggestionsBefore: 1, contacts: 4, waiting: 0, never: 0 },
      channels: [{ channel: 'wechat', count: 4 }],
      told: { now: 3, fallback: 0, 'next-message': 0 },
    })
    expect((await counting.themes(month)).map(({ count, before }) => [count, before])).toEqual([
      [3, 0],
      [1, 1],
    ])
    expect(await counting.turned(month, 'shipped')).toMatchObject([{ id, count: 3, status: 'shipped' }])
    expect(await counting.turned(month, 'declined')).toEqual([])
  })
}
