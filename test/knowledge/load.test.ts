import fc from 'fast-check'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { loadIntents } from '../../intents/index.ts'
import { loadKnowledge } from '../../knowledge/index.ts'
import { articleText, createFolder } from './folder.ts'
import type { ContentFolder } from './folder.ts'

const topics = ['refund', 'password']
let folder: ContentFolder | undefined
const load = async (files: Readonly<Record<string, string>>) => {
  folder = await createFolder(files)
  return loadKnowledge(folder.path, topics)
}
afterEach(() => folder?.drop())

describe('loading articles', () => {
  it('notes which are for conversations only; no other one changes by it', async () => {
    const { knowledge } = await load({
      'refund/a.md': articleText({ help: 'false' }),
      'refund/b.md': articleText({ id: 'refund-b', question: '退到哪', similar: '[退哪儿]', help: 'true' }),
    })
    expect(knowledge?.articles).toEqual([
      expect.objectContaining({ id: 'refund-how', help: false }),
      expect.not.objectContaining({ help: expect.anything() }),
    ])
  })

  it('reads every field, with defaults', async () => {
    const { knowledge, faults } = await load({
      'refund/a.md': articleText({
        followups: '[password-b]',
        en: '\n  question: How to refund\n  answer: Ask us.',
        channels: '\n  weibo: 短答案',
      }),
      'password/b.md': articleText({
        id: 'password-b',
        topic: 'password',
        question: '改密码',
        similar: '[换密码]',
        handoff: 'true',
        urgency: 'urgent',
        negative: '[支付密码]',
      }),
    })
    expect(faults).toEqual([])
    expect(knowledge?.articles).toEqual([
      expect.objectContaining({
        id: 'password-b',
        handoff: true,
        urgency: 'urgent',
        negative: ['支付密码'],
        followups: [],
        channelAnswers: {},
      }),
      {
        id: 'refund-how',
        topic: 'refund',
        question: '怎么退款',
        similar: ['退钱', '我要退款'],
        negative: [],
        handoff: false,
        urgency: 'normal',
        followups: ['password-b'],
        answer: '先看订单记录。\n1. 打开钱包。',
        channelAnswers: { weibo: '短答案' },
        en: { question: 'How to refund', answer: 'Ask us.' },
        file: 'refund/a.md',
      },
    ])
  })

  it('gives the same version for the same content and another for any change', async () => {
    const one = await load({ 'a.md': articleText() })
    await folder?.drop()
    const same = await load({ 'a.md': articleText() })
    await folder?.drop()
    const other = await load({ 'a.md': articleText({}, '别的答案') })
    expect(same.knowledge?.version).toBe(one.knowledge?.version)
    expect(other.knowledge?.version).not.toBe(one.knowledge?.version)
  })

  it.each([
    ['no front matter', '怎么退款', 1, /front matter/, /---/],
    ['front matter that never ends', '---\nid: refund-a\n', 1, /front matter/, /---/],
    ['broken YAML', articleText({ question: '怎么: 退: 款' }), 4, /YAML/, /单引号/],
    ['a key twice', articleText({ question: '甲\nquestion: 乙' }), 5, /写了两次/, /只保留一个/],
    [
      'a missing field',
      '---\nid: refund-a\ntopic: refund\nsimilar: [甲]\n---\n答',
      2,
      /缺少字段.*question/,
      /补上.*question/,
    ],
    ['a misspelt field', articleText({ negtive: '[]' }), 6, /不认识的字段.*negtive/, /拼写/],
    ['a number for a text', articleText({ similar: '[退款, 400]' }), 5, /similar\.1 的类型不对/, /单引号/],
    ['no similar question', articleText({ similar: '[]' }), 5, /similar 太短或太少/, /补充/],
    ['a question too long', articleText({ question: '问'.repeat(101) }), 4, /太长/, /删减/],
    ['an answer too long', articleText({}, '答'.repeat(2001)), 7, /2001 字/, /删减/],
    ['no answer', articleText({}, ''), 7, /没有答案正文/, /---/],
    ['an unknown topic', articleText({ topic: 'refnd' }), 3, /未知主题.*refnd/, /主题表/],
    ['an id outside its topic', articleText({ id: 'password-x' }), 2, /没有以主题开头.*refund/, /refund-/],
    ['an unknown urgency', articleText({ urgency: 'high' }), 6, /normal, urgent/, /其中一个/],
    ['a bad date', articleText({ updated: '昨天' }), 6, /YYYY-MM-DD/, /提示/],
    [
      'the same question twice',
      articleText({ similar: '[退钱, 怎么退款？]' }),
      5,
      /问法重复.*“怎么退款？”/,
      /删掉/,
    ],
    ['an unknown follow-up', articleText({ followups: '[refund-zz]' }), 6, /refund-zz 不存在/, /删掉/],
    ['itself as follow-up', articleText({ followups: '[refund-how]' }), 6, /指向自己/, /删掉/],
    ['aliases', articleText({ similar: '[&a 甲, *a]' }), 2, /别名/, /单引号/],
    ['tabs', articleText({ en: '\n\tquestion: x' }), 7, /制表符|YAML/, /空格|缩进/],
  ])('names %s with file, line and what to do', async (_, text, line, problem, fix) => {
    const { faults } = await load({ 'refund/broken.md': text })
    expect(faults[0]).toMatchObject({ file: 'refund/broken.md', line })
    expect(faults[0]?.problem).toMatch(problem)
    expect(faults[0]?.fix).toMatch(fix)
    // Chinese first, English beside it.
    expect(faults[0]?.fix).toMatch(/\p{Script=Han}.* [a-z]+ [a-z]/u)
  })

  it('names what two articles share, and keeps the first', async () => {
    const { knowledge, faults } = await load({
      'a.md': articleText(),
      'b.md': articleText({ question: '怎样退', similar: '[我要 退款]' }),
      'c.md': articleText({ id: 'refund-c', question: '退得了吗', similar: '[我要退款！]' }),
    })
    expect(faults).toEqual([
      expect.objectContaining({ file: 'b.md', line: 2, problem: 'id refund-how 已用于 is used in a.md' }),
      expect.objectContaining({
        file: 'b.md',
        line: 5,
        problem: '问法重复 question said twice: “我要 退款” 已在 is in a.md',
      }),
      expect.objectContaining({
        file: 'c.md',
        line: 5,
        problem: '问法重复 question said twice: “我要退款！” 已在 is in a.md',
      }),
    ])
    expect(knowledge?.articles.map(({ file }) => file)).toEqual(['a.md'])
  })

  it('keeps the right articles beside a broken one, and all faults of a file', async () => {
    const { knowledge, faults } = await load({
      'a.md': articleText(),
      'b.md': articleText({ id: 'Refund B', urgency: 'soon', extra: '1' }),
    })
    expect(faults.map(({ line }) => line).sort()).toEqual([2, 6, 7])
    expect(knowledge?.articles).toHaveLength(1)
  })

  it('knows all ids, also of what is for other days or faulty', async () => {
    folder = await createFolder({
      'a.md': articleText({ until: '2026-01-01' }),
      'b.md': articleText({ id: 'refund-b', topic: 'nowhere', question: '退到哪', similar: '[退哪儿]' }),
    })
    const { knowledge, ids } = await loadKnowledge(folder.path, topics, { today: '2026-01-02' })
    expect(knowledge).toBeUndefined()
    expect([...ids].sort()).toEqual(['refund-b', 'refund-how'])
  })

  it('names an empty, a missing folder and a file in another encoding', async () => {
    expect((await load({})).faults[0]?.problem).toMatch(/没有文章/)
    expect((await loadKnowledge('/nowhere/at/all', topics)).faults[0]?.problem).toMatch(/不存在/)
    await folder?.drop()
    folder = await createFolder()
    await folder.write('gbk.md', '')
    const { writeFile } = await import('node:fs/promises')
    await writeFile(join(folder.path, 'gbk.md'), Buffer.from([0xcd, 0xcb, 0xbf, 0xee]))
    expect((await loadKnowledge(folder.path, topics)).faults[0]).toMatchObject({
      file: 'gbk.md',
      problem: '不是 UTF-8 编码 not encoded as UTF-8',
    })
  })

  it('never throws, whatever the file holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.nat(200), async (noise, at) => {
        const text = articleText()
        const made = await createFolder({ 'a.md': text.slice(0, at) + noise + text.slice(at) })
        try {
          const { knowledge, faults } = await loadKnowledge(made.path, topics)
          expect((knowledge?.articles.length ?? 0) + faults.length).toBeGreaterThan(0)
        } finally {
          await made.drop()
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('the content that ships', () => {
  it('has no fault', async () => {
    const root = join(import.meta.dirname, '../..')
    const { intents, faults } = await loadIntents(join(root, 'intents'))
    const articles = await loadKnowledge(
      join(root, 'knowledge/articles'),
      intents?.topics.map(({ topic }) => topic) ?? [],
    )
    expect([...faults, ...articles.faults]).toEqual([])
    expect(articles.knowledge?.articles.length).toBeGreaterThanOrEqual(60)
  })
})
