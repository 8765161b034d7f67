import { randomUUID } from 'node:crypto'
import { zipSync } from 'fflate'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadKnowledge } from '../../knowledge/index.ts'
import type { Draft, EditWrite } from '../../src/core/editing.ts'
import { createEventLog, createVersionStore } from '../../src/store/index.ts'
import { articleText, createFolder, type ContentFolder } from '../knowledge/folder.ts'
import type { TestDatabase } from '../support/databases.ts'
import { buildArticle, openEditing, type EditingWorldOptions } from '../support/editing-world.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'

const clock = { now: () => new Date('2026-11-27T04:00:00.000Z') }
const by = (name: string): EditWrite => ({ actor: { kind: 'agent', id: name, name } })
const [li, wang] = [by('li'), by('wang')]
const whole = { reason: '更新', override: '不用测' }

/** What every database must do for drafts, review, versions and going back. */
export const itKeepsKnowledgeVersions = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let folder: ContentFolder
  beforeAll(async () => {
    test = await open()
  })
  beforeEach(async () => {
    folder = await createFolder({ 'refund/how.md': articleText() })
  })
  afterEach(async () => {
    await folder.drop()
    for (const table of ['drafts', 'versions', 'overlays', 'evaluations', 'imports', 'schedules'])
      await test.database.query(`delete from knowledge_${table}`)
    await test.database.query('delete from events')
  })
  afterAll(() => test.dispose())

  const editing = (options: Partial<EditingWorldOptions> = {}) =>
    openEditing(test.database, { folder, clock, ...options })
  type Editing = ReturnType<typeof editing>

  const approved = async (
    { drafts }: Editing,
    over: Parameters<typeof buildArticle>[0] = {},
  ): Promise<Draft> => {
    const content = buildArticle(over)
    const draft = await drafts.create(
      { articleId: content.id, action: 'save', content, reason: '写错了' },
      li,
    )
    await drafts.move(draft.id, 'in-review', undefined, li)
    return drafts.move(draft.id, 'approved', undefined, wang)
  }
  /** What readers have. */
  const given = async (): Promise<Record<string, string>> => {
    const { overlays } = await createVersionStore(test.database).current()
    const { knowledge } = await loadKnowledge(folder.path, ['refund'], { overlays })
    return Object.fromEntries((knowledge?.articles ?? []).map(({ id, answer }) => [id, answer]))
  }

  describe('a draft', () => {
    it('is written, reviewed by somebody else and published; only then readers have it', async () => {
      const world = editing()
      const draft = await approved(world, { answer: '新答案' })
      expect(draft).toMatchObject({ state: 'approved', author: li.actor, reviewer: wang.actor, version: 3 })
      expect(await given()).toEqual({ 'refund-how': '先看订单记录。\n1. 打开钱包。' })
      const version = await world.publishing.publish({ draftIds: [draft.id], ...whole }, wang)
      expect(version).toMatchObject({ number: 1, kind: 'publish', by: wang.actor, override: '不用测' })
      expect(version.changes).toMatchObject([{ articleId: 'refund-how', after: { answer: '新答案' } }])
      expect(await given()).toEqual({ 'refund-how': '新答案' })
      expect(await world.drafts.get(draft.id)).toMatchObject({ state: 'published', publishedIn: 1 })
      await untilEventsAreReadable(test.database)
      const events = await createEventLog(test.database).read({ types: ['knowledge.published'], limit: 9 })
      expect(events.map(({ data }) => data)).toEqual([
        { number: 1, kind: 'publish', articles: ['refund-how'], changed: 1 },
      ])
    })

    it('is not approved by its author or by a program, and not published without approval', async () => {
      const world = editing()
      const { drafts, publishing } = world
      const content = buildArticle({ answer: '新答案' })
      const draft = await drafts.create({ articleId: content.id, action: 'save', content, reason: 'x' }, li)
      await drafts.move(draft.id, 'in-review', undefined, li)
      const program: EditWrite = { actor: { kind: 'key', id: 'k', name: 'ci' } }
      for (const one of [li, program])
        await expect(drafts.move(draft.id, 'approved', undefined, one)).rejects.toMatchObject({
          code: 'forbidden',
        })
      await expect(publishing.publish({ draftIds: [draft.id], ...whole }, wang)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('not approved'),
      })
      const free = editing({ config: { review: 'optional' } })
      expect(await free.publishing.publish({ draftIds: [draft.id], ...whole }, li)).toMatchObject({
        number: 1,
      })
    })

    it('is changed on the version that was seen, by steps that fit its state', async () => {
      const { drafts } = editing()
      const content = buildArticle()
      const facts = { articleId: content.id, action: 'save', content, reason: 'x' } as const
      const draft = await drafts.create(facts, { ...li, idempotencyKey: 'once' })
      expect((await drafts.create(facts, { ...li, idempotencyKey: 'once' })).id).toBe(draft.id)
      const changed = await drafts.change(draft.id, { reason: 'y' }, { ...wang, version: 1 })
      expect(changed).toMatchObject({ reason: 'y', content, author: wang.actor, version: 2 })
      await expect(drafts.change(draft.id, { reason: 'z' }, { ...li, version: 1 })).rejects.toMatchObject({
        code: 'conflict',
        facts: { current: 2, yours: 1 },
      })
      await drafts.move(draft.id, 'in-review', undefined, wang)
      await expect(drafts.change(draft.id, { reason: 'z' }, wang)).rejects.toMatchObject({ code: 'conflict' })
      const returned = await drafts.move(draft.id, 'draft', '答案太长', li)
      expect(returned).toMatchObject({ state: 'draft', note: '答案太长', reviewer: li.actor })
      await drafts.move(draft.id, 'discarded', undefined, li)
      await expect(drafts.move(draft.id, 'in-review', undefined, li)).rejects.toMatchObject({
        code: 'conflict',
      })
      await expect(drafts.get(randomUUID())).rejects.toMatchObject({ code: 'not_found' })
    })

    it('names its article, and what it does to it', async () => {
      const { drafts } = editing()
      const content = buildArticle()
      for (const facts of [
        { articleId: 'refund-other', action: 'save', content, reason: 'x' },
        { articleId: 'refund-how', action: 'save', reason: 'x' },
        { articleId: 'refund-none', action: 'retire', reason: 'x' },
        { articleId: 'refund-how', action: 'use-file', reason: 'x' },
      ] as const)
        await expect(drafts.create(facts, li)).rejects.toMatchObject({ code: 'bad_input' })
    })

    it('shows field by field what it would change', async () => {
      const { drafts } = editing()
      const content = buildArticle({ answer: '新答案', channels: { weibo: '短' } })
      const draft = await drafts.create({ articleId: content.id, action: 'save', content, reason: 'x' }, li)
      expect(await drafts.diff(draft.id)).toEqual({
        articleId: 'refund-how',
        kind: 'changed',
        fields: [
          { field: 'answer', before: '先看订单记录。\n1. 打开钱包。', after: '新答案' },
          { field: 'channels.weibo', after: '短' },
        ],
      })
    })
  })

  describe('publishing', () => {
    it('is refused when another version of the article came meanwhile, until the draft is rebased', async () => {
      const world = editing({ config: { review: 'optional' } })
      const { drafts, publishing } = world
      const draft = async (answer: string) => {
        const content = buildArticle({ answer })
        return drafts.create({ articleId: content.id, action: 'save', content, reason: 'x' }, li)
      }
      const [first, second] = [await draft('一'), await draft('二')]
      await publishing.publish({ draftIds: [first.id], ...whole }, li)
      await expect(publishing.publish({ draftIds: [second.id], ...whole }, li)).rejects.toMatchObject({
        code: 'conflict',
        facts: { draftIds: [second.id] },
      })
      await drafts.change(second.id, { rebase: true }, li)
      expect(await publishing.publish({ draftIds: [second.id], ...whole }, li)).toMatchObject({ number: 2 })
      expect(await given()).toEqual({ 'refund-how': '二' })
    })

    it('makes one version of requests with one key, and one at a time of two at once', async () => {
      const world = editing()
      const draft = await approved(world, { answer: '一' })
      const request = { draftIds: [draft.id], ...whole }
      const keyed = { ...wang, idempotencyKey: 'publish' }
      const [one, again] = [
        await world.publishing.publish(request, keyed),
        await world.publishing.publish(request, keyed),
      ]
      expect(again).toEqual(one)
      const others = [await approved(world, { id: 'refund-a', question: '甲怎么退', similar: ['甲'] })]
      others.push(await approved(world, { id: 'refund-b', question: '乙如何退货', similar: ['乙'] }))
      const ends = await Promise.allSettled(
        others.map(({ id }) => world.publishing.publish({ draftIds: [id], ...whole }, wang)),
      )
      const made = (await world.versions.list({ limit: 9 })).map(({ number }) => number)
      expect(made).toHaveLength(1 + ends.filter(({ status }) => status === 'fulfilled').length)
      expect(new Set(made).size).toBe(made.length)
    })

    it('is refused for what could not be loaded', async () => {
      const world = editing()
      const twice = await approved(world, { id: 'refund-new', question: '怎么退款', similar: ['别的'] })
      await expect(world.publishing.publish({ draftIds: [twice.id], ...whole }, wang)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('问法重复'),
      })
      expect(await world.versions.list({ limit: 9 })).toEqual([])
    })

    it('finds what an editor should look at', async () => {
      const world = editing()
      const draft = await approved(world, {
        id: 'refund-new',
        question: '我要退款啊',
        similar: ['另一种完全不同的问法'],
        until: '2026-12-01',
        followups: ['refund-gone'],
        answer: '长'.repeat(400),
      })
      const findings = await world.publishing.check([draft.id])
      expect(findings.map(({ level, problem }) => [level, problem])).toEqual([
        ['error', expect.stringContaining('refund-gone')],
        ['warning', expect.stringContaining('ends soon')],
        ['warning', expect.stringContaining('“我要退款” (refund-how)')],
        ['warning', expect.stringContaining('takes 2 messages of 300 characters')],
      ])
    })

    it('retires an article and lets its file speak again', async () => {
      await folder.write(
        'refund/other.md',
        articleText({ id: 'refund-other', question: '别的', similar: '[别的问法]' }),
      )
      const { drafts, publishing, articles } = editing({ config: { review: 'optional' } })
      const retire = await drafts.create({ articleId: 'refund-how', action: 'retire', reason: '过时' }, li)
      await publishing.publish({ draftIds: [retire.id], ...whole }, li)
      expect(Object.keys(await given())).toEqual(['refund-other'])
      expect(await articles.get('refund-how')).toMatchObject({ origin: 'retired', conflict: false })
      const back = await drafts.create({ articleId: 'refund-how', action: 'use-file', reason: '还要' }, li)
      await publishing.publish({ draftIds: [back.id], ...whole }, li)
      expect(await articles.get('refund-how')).toMatchObject({ origin: 'file' })
      expect(Object.keys(await given()).sort()).toEqual(['refund-how', 'refund-other'])
    })
  })

  describe('the list of articles', () => {
    it('shows a file that changed under what is published over it', async () => {
      const world = editing({ config: { review: 'optional' } })
      const draft = await approved(world, { answer: '新答案' })
      await world.publishing.publish({ draftIds: [draft.id], ...whole }, wang)
      const row = async () =>
        (await world.articles.list()).find(({ articleId }) => articleId === 'refund-how')
      expect(await row()).toMatchObject({ origin: 'published', conflict: false, live: { answer: '新答案' } })
      await folder.write('refund/how.md', articleText({}, '文件里的新答案'))
      expect(await row()).toMatchObject({ conflict: true, file: { content: { answer: '文件里的新答案' } } })
      expect(await given()).toEqual({ 'refund-how': '新答案' })
      const merged = await approved(world, { answer: '合并后的答案' })
      await world.publishing.publish({ draftIds: [merged.id], ...whole }, wang)
      expect(await row()).toMatchObject({ conflict: false, live: { answer: '合并后的答案' } })
    })

    it('shows what is under way', async () => {
      const world = editing()
      const draft = await approved(world, { id: 'refund-new', question: '新问题', similar: ['新问法'] })
      expect(await world.articles.get('refund-new')).toMatchObject({
        origin: 'draft',
        drafts: [{ id: draft.id, state: 'approved' }],
      })
      await expect(world.articles.get('nothing')).rejects.toMatchObject({ code: 'not_found' })
    })
  })

  describe('going back', () => {
    it('makes the state of an earlier version a new one, down to the files alone', async () => {
      const world = editing()
      for (const answer of ['一', '二'])
        await world.publishing.publish({ draftIds: [(await approved(world, { answer })).id], ...whole }, wang)
      const back = await world.publishing.rollBack(1, '二错了', wang)
      expect(back).toMatchObject({ number: 3, kind: 'rollback', restored: 1, reason: '二错了' })
      expect(await given()).toEqual({ 'refund-how': '一' })
      const versions = await world.versions.list({ limit: 9 })
      expect(versions.map(({ number }) => number)).toEqual([3, 2, 1])
      expect(versions[0]?.contentHash).toBe(versions[2]?.contentHash)
      expect(await world.publishing.diff(2, 3)).toEqual([
        {
          articleId: 'refund-how',
          kind: 'changed',
          fields: [{ field: 'answer', before: '二', after: '一' }],
        },
      ])
      await expect(world.publishing.rollBack(1, 'x', wang)).rejects.toMatchObject({ code: 'conflict' })
      await expect(world.publishing.rollBack(9, 'x', wang)).rejects.toMatchObject({ code: 'not_found' })
      await world.publishing.rollBack(0, '都不要', wang)
      expect(await given()).toEqual({ 'refund-how': '先看订单记录。\n1. 打开钱包。' })
    })

    it('is refused when that state could not be loaded any more', async () => {
      const world = editing()
      const draft = await approved(world, { id: 'refund-new', question: '新问题', similar: ['新问法'] })
      await world.publishing.publish({ draftIds: [draft.id], ...whole }, wang)
      await world.publishing.rollBack(0, '不要', wang)
      await folder.write(
        'refund/n.md',
        articleText({ id: 'refund-n', question: '新问题', similar: '[啊啊]' }),
      )
      await expect(world.publishing.rollBack(1, '又要', wang)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('cannot be loaded'),
      })
    })
  })

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
      )
      const made = await exchange.read({ format: 'csv', name: 'a.csv', bytes }, li)
      expect(made.rows.map(({ row, articleId, does }) => [row, articleId, does])).toEqual([
        ['2', 'refund-how', 'change'],
        ['3', 'refund-new', 'add'],
        ['4', 'refund-bad', 'faulty'],
        ['5', 'refund-new', 'faulty'],
      ])
      expect(made.rows[0]?.fields).toMatchObject([{ field: 'answer', after: '新答案' }])
      expect(made.rows[2]?.faults).toMatchObject([{ column: '失效' }])
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
      await test.database.query(`update knowledge_evaluations set state = 'waiting' where id = $1`, [id])
      await world.drafts.change(draft.id, { content: { ...content, answer: '二' } }, li)
      await world.evaluateNow(id)
      expect(await world.evaluations.get(id)).toMatchObject({
        state: 'failed',
        failure: expect.stringContaining('changed meanwhile'),
      })
    })
  })
}
