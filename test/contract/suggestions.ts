import { describe, expect, it } from 'vitest'
import { buildTicketDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { actor, dayMs, useSuggestionWorld } from '../support/suggestion-tests.ts'

/** How suggestions are collected and sorted into themes. */
export const areSuggestions = (open: () => Promise<TestDatabase>): void => {
  const { world, database, person, suggests } = useSuggestionWorld(open)
  const sentences = async (): Promise<readonly string[]> =>
    (await world().stores.items.list({}, { limit: 100 })).map(({ sentence }) => sentence).toSorted()
  const grouped = async (): Promise<readonly (readonly string[])[]> =>
    (await world().themes()).map(({ examples }) => examples.toSorted()).toSorted()

  describe('collecting', () => {
    it('keeps each suggestion once, with where it came from', async () => {
      const claim = await world().says(person(), '你好。建议记住倍速。建议加夜间模式')
      expect(await world().collect()).toBe(2)
      expect(await world().collect()).toBe(0)
      const [, first] = (await world().stores.items.list({}, { limit: 10 })).toSorted((a, b) =>
        a.sentence < b.sentence ? 1 : -1,
      )
      expect(first).toMatchObject({
        source: 'conversation',
        sentence: '建议加夜间模式',
        language: 'zh',
        conversationId: claim.conversationId,
        contactId: claim.contactId,
        messageId: claim.pending[0]?.id,
        channel: 'wechat',
        inboxId: 'wechat-test',
      })
    })

    it('is repeated by nobody, and goes on where a crash broke it off', async () => {
      await world().says(person(), '建议记住倍速')
      const { intake } = world().stores
      const before = await intake.place()
      await world().collect()
      const again = { before, after: before, suggestions: [], refusals: [] }
      expect(await intake.keep(again, world().clock.now())).toBeUndefined()
      // Even if the place were lost.
      await database().query('update event_readers set place = $1', [before])
      expect(await world().collect()).toBe(0)
      expect(await sentences()).toEqual(['建议记住倍速'])
    })

    it('waits for the bot to think, but not for ever', async () => {
      await world().says(person(), '建议记住倍速', { unanswered: true })
      await world().says(person(), '建议加夜间模式')
      expect(await world().collect()).toBe(0)
      world().clock.advance(700_000)
      expect(await world().collect()).toBe(2)
    })

    it('takes what may be a question only where nothing answered it', async () => {
      await world().says(person(), '建议可能记住倍速', { decision: { kind: 'answer' } })
      await world().says(person(), '建议可能加夜间', { decision: { kind: 'clarify', rule: 'vague' } })
      await world().collect()
      expect(await sentences()).toEqual(['建议可能加夜间'])
    })

    it('leaves answers to a form to the form, and takes what the form gathered once', async () => {
      const key = person()
      await world().says(key, '建议记住倍速', { decision: { kind: 'collect', rule: 'form-start' } })
      await world().says(key, '建议全都退款', { decision: { kind: 'collect', rule: 'form-answer' } })
      const form = (idea: string) => async () => ({
        openTicket: buildTicketDraft(await world().stores.conversations.nextTicketNumber(), {
          kind: 'feedback',
          brief: {
            ...{ reason: { code: 'form-complete', values: { form: 'suggestion' } } as const },
            ...{ urgency: 'normal' as const, attachments: [] },
            said: { earlier: 0, lines: [] },
            answered: { earlier: 0, lines: [] },
            forms: [
              {
                ...{ id: 'suggestion', complete: true, subject: idea.slice(0, 60) },
                title: { zh: '建议', en: 'Suggestion' },
                fields: [{ name: 'idea', label: { zh: '建议', en: 'Idea' }, value: { zh: idea, en: idea } }],
              },
            ],
          },
        }),
      })
      await world().says(key, '确认', { outcome: form('建议记住倍速，每次都要重调') })
      await world().says(person(), '确认', { outcome: form('收藏夹排序，电话 13800138000') })
      await world().collect()
      expect(await sentences()).toEqual(['建议记住倍速', '收藏夹排序，电话 [电话]'])
      expect(await world().stores.items.list({ source: 'form' }, { limit: 2 })).toHaveLength(1)
    })
  })

  describe('themes', () => {
    it('hold what means the same, go on with what comes later, and tell who asked where', async () => {
      await suggests('建议记住倍速', '建议加夜间模式', '建议倍速默认')
      const before = await world().themeOf('记住倍速')
      await suggests('建议多几个倍速')
      const after = await world().stores.themes.get(before.id, world().clock.now())
      expect(after).toMatchObject({
        id: before.id,
        count: 3,
        contacts: 3,
        channels: [{ channel: 'wechat', count: 3 }],
        status: 'collected',
        labelledBy: 'machine',
      })
      expect(await grouped()).toHaveLength(2)
    })

    it('are made anew in a new space, and stay the same', async () => {
      await suggests('建议记住倍速', '建议加夜间模式')
      const before = await world().themeOf('记住倍速')
      world().clock.advance(1_000)
      await world().renewSpace()
      await suggests('建议倍速默认')
      expect((await world().themeOf('倍速默认')).id).toBe(before.id)
    })

    it('are not placed twice by two nodes at once', async () => {
      for (const text of ['建议记住倍速', '建议倍速默认', '建议加夜间模式'])
        await world().says(person(), text)
      await world().collect()
      await Promise.all([world().place(), world().place(), world().place()])
      expect((await world().themes()).map(({ count }) => count)).toEqual([2, 1])
    })

    it('rise when a week brings more than chance makes of the usual', async () => {
      for (let week = 0; week < 7; week++) {
        if (week % 3 === 0) await world().says(person(), '建议记住倍速')
        await world().says(person(), '建议加夜间模式')
        world().clock.advance(7 * dayMs)
      }
      for (let times = 0; times < 5; times++) await world().says(person(), '建议倍速默认')
      await world().says(person(), '建议加夜间模式')
      await world().collect()
      await world().place()
      expect((await world().themeOf('倍速')).trend).toEqual({
        weeks: [1, 0, 0, 1, 0, 0, 1, 5],
        usual: 0.43,
        rising: true,
      })
      expect((await world().themeOf('夜间')).trend).toMatchObject({ usual: 1, rising: false })
    })

    it('are renamed, on the version that was read', async () => {
      await suggests('建议记住倍速')
      const { id, version } = await world().themeOf('倍速')
      const { themes } = world().stores
      const now = world().clock.now()
      const named = await themes.act(id, { act: 'rename', name: '倍速' }, { actor, version }, now)
      expect(named).toMatchObject({ label: '倍速', labelledBy: 'person', isHeld: true })
      await expect(
        themes.act(id, { act: 'rename', name: '速度' }, { actor, version }, now),
      ).rejects.toMatchObject({ code: 'conflict', facts: { current: named.version, yours: version } })
      expect(await themes.history(id)).toMatchObject([{ actor, change: 'rename', detail: { name: '倍速' } }])
    })

    it('are merged, split and filled by people, and refining leaves that so', async () => {
      await suggests('建议记住倍速', '建议倍速默认', '建议加夜间模式', '建议收藏排序', '建议收藏搜索')
      const { themes, items } = world().stores
      const now = world().clock.now()
      const [speed, night, shelf] = await Promise.all(
        ['倍速', '夜间', '收藏'].map((one) => world().themeOf(one)),
      )
      await themes.act(speed?.id ?? '', { act: 'merge', from: night?.id ?? '' }, { actor }, now)
      const sorting = (await items.list({ text: '排序' }, { limit: 1 }))[0]
      const split = { act: 'split', itemIds: [sorting?.id ?? ''], name: '排序' } as const
      const fresh = await themes.act(shelf?.id ?? '', split, { actor, idempotencyKey: 'k1' }, now)
      expect(fresh).toMatchObject({ label: '排序', count: 1 })
      const again = await themes.act(shelf?.id ?? '', split, { actor, idempotencyKey: 'k1' }, now)
      expect(again.id).toBe(fresh.id)
      const people = [['建议倍速默认', '建议加夜间模式', '建议记住倍速'], ['建议收藏搜索'], ['建议收藏排序']]
      expect(await grouped()).toEqual(people.toSorted())
      await world().refine()
      await suggests('建议倍速多档')
      expect(await grouped()).toEqual(
        [[...(people[0] ?? []), '建议倍速多档'].toSorted(), ...people.slice(1)].toSorted(),
      )
      expect(await themes.get(night?.id ?? '', now)).toMatchObject({ mergedInto: speed?.id, count: 0 })
      await expect(themes.act(night?.id ?? '', { act: 'pin' }, { actor }, now)).rejects.toMatchObject({
        code: 'conflict',
      })
    })

    it('are looked at anew in another process: what does not belong together parts, ids go on', async () => {
      await suggests('建议记住倍速', '建议倍速默认', '建议加夜间模式')
      const speed = await world().themeOf('倍速')
      const night = await world().themeOf('夜间')
      // As placing leaves things when it is unlucky.
      await database().query(`update feedback_items set theme_id = $1 where theme_id = $2`, [
        speed.id,
        night.id,
      ])
      await database().query(`update feedback_themes set sum = null where id = any($1)`, [
        [speed.id, night.id],
      ])
      const done = await world().refine()
      expect(done.moved).toBe(1)
      expect(await grouped()).toEqual([['建议倍速默认', '建议记住倍速'], ['建议加夜间模式']])
      expect((await world().themeOf('倍速')).id).toBe(speed.id)
      expect((await world().themeOf('夜间')).words).toEqual(['夜间'])
    })

    it('lose what is discarded, and its sentence is forgotten', async () => {
      await suggests('建议记住倍速', '建议倍速默认')
      const { items } = world().stores
      const [item] = await items.list({ text: '默认' }, { limit: 1 })
      await items.discard(item?.id ?? '', { actor, version: item?.version }, world().clock.now())
      await expect(items.get(item?.id ?? '')).rejects.toMatchObject({ code: 'not_found' })
      expect(await world().themeOf('倍速')).toMatchObject({ count: 1, examples: ['建议记住倍速'] })
      const kept = await database().query(`select 1 from feedback_items where sentence like '%默认%'`)
      expect(kept).toEqual([])
    })

    it('take suggestions that come by another way, once a key', async () => {
      await suggests('建议记住倍速')
      const { items } = world().stores
      const theme = await world().themeOf('倍速')
      const draft = {
        ...({ sentence: '电话里说要倍速', language: 'zh', saidAt: world().clock.now(), actor } as const),
        ...{ themeId: theme.id, idempotencyKey: 'phone-1' },
      }
      const added = await items.add(draft, world().clock.now())
      expect(added).toMatchObject({ source: 'api', themeId: theme.id, placedBy: 'person' })
      expect((await items.add(draft, world().clock.now())).id).toBe(added.id)
      expect(await world().themeOf('倍速')).toMatchObject({ count: 2, contacts: 1 })
    })
  })
}
