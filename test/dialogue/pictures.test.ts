import { describe, expect, it } from 'vitest'
import type { ArticlePictures, PlacedPicture } from '../../src/core/knowledge.ts'
import type { ChannelName, Part } from '../../src/core/message.ts'
import { article, candidate, claimOf, classified, decide, dialogueWith, text } from './builders.ts'

const media = { mediaId: 'm-1', contentType: 'image/png', bytes: 9 }
const picture = (after: number, alt: string): PlacedPicture => ({ after, alt, media })
const pictures: ArticlePictures = {
  answer: [picture(6, '设置页')],
  channelAnswers: { wecom: [picture(0, '企业微信里的样子')] },
  en: [picture(4, 'Me')],
}
const illustrated = article('vip-auto-renew-stop', {
  answer: '1. 打开。\n2. 关闭。',
  channelAnswers: { weibo: '微博版', wecom: '企微版' },
  en: { question: 'How', answer: 'Look\nhere' },
  pictures,
})

const answered = (words: string, language: 'zh' | 'en', channel: ChannelName = 'wechat'): readonly Part[] => {
  const dialogue = dialogueWith({
    knowledge: () => ({ version: 'v1', articles: [illustrated] }),
    channelOf: () => channel,
  })
  const meaning = classified({
    topic: 'vip-auto-renew',
    confidence: 0.99,
    language,
    candidates: [candidate('vip-auto-renew-stop', 0.99)],
  })
  return decide(dialogue, claimOf([[text(words)]]), () => meaning).say.flat()
}
const markdown = (words: string): Part => ({ kind: 'text', text: words, format: 'markdown' })
/** The first words of an answer say which question they answer. */
const opening = (words: string, source = illustrated.question): Part => ({
  kind: 'text',
  text: words,
  format: 'markdown',
  source,
})

describe('an answer with pictures', () => {
  it('says words and pictures in the order of the article', () => {
    expect(answered('关续费', 'zh')).toEqual([
      opening('1. 打开。'),
      { kind: 'image', media, alt: '设置页' },
      markdown('2. 关闭。'),
    ])
  })

  it('takes the pictures of the answer that it gives', () => {
    expect(answered('关续费', 'zh', 'weibo')).toEqual([opening('微博版')])
    expect(answered('关续费', 'zh', 'wecom')).toEqual([
      { kind: 'image', media, alt: '企业微信里的样子' },
      opening('企微版'),
    ])
    expect(answered('stop it', 'en')).toEqual([
      opening('Look', 'How'),
      { kind: 'image', media, alt: 'Me' },
      markdown('here'),
    ])
  })

  it('describes them in the script of the contact', () => {
    expect(answered('怎麼關閉續費', 'zh')).toContainEqual({ kind: 'image', media, alt: '設置頁' })
  })
})
