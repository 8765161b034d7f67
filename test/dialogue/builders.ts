import type { ServiceHours } from '../../src/core/dialogue.ts'
import {
  initialDialogue,
  type Claim,
  type Decision,
  type DialogueState,
} from '../../src/core/conversation.ts'
import type { Article } from '../../src/core/knowledge.ts'
import { textOf, type Part } from '../../src/core/message.ts'
import type { Dialogue } from '../../src/core/dialogue.ts'
import type { Candidate, Classification, UnderstandingContext } from '../../src/core/understanding.ts'
import {
  createDialogue,
  dialogueConfig,
  type DialogueSection,
  type DialogueOptions,
} from '../../src/dialogue/index.ts'

export const now = new Date('2026-11-24T02:00:00Z')

export const article = (id: string, over: Partial<Article> = {}): Article => ({
  id,
  topic: id.split('-').slice(0, 2).join('-'),
  question: `怎么${id}`,
  similar: [],
  negative: [],
  handoff: false,
  urgency: 'normal',
  followups: [],
  answer: `**${id}** 的答案`,
  channelAnswers: {},
  file: `${id}.md`,
  ...over,
})

export const articles: readonly Article[] = [
  article('vip-auto-renew-stop', {
    topic: 'vip-auto-renew',
    question: '怎么关闭大会员自动续费',
    answer: '1. 打开 **我的**\n2. 关闭自动续费',
    channelAnswers: { weibo: '微博里这样关闭自动续费' },
    en: { question: 'How do I stop automatic renewal?', answer: 'Open **Me**, then turn it off.' },
  }),
  article('vip-refund-apply', { topic: 'vip-refund', question: '大会员买错了或不想要了可以退款吗' }),
  article('vip-refund-progress', { topic: 'vip-refund', question: '大会员退款多久到账，怎么查进度' }),
  article('vip-not-credited-paid', { topic: 'vip-not-credited', question: '付款了大会员没到账怎么办' }),
  article('video-review-time', { topic: 'video-review', question: '视频审核要多久，一直在审核中怎么办' }),
  article('account-stolen-report', {
    topic: 'account-stolen',
    question: '账号被盗了怎么办',
    answer: '已按紧急情况转给人工。',
    handoff: true,
    urgency: 'urgent',
  }),
  article('account-stolen-protect', { topic: 'account-stolen', question: '怎么防止账号被盗' }),
  article('live-gift-refund-mistake', {
    topic: 'live-gift-refund',
    question: '直播间送错礼物、误触打赏能退吗',
    answer: '由同事核实。',
    handoff: true,
  }),
]

export const candidate = (articleId: string, score: number): Candidate => {
  const found = articles.find(({ id }) => id === articleId)
  return { articleId, topic: found?.topic ?? 'vague', question: found?.question ?? '', score }
}

/** What is understood of a text, a question of the brand that nothing answers unless said otherwise. */
export const classified = (over: Partial<Classification> = {}): Classification => ({
  text: '',
  language: 'zh',
  intent: 'vip-refund.ask',
  topic: 'vip-refund',
  handling: 'faq',
  confidence: 0.3,
  candidates: [],
  outOfScope: 0.1,
  urgency: 'normal',
  emotion: 'neutral',
  emotionStrength: 0,
  asksForPerson: false,
  reasons: [],
  knowledgeVersion: 'v1',
  ...over,
})

const replies: DialogueOptions['replies'] = (intent, tone, language) =>
  /^(greeting|thanks|insult|spam|out-of-scope|bot-abuse|vague|crisis)\./.test(intent)
    ? [1, 2, 3].map((place) => `${intent} ${language === 'en' ? 'en' : tone} ${place}`)
    : []

export const configured = (over: Record<string, unknown> = {}): DialogueSection => dialogueConfig.parse(over)

/** The demo's hotline, and people who never go home. */
export const alwaysThere: ServiceHours = {
  hotline: (language) => (language === 'en' ? '10:00–18:00 every day, China time' : '每天 10:00–18:00'),
  peopleBackAt: () => undefined,
}

export const dialogueWith = (over: Partial<DialogueOptions> = {}) =>
  createDialogue({
    knowledge: () => ({ version: 'v1', articles }),
    replies,
    channelOf: () => 'wechat',
    config: configured(),
    hours: alwaysThere,
    thresholds: () => ({ answer: 0.6, clarify: 0.2, outOfScope: 0.6 }),
    ...over,
  })

export const event = (name: string, value?: string): Part => ({
  kind: 'event',
  name,
  ...(value === undefined ? {} : { value }),
})
export const text = (words: string): Part => ({ kind: 'text', text: words })

export const claimOf = (messages: readonly (readonly Part[])[], over: Partial<Claim> = {}): Claim => ({
  conversationId: 'c-1',
  fence: 1,
  inboxId: 'wx',
  contactId: 'p-1',
  mode: 'bot',
  dialogue: initialDialogue,
  pending: messages.map((parts, place) => ({
    id: `m-${place}`,
    seq: place + 1,
    parts,
    sentAt: now,
    wantsReply: true,
    mayContinue: true,
  })),
  ...over,
})

export const said = (decision: Decision): string => decision.say.map(textOf).join('\n')
export const labels = (decision: Decision): readonly string[] =>
  decision.say
    .flat()
    .flatMap((part) => (part.kind === 'choices' ? part.choices.map(({ label }) => label) : []))

/** What words mean. */
export type Meaning = (words: string, context: UnderstandingContext) => Classification

/** Decides as a turn does: what is heard is understood, then decided on. */
export const decide = (dialogue: Dialogue, claim: Claim, understand: Meaning): Decision => {
  const heard = dialogue.hear(claim)
  const understood = heard === undefined ? undefined : understand(heard.text, heard.context)
  return dialogue.decide({ claim, understood, now })
}

/** A contact whose conversation goes on from turn to turn; the state travels as JSON, as in the store. */
export const contactOf = (over: { config?: DialogueSection; ticket?: Claim['ticket'] } = {}) => {
  const dialogue = dialogueWith(over.config === undefined ? {} : { config: over.config })
  let state: DialogueState = initialDialogue
  let seq = 0
  const turn = (messages: readonly (readonly Part[])[], understand: Meaning): Decision => {
    const pending = claimOf(messages).pending.map((message) => ({ ...message, seq: (seq += 1) }))
    const claim = claimOf([], {
      pending,
      dialogue: state,
      ...(over.ticket === undefined ? {} : { ticket: over.ticket }),
    })
    const decision = decide(dialogue, claim, understand)
    const stored: unknown = JSON.parse(JSON.stringify(decision.dialogue))
    state = { ...initialDialogue, ...(typeof stored === 'object' ? stored : {}) }
    return decision
  }
  return {
    says: (words: string | readonly string[], meaning: Partial<Classification> = {}): Decision =>
      turn(
        (typeof words === 'string' ? [words] : words).map((line) => [text(line)]),
        (heard) => classified({ ...meaning, text: heard }),
      ),
    sends: (...parts: readonly Part[]): Decision => turn([parts], (heard) => classified({ text: heard })),
    state: () => state,
  }
}
