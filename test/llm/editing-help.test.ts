// What a language model does for editors, over the API of the whole product.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { articleText, createFolder, type ContentFolder } from '../knowledge/folder.ts'
import type { TestAgent } from '../support/agent.ts'
import { onBothDatabases, type ProductGround } from '../support/both-databases.ts'
import { type Product, startProduct } from '../support/product.ts'

const stop = {
  ...{ id: 'vip-auto-renew-stop', topic: 'vip-auto-renew', question: '怎么关闭大会员自动续费' },
  similar: '[关闭自动续费, 取消连续包月]',
}
const stopText = '在续费管理里关闭。已付费的天数可以继续用到期满。'
const when = {
  ...{ id: 'vip-auto-renew-when', topic: 'vip-auto-renew', question: '关闭自动续费后会员什么时候失效' },
  similar: '[关了续费会员还能用吗, 自动续费关掉以后会员没了]',
}
const whenText = '关闭自动续费后，会员立即失效。'
const refund = {
  ...{ id: 'vip-refund-apply', topic: 'vip-refund', question: '大会员买错了可以退款吗' },
  similar: '[大会员退款, 会员能退钱吗]',
}

onBothDatabases('help for editors', (open) => {
  let ground: ProductGround
  let simulator: LlmSimulator
  let folder: ContentFolder
  let product: Product
  let editor: TestAgent
  const model = () => ({ provider: 'openai', name: 'small', apiKey: 'sk-canary', baseUrl: simulator.baseUrl })
  beforeAll(async () => {
    ground = await open()
    simulator = await startLlmSimulator()
    folder = await createFolder({
      'vip-auto-renew/stop.md': articleText(stop, stopText),
      'vip-auto-renew/when.md': articleText(when, whenText),
      'vip-refund/apply.md': articleText(refund, '购买后 15 天内没有使用过可以申请退款。'),
    })
    product = await startProduct({
      ...ground.config,
      llm: { model: model(), editing: 'on', staffTimeoutMs: 8_000, breaker: { failures: 100 } },
      content: { articles: folder.path },
    })
    editor = await product.agent()
  })
  afterAll(async () => {
    await product.dispose()
    await simulator.stop()
    await folder.drop()
    await ground.dispose()
  })
  beforeEach(() => simulator.reset())

  const Article = z.looseObject({ live: z.record(z.string(), z.unknown()) })
  const liveOf = async (id: string) => Article.parse(await editor.reads(`/knowledge/articles/${id}`)).live
  /** What the API answers, whatever it is. */
  const tries = async (path: string, body: unknown): Promise<string> => {
    try {
      return JSON.stringify(await editor.calls('POST', path, body))
    } catch (error) {
      return String(error)
    }
  }

  describe('similar questions', () => {
    it('are those that the article lacks; what another article has is marked, what names more is left out', async () => {
      simulator.answerWith(() => ({
        questions: [
          '关闭自动续费',
          '不想再每个月被扣钱了',
          '不想再每个月被扣钱了！',
          '会员能退钱吗',
          '自动续费 13800138000 怎么关',
          '去 https://evil.example/claim 关续费',
          '7 天内怎么关续费',
          '<b>关续费</b>',
        ],
      }))
      const content = await liveOf(stop.id)
      const { data, model: by } = await editor.calls('POST', '/knowledge/help/similar-questions', { content })
      expect(by).toBe('openai/small')
      expect(data).toMatchObject([
        { text: '不想再每个月被扣钱了' },
        { text: '会员能退钱吗', standing: 'other', of: { articleId: refund.id } },
      ])
      const [asked] = simulator.requests
      expect(asked?.system).not.toContain('自动续费')
      expect(asked?.user).toContain('取消连续包月')
      expect(await liveOf(stop.id)).toEqual(content)
    })

    it.each(['broken', 'empty', 'prose', 'wrong_schema', 'too_long', 'huge', 'reset'] as const)(
      'are refused kindly when the provider is %s',
      async (fault) => {
        simulator.misbehave(fault)
        const content = await liveOf(stop.id)
        const said = await tries('/knowledge/help/similar-questions', { content })
        expect(said).toContain('the language model does not answer')
        expect(said).not.toContain('sk-canary')
      },
    )
  })

  describe('the tone of an answer', () => {
    it('is put right where the facts stay the same; quotes that do not stand there are left out', async () => {
      const content = {
        ...(await liveOf(stop.id)),
        answer: '你必须自己在续费管理里关闭。到期前 1 天才扣费。',
      }
      simulator.answerWith(() => ({
        findings: [
          { quote: '你必须自己在续费管理里关闭。', proposal: '必须由你在续费管理里关闭哦。', why: '像命令' },
          { quote: '到期前 1 天才扣费。', proposal: '到期前 3 天才扣费哦。', why: '数字变了' },
          { quote: '到期前 1 天才扣费。', proposal: '到期前 1 天不扣费哦。', why: '意思反了' },
          { quote: '到期前 1 天才扣费。', proposal: '到期前 1 天才扣费 https://evil.example', why: '链接' },
          { quote: '没有这句话。', proposal: '也没有这句话。', why: '编的' },
        ],
      }))
      const { data } = await editor.calls('POST', '/knowledge/help/tone', { content })
      expect(data).toEqual([
        {
          ...{
            quote: '你必须自己在续费管理里关闭。',
            proposal: '必须由你在续费管理里关闭哦。',
            why: '像命令',
          },
          in: 'answer',
        },
      ])
    })
  })

  /** Somebody asks a person, who replies; gives the ticket. */
  const settled = async (question: string, replyTo: (name: string) => string, isSolved = true) => {
    const contact = product.contact()
    await contact.says(question)
    await contact.hears(/./)
    await contact.says('转人工')
    const { id, number } = await editor.finds(new RegExp(question.slice(0, 6)))
    await editor.takes(id)
    const { contactName } = z
      .looseObject({ contactName: z.string() })
      .parse(await editor.reads(`/tickets/${id}`))
    const reply = replyTo(contactName)
    await editor.replies(id, reply)
    await contact.hears(/票务窗口/)
    if (isSolved) await editor.solves(id)
    return { id, name: `T-${String(number)}`, contactName }
  }

  describe('an article from settled tickets', () => {
    it('is a draft of what was replied, without what was made up and without anybody’s data', async () => {
      const ticket = await settled(
        '火星飞船票怎么买，我电话 13800138000',
        (name) => `${name}您好，飞船票在票务窗口凭工作证购买，每人限 1 张。您的订单 20260101000123 已处理。`,
      )
      simulator.answerWith(() => ({
        found: true,
        question: '飞船票怎么买',
        similar: ['在哪买飞船票', '我 13800138000 的票', '飞船票 8 折怎么买'],
        answer: [
          { text: '飞船票在票务窗口凭工作证购买', sources: ['case:1'] },
          { text: '每人限 1 张', sources: ['1'] },
          { text: '每人限 9 张', sources: ['case:1'] },
          { text: '请致电 13800138000', sources: ['case:1'] },
          { text: '见 https://evil.example/claim', sources: ['case:1'] },
          { text: '王先生的订单已处理', sources: ['case:1'] },
          { text: '[姓名]您好', sources: ['case:1'] },
          { text: '飞船票在票务窗口凭工作证购买', sources: ['case:7'] },
        ],
      }))
      const draft = await editor.calls('POST', '/knowledge/help/drafts', { tickets: [ticket.name] })
      expect(draft).toMatchObject({
        ...{
          state: 'draft',
          action: 'save',
          source: { kind: 'tickets', id: ticket.name, model: 'openai/small' },
        },
        reason: expect.stringMatching(/机器生成.*T-\d+/),
        content: {
          ...{ question: '飞船票怎么买', similar: ['在哪买飞船票'], tags: ['机器生成'] },
          answer: '飞船票在票务窗口凭工作证购买。\n每人限 1 张。',
        },
      })
      const asked = simulator.requests.map(({ system, user }) => `${system}\n${user}`).join('\n')
      expect(asked).toContain('票务窗口')
      for (const theirs of ['13800138000', '20260101000123', ticket.contactName].filter((one) => one !== ''))
        expect(asked).not.toContain(theirs)
      // Nothing is live: it takes the way of all drafts.
      expect(await editor.reads(`/knowledge/articles/${String(draft.articleId)}`)).toMatchObject({
        ...{ origin: 'draft', drafts: [{ id: draft.id, state: 'draft' }] },
      })
    })

    it('is not made of work that is not settled, nor when nothing stands the check', async () => {
      const open = await settled('月球飞船票怎么买呀', () => '月球飞船票在票务窗口购买。', false)
      expect(await tries('/knowledge/help/drafts', { tickets: [open.name] })).toContain('not solved yet')
      expect(simulator.requests).toHaveLength(0)
      await editor.solves(open.id)
      simulator.answerWith(() => ({
        ...{ found: true, question: '月球飞船票', similar: [] },
        answer: [{ text: '我们保证给您退款 500 元', sources: ['case:1'] }],
      }))
      expect(await tries('/knowledge/help/drafts', { tickets: [open.name] })).toContain(
        'did not stand the check',
      )
      simulator.misbehave('hang')
      expect(await tries('/knowledge/help/drafts', { tickets: [open.name] })).toContain('does not answer')
    })
  })

  const check = () => editor.reads('/knowledge/contradiction-check')
  const listed = async (state = 'open') =>
    z
      .object({ data: z.array(z.looseObject({ id: z.string() })) })
      .parse(await editor.reads(`/knowledge/contradictions?state=${state}`)).data
  /** Compares the articles on automatic renewal, and says that all others agree. */
  const compares = (first: string, second: string) =>
    simulator.answerWith(({ user }) => {
      const isTheirs = user.includes('已付费的天数') && user.includes('失效')
      return isTheirs
        ? { contradicts: true, first, second, why: '关闭后会员还能不能用' }
        : { contradicts: false, first: '', second: '', why: '' }
    })
  const looks = async (state = 'done') => {
    await editor.calls('POST', '/knowledge/contradiction-check', {})
    await expect.poll(check).toMatchObject({ state })
  }

  describe('contradictions between articles', () => {
    it('are found with both places word for word, dismissed, and back when a text changes', async () => {
      simulator.misbehave('broken')
      await looks('paused')
      expect(await check()).toMatchObject({ why: 'model', judged: 0 })
      simulator.reset()
      compares('已付费的天数可以继续用', '会员立即失效')
      await looks()
      expect(await listed()).toMatchObject([
        {
          ...{ why: '关闭后会员还能不能用', model: 'openai/small', state: 'open' },
          first: { articleId: stop.id, question: stop.question, quote: '已付费的天数可以继续用' },
          second: { articleId: when.id, question: when.question, quote: '会员立即失效' },
        },
      ])
      const [found] = await listed()
      await editor.calls('POST', `/knowledge/contradictions/${String(found?.id)}/dismiss`, {})
      expect(await listed()).toEqual([])
      const before = simulator.requests.length
      await looks()
      expect(simulator.requests).toHaveLength(before)
      expect(await listed()).toEqual([])
      expect(await listed('dismissed')).toMatchObject([{ id: found?.id, state: 'dismissed' }])

      // Another wording is none of the text; another sentence is.
      await folder.write(
        'vip-auto-renew/when.md',
        articleText({ ...when, similar: '[关了续费会员还能用吗]' }, whenText),
      )
      await looks()
      expect(simulator.requests).toHaveLength(before)
      await folder.write('vip-auto-renew/when.md', articleText(when, `${whenText}请留意。`))
      expect(await listed('dismissed')).toEqual([])
      await looks()
      expect(simulator.requests.length).toBeGreaterThan(before)
      expect(await listed()).toMatchObject([{ second: { quote: '会员立即失效' } }])
    })

    it('leaves a pair alone that the model will not compare, until it is wanted', async () => {
      await folder.write('vip-auto-renew/when.md', articleText(when, `${whenText}请放心。`))
      simulator.misbehave('filtered')
      await looks()
      const unchecked = () => editor.reads('/knowledge/unchecked-pairs')
      const pair = { second: { articleId: when.id, question: when.question }, why: 'filtered' }
      const isKept = expect.objectContaining({
        data: expect.arrayContaining([expect.objectContaining(pair)]),
      })
      expect(await unchecked()).toEqual(isKept)
      simulator.reset()
      compares('已付费的天数可以继续用', '会员立即失效')
      await looks()
      expect(simulator.requests).toHaveLength(0)
      expect(await unchecked()).toEqual(isKept)
      await editor.calls('POST', '/knowledge/unchecked-pairs/retry', {})
      await expect.poll(check).toMatchObject({ state: 'done' })
      expect(await unchecked()).toEqual({ data: [] })
      expect(await listed()).toMatchObject([
        { first: { in: 'answer' }, second: { quote: '会员立即失效', in: 'answer' } },
      ])
    })

    it('are none where a place was made up', async () => {
      await folder.write('vip-auto-renew/when.md', articleText(when, `${whenText}请注意。`))
      compares('已付费的天数可以继续用', '会员当月失效')
      await looks()
      expect(await listed()).toEqual([])
    })
  })

  it('shows nothing, and asks nobody, where it is switched off', async () => {
    const other = await startProduct({ llm: { model: model() }, content: { articles: folder.path } })
    try {
      editor = await other.agent()
      expect(await editor.reads('/knowledge/help')).toEqual({ on: false })
      const content = await liveOf(stop.id)
      expect(await tries('/knowledge/help/tone', { content })).toContain('switched off')
      expect(await tries('/knowledge/contradiction-check', {})).toContain('switched off')
      expect(simulator.requests).toHaveLength(0)
    } finally {
      await other.dispose()
    }
  })
})
