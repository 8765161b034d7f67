import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { Draft } from '../../src/core/editing.ts'
import type { TestDatabase } from '../support/databases.ts'
import { approved, clock, li, useEditingStage, wang, whole } from '../support/editing-stage.ts'
import { createEvaluationStore } from '../../src/store/index.ts'
import { buildArticle } from '../support/editing-world.ts'
import { openLearningWorld, type TurnFacts } from '../support/learning-world.ts'

/** What every database must do for schedules, imports and evaluations of drafts. */
export const itKeepsWhatBecomesOfDrafts = (open: () => Promise<TestDatabase>): void => {
  const { database, editing } = useEditingStage(open)

  describe('a schedule', () => {
    const dueAt = new Date('2026-12-01T00:00:00.000Z')

    it('publishes at its moment, once, by whom set it', async () => {
      const world = editing()
      const draft = await approved(world, { answer: '新年答案' })
      const request = { draftIds: [draft.id], ...whole }
      const { id } = await world.schedules.set(request, dueAt, { ...wang, idempotencyKey: 'once' })
      expect((await world.schedules.set(request, dueAt, { ...wang, idempotencyKey: 'once' })).id).toBe(id)
      expect([...world.moments]).toEqual([[id, dueAt]])
      expect(await world.versions.list({ limit: 9 })).toEqual([])
      await world.publishDue(id)
      await world.publishDue(id)
      expect(await world.versions.list({ limit: 9 })).toMatchObject([{ number: 1, by: wang.actor }])
      expect(await world.schedules.list(9)).toMatchObject([{ id, state: 'published', publishedIn: 1 }])
      await expect(world.schedules.cancel(id)).rejects.toMatchObject({ code: 'conflict' })
    })

    it('is refused for what could not be published now, and is called off', async () => {
      const world = editing()
      const draft = await approved(world, { answer: '新年答案' })
      const request = { draftIds: [draft.id], reason: 'x' }
      await expect(world.schedules.set(request, dueAt, wang)).rejects.toMatchObject({ code: 'conflict' })
      await expect(
        world.schedules.set({ ...request, override: 'y' }, clock.now(), wang),
      ).rejects.toMatchObject({
        code: 'bad_input',
      })
      const { id } = await world.schedules.set({ ...request, override: 'y' }, dueAt, wang)
      expect(await world.schedules.cancel(id)).toMatchObject({ state: 'cancelled' })
      expect([...world.moments]).toEqual([])
      await world.publishDue(id)
      expect(await world.versions.list({ limit: 9 })).toEqual([])
    })

    it('of the same moment as another goes on from what that one made', async () => {
      const world = editing()
      const one = await approved(world, { answer: '新年答案' })
      const other = await approved(world, { id: 'refund-new', question: '新问题', similar: ['新问法'] })
      const set = ({ id }: Draft) => world.schedules.set({ draftIds: [id], ...whole }, dueAt, wang)
      const made = [await set(one), await set(other)]
      await Promise.all(made.map(({ id }) => world.publishDue(id)))
      expect((await world.schedules.list(9)).map(({ state }) => state)).toEqual(['published', 'published'])
      expect(await world.versions.list({ limit: 9 })).toHaveLength(2)
    })

    it('with an override holds for the drafts as they were then', async () => {
      let now = clock.now()
      const world = editing({ clock: { now: () => now } })
      const draft = await approved(world, { answer: '新年答案' })
      const { id } = await world.schedules.set({ draftIds: [draft.id], ...whole }, dueAt, wang)
      now = new Date(now.getTime() + 60_000)
      await world.drafts.move(draft.id, 'draft', '再改', wang)
      await world.drafts.change(draft.id, { content: buildArticle({ answer: '没测过' }) }, li)
      await world.drafts.move(draft.id, 'in-review', undefined, li)
      await world.drafts.move(draft.id, 'approved', undefined, wang)
      await world.publishDue(id)
      expect(await world.schedules.list(9)).toMatchObject([
        { state: 'failed', failure: expect.stringContaining('changed after they were scheduled') },
      ])
    })

    it('that is called off while it is published says that it was published', async () => {
      const world = editing()
      const draft = await approved(world, { answer: '新年答案' })
      const { id } = await world.schedules.set({ draftIds: [draft.id], ...whole }, dueAt, wang)
      const publishing: typeof world.publishing = {
        ...world.publishing,
        publish: async (...call) => {
          await world.schedules.cancel(id)
          return world.publishing.publish(...call)
        },
      }
      await world.publishWith(publishing)(id)
      expect(await world.schedules.list(9)).toMatchObject([{ state: 'published', publishedIn: 1 }])
    })

    it('says what kept it from being published', async () => {
      const world = editing()
      const draft = await approved(world, { answer: '新年答案' })
      const { id } = await world.schedules.set({ draftIds: [draft.id], ...whole }, dueAt, wang)
      await world.drafts.move(draft.id, 'draft', '等等', wang)
      await world.publishDue(id)
      expect(await world.schedules.list(9)).toMatchObject([
        { state: 'failed', failure: expect.stringContaining('not approved') },
      ])
    })
  })

  describe('an import', () => {
    const heading = 'ID,标准问*,相似问,答案*,微博答案,分类,失效,状态'
    const csv = (...rows: readonly string[]) => Buffer.from([heading, ...rows].join('\r\n'))

    it('shows row by row what it would do, becomes drafts, and is undone as one', async () => {
      const { exchange, drafts } = editing()
      const bytes = csv(
        'refund-how,怎么退款,"退钱\n我要退款",新答案,,refund,,启用',
        'refund-new,新问题,新问法,答案,短,refund,2026/12/31,',
        'refund-bad,坏的,坏,答案,,refund,someday,',
        'refund-new,又一次,再一次,答案,,refund,,',
        ',,,,,,,',
        `refund-bare,${'长'.repeat(101)},,答案,,refund,,`,
      )
      const made = await exchange.read({ format: 'csv', name: 'a.csv', bytes }, li)
      expect(made.rows.map(({ row, articleId, does }) => [row, articleId, does])).toEqual([
        ['2', 'refund-how', 'change'],
        ['3', 'refund-new', 'add'],
        ['4', 'refund-bad', 'faulty'],
        ['5', 'refund-new', 'faulty'],
        ['7', 'refund-bare', 'faulty'],
      ])
      expect(made.rows[0]?.fields).toMatchObject([{ field: 'answer', after: '新答案' }])
      expect(made.rows[2]?.faults).toMatchObject([{ column: '失效' }])
      expect(made.rows[4]?.faults).toMatchObject([
        { column: '标准问', problem: '最多 100 字 at most 100 characters' },
        { column: '相似问', problem: '不能为空 must not be empty' },
      ])
      const applied = await exchange.apply(made.id, '季度更新', li)
      expect(applied).toMatchObject({ state: 'applied', draftIds: [expect.any(String), expect.any(String)] })
      const [newest] = await drafts.list({ articleId: 'refund-new' }, { limit: 9 })
      expect(newest).toMatchObject({
        ...{ state: 'draft', reason: '季度更新', source: { kind: 'import', id: made.id } },
        content: { until: '2026-12-31', channels: { weibo: '短' } },
      })
      await expect(exchange.apply(made.id, '再来', li)).rejects.toMatchObject({ code: 'conflict' })
      expect(await exchange.undo(made.id)).toMatchObject({ state: 'undone' })
      expect(await drafts.list({ states: ['draft'] }, { limit: 9 })).toEqual([])
    })

    it('is not applied when an article changed since it was read: what the table leaves out would be undone', async () => {
      const world = editing({ config: { review: 'optional' } })
      const bytes = csv('refund-how,怎么退款,退钱,导入的答案,,refund,,')
      const { id } = await world.exchange.read({ format: 'csv', name: 'a.csv', bytes }, li)
      const draft = await approved(world, { tags: ['别人加的'] })
      await world.publishing.publish({ draftIds: [draft.id], ...whole }, wang)
      await expect(world.exchange.apply(id, '季度更新', li)).rejects.toThrow(
        /refund-how.*read the file again/,
      )
      expect(await world.drafts.list({ states: ['draft'] }, { limit: 9 })).toEqual([])
      const again = await world.exchange.read({ format: 'csv', name: 'a.csv', bytes }, li)
      const { draftIds } = await world.exchange.apply(again.id, '季度更新', li)
      expect((await world.drafts.get(draftIds[0] ?? '')).content).toMatchObject({ tags: ['别人加的'] })
    })

    it('is not undone once a draft of it is published', async () => {
      const world = editing({ config: { review: 'optional' } })
      const file = {
        format: 'csv',
        name: 'a.csv',
        bytes: csv('refund-new,新问题,新问法,答案,,refund,,'),
      } as const
      const { id } = await world.exchange.read(file, li)
      const { draftIds } = await world.exchange.apply(id, 'x', li)
      await world.publishing.publish({ draftIds, ...whole }, wang)
      await expect(world.exchange.undo(id)).rejects.toMatchObject({ code: 'conflict' })
      expect(await world.exchange.get(id)).toMatchObject({ state: 'applied' })
    })

    it.each(['csv', 'xlsx', 'markdown'] as const)('of an export as %s changes nothing', async (format) => {
      const world = editing({ config: { review: 'optional' } })
      const draft = await approved(world, {
        ...{
          id: 'refund-all',
          question: '=1+1 怎么退？',
          similar: ['甲,"乙"', '丙'],
          negative: ['-否'],
          tags: ['钱'],
        },
        ...{
          followups: ['refund-how'],
          handoff: true,
          urgency: 'urgent',
          from: '2026-01-01',
          until: '2027-01-01',
        },
        ...{
          en: { question: 'How', answer: 'So.\n\n- a' },
          channels: { weibo: '短', email: '长' },
          answer: '一\n\n1. 二',
        },
      })
      await world.publishing.publish({ draftIds: [draft.id], ...whole }, wang)
      const bytes = await world.exchange.write(format)
      const { rows } = await world.exchange.read({ format, name: 'again', bytes }, li)
      expect(rows.map(({ articleId, does, fields }) => [articleId, does, fields])).toEqual([
        ['refund-all', 'same', []],
        ['refund-how', 'same', []],
      ])
    })

    it('reads GB18030, keeps what the table does not say, and retires', async () => {
      const { exchange } = editing()
      const gb = Buffer.from([0xb1, 0xea, 0xd7, 0xbc, 0xce, 0xca]) // 标准问
      const answer = Buffer.from([0xb4, 0xf0, 0xb0, 0xb8]) // 答案
      const comma = Buffer.from(',')
      const bytes = Buffer.concat([
        ...[Buffer.from('ID'), comma, gb, comma, answer, Buffer.from('\n')],
        ...[Buffer.from('refund-how'), comma, gb, comma, answer],
      ])
      const { rows } = await exchange.read({ format: 'csv', name: 'gb.csv', bytes }, li)
      expect(rows[0]).toMatchObject({
        does: 'change',
        content: { question: '标准问', answer: '答案', similar: ['退钱', '我要退款'] },
      })
      const retiring = csv('refund-how,怎么退款,退钱,答案,,refund,,停用')
      expect((await exchange.read({ format: 'csv', name: 'r.csv', bytes: retiring }, li)).rows).toMatchObject(
        [{ articleId: 'refund-how', does: 'retire' }],
      )
    })

    it.each([
      ['a line', /<row r="2"/g, '<row r="30001"'],
      ['a line by another way to write it', /<row r="2"/g, "<row r = '3e4'"],
      ['a line by another name', /<row r="2"/g, '<row x:r="30001"'],
      ['a cell', /r="A2"/g, 'r="A30001"'],
      ['a column', /r="R2"/g, 'r="XFD2"'],
    ])('of a sheet in which %s is far away is refused before it is filled up', async (_what, near, far) => {
      const { exchange } = editing()
      const files = unzipSync(await exchange.write('xlsx'))
      const moved = Object.entries(files).map(([name, bytes]): [string, Uint8Array] => [
        name,
        name.includes('worksheets/sheet') ? strToU8(strFromU8(bytes).replace(near, far)) : bytes,
      ])
      const bytes = zipSync(Object.fromEntries(moved))
      await expect(exchange.read({ format: 'xlsx', name: 'far.xlsx', bytes }, li)).rejects.toThrow(
        /the sheet reaches to .*(?:30001|3e4|XFD2)/,
      )
    })

    it('of something else is refused, and so is an archive that unpacks to too much', async () => {
      const { exchange } = editing()
      const bomb = zipSync({ 'a.md': new Uint8Array(60_000_000) })
      for (const [format, bytes] of [
        ['csv', Buffer.from('甲,乙\n1,2')],
        ['csv', Buffer.from('ID,标准问,答案\n"open')],
        ['xlsx', Buffer.from('nothing')],
        ['xlsx', zipSync({ 'a.txt': new Uint8Array(3) })],
        ['xlsx', bomb],
        ['markdown', bomb],
      ] as const)
        await expect(exchange.read({ format, name: 'x', bytes }, li), format).rejects.toMatchObject({
          code: 'bad_input',
        })
    })
  })

  describe('an evaluation', () => {
    const labelled = [
      { text: '退钱', topic: 'refund', articles: ['refund-how'] },
      { text: '我要退款', topic: 'refund', articles: ['refund-how'] },
      { text: '今天天气', topic: 'none', articles: [] },
    ]

    it('is needed before publishing, and lets pass what makes nothing worse', async () => {
      const world = editing({ labelled })
      const draft = await approved(world, { similar: ['退钱', '我要退款', '退一下'] })
      const request = { draftIds: [draft.id], reason: '补问法' }
      await expect(world.publishing.publish(request, wang)).rejects.toMatchObject({
        facts: { concerns: [expect.stringContaining('not evaluated')] },
      })
      // Questions that are tried alone stand for no evaluation.
      const tried = await world.publishing.evaluate([draft.id], ['退一下'], false, li)
      expect((await world.evaluations.get(tried.id)).result?.tried).toEqual([
        { question: '退一下', before: { kind: 'none' }, after: { kind: 'answer', articleId: 'refund-how' } },
      ])
      await expect(world.publishing.publish(request, wang)).rejects.toMatchObject({ code: 'conflict' })
      await world.publishing.evaluate([draft.id], [], true, li)
      const version = await world.publishing.publish(request, wang)
      expect(version.evaluation).toMatchObject({ labelled: { rows: 3, changed: 0 }, concerns: [] })
    })

    it('that finds answers worse asks for a reason, which is kept', async () => {
      const world = editing({ labelled })
      const draft = await approved(world, { similar: ['今天天气'] })
      const { id } = await world.publishing.evaluate([draft.id], [], true, li)
      const { result } = await world.evaluations.get(id)
      expect(result?.concerns).toEqual([
        'wrong answers rise from 0.0 % to 100.0 %',
        'questions answered fall from 100.0 % to 0.0 %',
      ])
      expect(result?.labelledChanges[0]).toEqual({
        text: '退钱',
        before: { kind: 'answer', articleId: 'refund-how' },
        after: { kind: 'none' },
        right: { before: true, after: false },
      })
      const request = { draftIds: [draft.id], reason: '改问法' }
      await expect(world.publishing.publish(request, wang)).rejects.toMatchObject({
        message: expect.stringContaining('wrong answers rise'),
      })
      const version = await world.publishing.publish({ ...request, override: '活动当天' }, wang)
      expect(await world.versions.get(version.number)).toMatchObject({
        override: '活动当天',
        evaluation: { concerns: [expect.any(String), expect.any(String)] },
      })
    })

    it('fails when what it measures changed meanwhile', async () => {
      const world = editing({ config: { review: 'optional' } })
      const content = buildArticle({ answer: '一' })
      const draft = await world.drafts.create(
        { articleId: content.id, action: 'save', content, reason: 'x' },
        li,
      )
      const { id } = await world.publishing.evaluate([draft.id], [], true, li)
      expect(await world.evaluations.get(id)).toMatchObject({ state: 'done' })
      await database().query(`update knowledge_evaluations set state = 'waiting' where id = $1`, [id])
      await world.drafts.change(draft.id, { content: { ...content, answer: '二' } }, li)
      await world.evaluateNow(id)
      expect(await world.evaluations.get(id)).toMatchObject({
        state: 'failed',
        failure: expect.stringContaining('changed meanwhile'),
      })
    })

    it('replays what contacts wrote, and asks for a reason where answers would be lost', async () => {
      const contacts = await openLearningWorld(database())
      const given: TurnFacts = { kind: 'answer', rule: 'confident-answer', articleId: 'refund-how' }
      await contacts.says('oReplay1', '退钱', given)
      await contacts.says('oReplay2', '我要退款', given)
      await contacts.says('oReplay3', '退一下，手机 13800138000')
      const world = editing()
      const draft = await approved(world, { similar: ['退一下，手机 13800138000'] })
      const { id, fingerprint } = await world.publishing.evaluate([draft.id], [], true, li)
      const { result } = await world.evaluations.get(id)
      expect(result?.conversations).toMatchObject({
        ...{ messages: 3, changed: 3 },
        replay: {
          ...{ of: 3, seed: fingerprint, since: '2026-11-20T04:00:00.000Z' },
          ...{ before: { answer: 2, clarify: 0, none: 1 }, after: { answer: 1, clarify: 0, none: 2 } },
          ...{ gained: 1, lost: 2, lostUnquestioned: 2, other: 0 },
        },
      })
      expect(result?.conversationChanges.map(({ after }) => after.kind)).toEqual(['none', 'none', 'answer'])
      expect(result?.conversationChanges.at(-1)?.text).not.toContain('13800138000')
      const request = { draftIds: [draft.id], reason: '改问法' }
      await expect(world.publishing.publish(request, wang)).rejects.toMatchObject({
        facts: { concerns: ['2 of 2 answers that contacts got lately would not be given any more'] },
      })

      // Answers that contacts found wrong may go.
      for (const contact of ['oReplay1', 'oReplay2'])
        await contacts.says(contact, '不是这个', {
          ...{ kind: 'clarify', rule: 'corrected' },
          reasons: [{ code: 'corrected', values: { question: '怎么退款' } }],
        })
      await contacts.collect()
      const again = await world.publishing.evaluate([draft.id], [], true, li)
      expect((await world.evaluations.get(again.id)).result).toMatchObject({
        ...{ concerns: [], conversations: { replay: { lost: 2, lostUnquestioned: 0 } } },
      })
      expect((await world.publishing.publish(request, wang)).evaluation?.concerns).toEqual([])
    })

    it('draws no more messages than it may, and the same ones for the same seed', async () => {
      const evaluations = createEvaluationStore(database())
      const drawn = (seed: string) => evaluations.sample({ since: new Date('2026-11-01'), limit: 2, seed })
      const first = await drawn('a')
      expect([first.of, first.messages.length]).toEqual([5, 2])
      expect(await drawn('a')).toEqual(first)
      const others = await Promise.all(['b', 'c', 'd', 'e', 'f', 'g'].map(drawn))
      expect(others.some((other) => JSON.stringify(other) !== JSON.stringify(first))).toBe(true)
    })
  })
}
