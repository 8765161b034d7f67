import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadIntents } from '../../intents/index.ts'
import { loadKnowledge } from '../../knowledge/index.ts'
import type { Article } from '../../src/core/knowledge.ts'
import type { ChannelName } from '../../src/core/message.ts'
import type { Spoken } from '../../src/core/understanding.ts'
import { wordingFor, type Wording } from '../../src/dialogue/wording.ts'
import { claimOf, classified, configured, decide, dialogueWith, now, said, text } from './builders.ts'

const root = join(import.meta.dirname, '../..')
let articles: readonly Article[]
let replies: readonly (readonly string[])[]
beforeAll(async () => {
  const { intents } = await loadIntents(join(root, 'intents'))
  const topics = (intents?.topics ?? []).map(({ topic }) => topic)
  articles = (await loadKnowledge(join(root, 'knowledge/articles'), topics)).knowledge?.articles ?? []
  replies = (intents?.intents ?? []).flatMap(({ replies: own }) =>
    own === undefined ? [] : [own.standard, own.acg, own.en],
  )
})

/** What must be the same however it is said. */
const factsOf = (words: string) => ({
  numbers: words.match(/\d+(?:[.:–-]\d+)*/g) ?? [],
  links: words.match(/https?:\/\/[!-~]+|[\w.+-]+@[\w.-]+/g) ?? [],
  steps: words.match(/^ *(?:\d+\.|[-*]) /gm)?.length ?? 0,
})

const questions: Readonly<Record<Spoken, string>> = {
  zh: '请问这个问题怎么处理',
  'zh-Hant': '請問這個問題怎麼處理',
  en: 'how is this done please',
}
const channels: readonly ChannelName[] = ['wechat', 'weibo', 'email', 'web']
const variants = (['standard', 'acg'] as const).flatMap((tone) =>
  (['zh', 'zh-Hant', 'en'] as const).map((spoken) => ({ tone, spoken })),
)

describe('facts', () => {
  it.each(variants)('of every article are the same in $tone, $spoken', ({ tone, spoken }) => {
    expect(articles.length).toBeGreaterThan(100)
    for (const channel of channels) {
      const dialogue = dialogueWith({
        knowledge: () => ({ version: 'all', articles }),
        channelOf: () => channel,
        config: configured({ persona: { tone } }),
      })
      for (const { id, topic, question, answer, channelAnswers, en } of articles) {
        const decision = decide(dialogue, claimOf([[text(questions[spoken])]]), (heard) =>
          classified({
            text: heard,
            topic,
            language: spoken === 'en' ? 'en' : 'zh',
            confidence: 0.99,
            candidates: [{ articleId: id, topic, question, score: 0.99 }],
          }),
        )
        const written = channelAnswers[channel] ?? answer
        const expected = spoken === 'en' && en !== undefined ? en.answer : written
        expect([id, factsOf(said(decision))]).toEqual([id, factsOf(expected)])
        // A picture between two steps parts them further.
        const lines = (words: string): string => words.replace(/\n+/g, '\n')
        if (spoken !== 'zh-Hant') expect(lines(said(decision))).toContain(lines(expected))
        else expect(said(decision)).not.toMatch(/[这么务设频权验证号]/)
      }
    }
  })

  it('of our own words are the same in every tone and language', () => {
    const speaker = { name: '小通', brand: '次元站' }
    const all = [
      wordingFor('zh', 'standard', speaker),
      wordingFor('zh', 'acg', speaker),
      wordingFor('en', 'standard', speaker),
    ]
    const arguments_: Readonly<Partial<Record<keyof Wording, unknown>>> = {
      ability: ['甲', '乙'],
      wordsPlease: 'image',
      helpCentre: 'https://help.example/7',
    }
    const tell = (wording: Wording, key: keyof Wording): string => {
      const words: unknown = wording[key]
      if (typeof words === 'string') return words
      if (typeof words === 'function')
        return String(Reflect.apply(words, undefined, [arguments_[key] ?? '主题']))
      return JSON.stringify(words)
    }
    const keys = Object.keys(all[0] ?? {}) as (keyof Wording)[]
    for (const key of keys.filter((one) => one !== 'things')) {
      const [standard, ...others] = all.map((wording) => factsOf(tell(wording, key)))
      for (const other of others) expect([key, other]).toEqual([key, standard])
    }
  })

  it('of what is announced are the same in every language', () => {
    const told = (spoken: Spoken, topic: string, again: boolean) =>
      dialogueWith()
        .announce({
          escalation: {
            reason: { code: 'asked-for-person', values: {} },
            topic,
            urgency: 'urgent',
            kind: 'question',
          },
          ticketNumber: 1042,
          firstReplyDueAt: new Date(now.getTime() + 3_600_000),
          now,
          again,
          language: spoken,
        })
        .map((part) => (part.kind === 'text' ? part.text : ''))
        .join('')
    for (const topic of ['vip-refund', 'crisis'])
      for (const again of [true, false]) {
        const { numbers } = factsOf(told('zh', topic, again))
        expect(factsOf(told('zh-Hant', topic, again)).numbers).toEqual(numbers)
        expect([...factsOf(told('en', topic, again)).numbers].sort()).toEqual([...numbers].sort())
        expect(told('zh-Hant', topic, again)).not.toMatch(/[这会经马单]/)
      }
  })
})

const sticker =
  /\p{Extended_Pictographic}|\[[\p{Script=Han}\w]{1,4}\]|[(（][^()（）\p{Script=Han}\w]*[・ᴗ▽ωノ益‿♥][^()（）\p{Script=Han}]*[)）]/gu

describe('faces', () => {
  it('stand at most once in a message, none in mail, codes on WeChat and Weibo', () => {
    const acg = configured({ persona: { tone: 'acg' } })
    const saidOn = (channel: ChannelName): string => {
      const dialogue = dialogueWith({
        knowledge: () => ({ version: 'all', articles }),
        channelOf: () => channel,
        config: acg,
      })
      return said(
        decide(dialogue, claimOf([[text('怎么改昵称')]]), (heard) =>
          classified({
            text: heard,
            topic: 'account-profile',
            candidates: [
              { articleId: 'account-profile-nickname', topic: 'account-profile', question: '', score: 0.9 },
            ],
          }),
        ),
      )
    }
    expect(saidOn('email').match(sticker)).toBeNull()
    for (const channel of ['wechat', 'weibo', 'web'] as const)
      expect(saidOn(channel).match(sticker)).toHaveLength(1)
    expect(saidOn('wechat')).toMatch(/\[(?:OK|加油|胜利)\]$/)
    expect(saidOn('weibo')).toMatch(/\[(?:doge|赞|给力)\]$/)
    expect(saidOn('web')).not.toMatch(/\[/)
  })

  it('stand at most once in a reply of an intent', () => {
    for (const own of replies.flat())
      expect([own, own.match(sticker)?.length ?? 0]).toEqual([
        own,
        expect.toSatisfy((count: number) => count <= 1),
      ])
  })
})
