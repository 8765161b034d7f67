import { describe, expect, it } from 'vitest'
import type { KnowledgeBase } from '../../src/core/knowledge.ts'
import type { Understand } from '../../src/core/understanding.ts'
import { busyMs, linearMs } from '../support/busy-time.ts'

/** What is under test, on the demo content. */
export interface UnderstandingUnderTest {
  readonly understand: Understand
  readonly knowledge: KnowledgeBase
  readonly thresholds: { readonly answer: number; readonly clarify: number; readonly outOfScope: number }
}

const evil: readonly string[] = [
  '',
  ' ',
  '\u0000\ud800\u202e',
  '？？？',
  '😡😡😡',
  ...[
    'a',
    '退',
    '😀',
    '[微笑]',
    '\ud83d',
    'ﷺ',
    '！',
    'ab ',
    '会員',
    'a@',
    'www.',
    '\u0301',
    '\n',
    '0',
    '人工',
    '。退款',
    '那',
  ].map((kind) => kind.repeat(Math.ceil(50_000 / kind.length))),
  '{"__proto__":{"polluted":1}}',
  '<script>alert(1)</script>',
]

/** What every understanding must do, with or without an encoder. `open` gives one that was prepared before. */
export const itUnderstands = (open: () => UnderstandingUnderTest): void => {
  const topicOf = async (text: string, lastText?: string): Promise<string> =>
    (await open().understand(text, lastText === undefined ? {} : { lastText })).topic

  describe('an understanding', () => {
    it('finds every article by its own standard question', async () => {
      const { understand, knowledge } = open()
      const missed: string[] = []
      for (const { id, question } of knowledge.articles) {
        const { candidates, topic } = await understand(question, {})
        if (candidates[0]?.articleId !== id || candidates[0].topic !== topic) missed.push(id)
      }
      expect(missed).toEqual([])
    })

    it('is the same for the same text and context', async () => {
      const { understand } = open()
      const once = await understand('那退款呢', { lastText: '怎么取消自动续费' })
      await understand('别的问题', {})
      expect(await understand('那退款呢', { lastText: '怎么取消自动续费' })).toEqual(once)
    })

    it('gives probabilities, and at most eight candidates, best first, all of them articles', async () => {
      const { understand, knowledge } = open()
      const ids = new Set(knowledge.articles.map(({ id }) => id))
      for (const text of [
        '退款',
        '会员',
        '视频不见了',
        '怎么弄',
        '会员怎么退？发票怎么开？',
        'hello',
        '天气',
      ]) {
        const { candidates, confidence, outOfScope } = await understand(text, {})
        const scores = candidates.map(({ score }) => score)
        for (const chance of [confidence, outOfScope, ...scores]) {
          expect(chance).toBeGreaterThanOrEqual(0)
          expect(chance).toBeLessThanOrEqual(1)
        }
        expect(scores).toEqual([...scores].sort((a, b) => b - a))
        expect(candidates.length).toBeLessThanOrEqual(8)
        expect(new Set(candidates.map(({ articleId }) => articleId)).size).toBe(candidates.length)
        for (const { articleId } of candidates) expect(ids).toContain(articleId)
      }
    })

    it('never throws and takes little time for hostile text, as message or as context', async () => {
      const { understand } = open()
      for (const text of evil) {
        const started = busyMs()
        await understand(text, { lastText: text, lastTopic: '__proto__' })
        expect(busyMs() - started, text.slice(0, 20)).toBeLessThan(linearMs)
      }
    })

    it('reads traditional characters, wide letters, typos and slang as what they stand for', async () => {
      const { understand } = open()
      const plain = await understand('怎么退大会员', {})
      for (const text of ['怎麼退大會員', '怎么退dhy', '怎么退ＤＨＹ！！', '怎么退大汇员']) {
        expect((await understand(text, {})).topic, text).toBe(plain.topic)
      }
      expect(await topicOf('我被关小黑屋了')).toBe('account-ban-appeal')
    })

    it('answers neither small talk nor what is none of the brand’s business', async () => {
      const { understand, thresholds } = open()
      expect(await understand('你好', {})).toMatchObject({
        topic: 'greeting',
        handling: 'chat',
        candidates: [],
      })
      for (const text of ['明天会下雨吗', '红烧肉怎么做', '帮我写一首诗', '美团外卖怎么还没到']) {
        const { topic, handling, outOfScope } = await understand(text, {})
        expect([text, topic, handling]).toEqual([text, 'out-of-scope', 'out-of-scope'])
        expect(outOfScope).toBeGreaterThanOrEqual(thresholds.outOfScope)
      }
    })

    it('does not pretend to understand gibberish', async () => {
      const { understand, thresholds } = open()
      for (const text of ['qwlkejqwlke', '喵呜噗叽咕噜', '？？？', '😀']) {
        expect((await understand(text, {})).candidates[0]?.score ?? 0, text).toBeLessThan(thresholds.answer)
      }
    })

    it('hears who wants a person, and who only says the word', async () => {
      const { understand } = open()
      for (const text of [
        '转人工',
        '人工',
        '麻烦接一下真人客服',
        '会员没到账，转人工',
        'I want to talk to a human',
        '轉人工',
      ]) {
        expect((await understand(text, {})).asksForPerson, text).toBe(true)
      }
      for (const text of [
        '人工智能会统治世界吗',
        '人工审核要多久',
        '你是真人吗',
        '客服电话是多少',
        '怎么退款',
      ]) {
        expect((await understand(text, {})).asksForPerson, text).toBe(false)
      }
    })

    it('knows what is urgent and what only sounds so', async () => {
      const { understand } = open()
      for (const text of ['我的号被盗了', '孩子偷偷充了三千块', '我不想活了', '我是律师，要发律师函']) {
        expect((await understand(text, {})).urgency, text).toBe('urgent')
      }
      for (const text of ['笑死我了', '怎么取消自动续费', '怎么防止账号被盗', '死活登不上']) {
        expect((await understand(text, {})).urgency, text).not.toBe('urgent')
      }
    })

    it('puts danger to life before everything else', async () => {
      for (const text of [
        '我想自杀',
        '会员怎么退款？算了我不想活了',
        '有个主播直播自残',
        '哈哈哈谢谢你们，我想自杀',
      ]) {
        const { topic, handling, urgency } = await open().understand(text, {})
        expect([text, topic, handling, urgency]).toEqual([text, 'crisis', 'urgent', 'urgent'])
      }
    })

    it('feels anger and its strength', async () => {
      const { understand } = open()
      expect(await understand('你们这群骗子！！！把钱还我！！！', {})).toMatchObject({
        emotion: 'angry',
        emotionStrength: 3,
      })
      for (const text of ['怎么改昵称', '我要投诉侵权'])
        expect(await understand(text, {})).toMatchObject({ emotion: 'neutral', emotionStrength: 0 })
    })

    it('reads a follow-up in the light of what came before', async () => {
      expect(await topicOf('那退款呢', '大会员怎么取消自动续费')).toBe('vip-refund')
      expect(await topicOf('电脑上呢', '怎么缓存视频')).toBe('download-cache')
      expect(await topicOf('要什么材料', '孩子充值怎么退款')).toBe('minor-refund')
      expect((await open().understand('怎么弄', { lastTopic: 'invoice' })).topic).toBe('invoice')
    })

    it('does not drag what came before into a new question, thanks or a call for a person', async () => {
      expect(await topicOf('弹幕怎么关', '大会员怎么退款')).toBe('danmaku-rules')
      expect(await topicOf('谢谢', '大会员怎么退款')).toBe('thanks')
      expect(await topicOf('转人工', '大会员怎么退款')).toBe('human-agent')
      expect(await topicOf('今天天气怎么样', '大会员怎么退款')).toBe('out-of-scope')
    })

    it('reads short follow-ups over three turns by the question they lean on', async () => {
      for (const [text, lastText, topic] of [
        ['要多久', '怎么缓存视频', 'download-cache'],
        ['为什么', '视频上传失败', 'video-upload'],
        ['多久', '孩子偷偷充了钱能退吗', 'minor-refund'],
        ['那退款呢', '怎么取消自动续费', 'vip-refund'],
        ['要多久到账', '大会员退款多久到账，怎么查进度', 'vip-refund'],
        ['那安卓端呢', '怎么取消自动续费', 'vip-auto-renew'],
      ] as const)
        expect([text, await topicOf(text, lastText)]).toEqual([text, topic])
    })

    it('takes a matter that a follow-up names for more than the matter before', async () => {
      expect(await topicOf('那退款呢', '发票怎么开')).not.toBe('invoice')
      expect(await topicOf('那注销呢', '怎么改密码')).toBe('account-deletion')
    })

    it('reads what is said instead of a wrong answer together with the question before', async () => {
      const { understand } = open()
      const corrected = { lastText: '怎么取消大会员自动续费', corrects: true } as const
      expect((await understand('退款', corrected)).topic).toBe('vip-refund')
      expect((await understand('弹幕怎么关', corrected)).topic).toBe('danmaku-rules')
    })

    it('takes several questions apart, in order, with their own candidates', async () => {
      const { understand } = open()
      for (const text of [
        '大会员怎么退款？另外发票怎么开？弹幕怎么关',
        '1.大会员怎么退款 2.发票怎么开 3.弹幕怎么关',
        '大会员怎么退款，怎么开发票，怎么关弹幕',
        '大會員怎麼退款？發票怎麼開？彈幕怎麼關？',
      ]) {
        const { questions = [] } = await understand(text, {})
        expect([text, questions.map(({ topic }) => topic)]).toEqual([
          text,
          ['vip-refund', 'invoice', 'danmaku-rules'],
        ])
        for (const { candidates, topic } of questions) expect(candidates[0]?.topic).toBe(topic)
      }
      const { questions = [] } = await understand('手机号跟实名怎么改', {})
      expect(questions.map(({ topic }) => topic)).toEqual(['account-phone-change', 'account-real-name'])
      for (const text of [
        '账号和密码怎么改',
        '怎么取消自动续费',
        '自动续费怎么取消啊？在哪里取消啊？',
        '你好！怎么改昵称？谢谢！',
        '视频传不上去，怎么办',
      ])
        expect([text, (await understand(text, {})).questions]).toEqual([text, undefined])
    })

    it('names the videos, orders and telephones in a text, and is not led astray by them', async () => {
      const { understand } = open()
      const plain = await understand('发票怎么开', {})
      const named = await understand('订单号2026112512345678 发票怎么开，打我13800138000', {})
      expect(named.topic).toBe(plain.topic)
      expect(named.entities?.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
        'order 2026112512345678',
        'phone 138****8000',
      ])
      expect(JSON.stringify(named)).not.toContain('13800138000')
      const link = await understand('https://www.example.com/video/BV1xx411c7mD?p=2 视频审核要多久', {})
      expect(link).toMatchObject({
        topic: 'video-review',
        entities: [{ kind: 'video', value: 'BV1xx411c7mD' }],
      })
      expect((await understand('发票怎么开', {})).entities).toBeUndefined()
    })

    it('reads voice messages behind their fillers', async () => {
      for (const [text, topic] of [
        ['嗯那个就是说我想问一下那个大会员怎么退款啊', 'vip-refund'],
        ['那个就是 自动续费 嗯 怎么关来着', 'vip-auto-renew'],
        ['喂你好那个我那个视频传上去了一直在审核中就是说要多久啊', 'video-review'],
        ['呃 我想问一下发票怎么开', 'invoice'],
      ] as const)
        expect([text, await topicOf(text)]).toEqual([text, topic])
    })

    it('answers one of several questions and lists the other', async () => {
      const { candidates } = await open().understand('大会员怎么退款？另外发票怎么开？', {})
      expect(candidates.map(({ topic }) => topic)).toEqual(expect.arrayContaining(['vip-refund', 'invoice']))
    })

    it('sees the question behind a greeting', async () => {
      expect(await topicOf('你好！在吗？我的大会员付了钱没到账。谢谢！')).toBe('vip-not-credited')
    })

    it('tells the language', async () => {
      const { understand } = open()
      expect(await understand('how do I delete my account', {})).toMatchObject({
        language: 'en',
        topic: 'account-deletion',
      })
      expect((await understand('怎么注销', {})).language).toBe('zh')
    })

    it('says why, and which version of the content it used', async () => {
      const { understand, knowledge } = open()
      const { reasons, knowledgeVersion } = await understand('我的号被盗了，转人工', {})
      expect(reasons).toContainEqual({
        code: 'person-words',
        values: { words: expect.stringContaining('转人工') as unknown },
      })
      expect(knowledgeVersion).toContain(knowledge.version)
    })
  })
}
