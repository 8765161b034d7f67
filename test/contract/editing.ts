import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { EditWrite } from '../../src/core/editing.ts'
import { createEventLog } from '../../src/store/index.ts'
import { articleText } from '../knowledge/folder.ts'
import type { TestDatabase } from '../support/databases.ts'
import { approved, li, useEditingStage, wang, whole } from '../support/editing-stage.ts'
import { buildArticle } from '../support/editing-world.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'

/** What every database must do for drafts, review, versions and going back. */
export const itKeepsKnowledgeVersions = (open: () => Promise<TestDatabase>): void => {
  const { database, writeFile, editing, given } = useEditingStage(open)

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
      await untilEventsAreReadable(database())
      const events = await createEventLog(database()).read({ types: ['knowledge.published'], limit: 9 })
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
      await writeFile(
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
      await writeFile('refund/how.md', articleText({}, '文件里的新答案'))
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
      await writeFile('refund/n.md', articleText({ id: 'refund-n', question: '新问题', similar: '[啊啊]' }))
      await expect(world.publishing.rollBack(1, '又要', wang)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('cannot be loaded'),
      })
    })
  })
}
