import { z } from 'zod'
import { stickersConfig } from './stickers.ts'

const slug = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be a topic or article id: a-z, 0-9 and hyphens')
const isTimezone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const persona = z.strictObject({
  name: z.string().min(1).max(20).default('小通').describe("The bot's name in Chinese texts. Default 小通."),
  nameEn: z
    .string()
    .min(1)
    .max(40)
    .default('Xiaotong')
    .describe("The bot's name in English texts. Default Xiaotong."),
  brand: z.string().min(1).max(20).default('次元站').describe('The brand in Chinese texts. Default 次元站.'),
  brandEn: z
    .string()
    .min(1)
    .max(40)
    .default('Ciyuan')
    .describe('The brand in English texts. Default Ciyuan.'),
  tone: z
    .enum(['standard', 'acg'])
    .default('standard')
    .describe(
      'How cheerful matters are spoken of: standard, or acg (二次元). Default standard; complaints and urgent matters are sober in both.',
    ),
  stickers: stickersConfig.describe(
    'Faces the acg tone adds to cheerful messages, one at most, by channel (`default`: the others) and by what they go with (hello, answer, ask). Default: codes on WeChat and Weibo, none in mail, Unicode elsewhere; {}: none.',
  ),
})

const probability = z.coerce.number().min(0).max(1).optional()

const thresholds = z.strictObject({
  answer: probability.describe(
    'Probability from which an article is given as the answer. Default: chosen by calibration so that 3 % of answers may be wrong; lower answers more and is wrong more often.',
  ),
  clarify: probability.describe(
    'Probability from which an article is offered as a choice. Default: chosen by calibration; lower offers more that does not fit.',
  ),
  outOfScope: probability.describe(
    "Probability from which a question counts as none of the brand's business. Default: chosen by calibration; lower refuses more.",
  ),
})

const popular = z.strictObject({
  id: z
    .string()
    .regex(/^about:[a-z0-9-]{1,40}$/, 'must look like about:vip')
    .describe('What a press sends back.'),
  zh: z.string().min(1).max(20).describe('Label in Chinese, at most 20 characters.'),
  en: z.string().min(1).max(40).describe('Label in English.'),
  articles: z
    .array(slug)
    .max(9)
    .default([])
    .describe('Ids of the articles shown first. Default none; unknown ones are left out.'),
  topics: z
    .array(slug)
    .min(1)
    .max(20)
    .describe('Topics it stands for; their articles fill up the list. A subject without any is not shown.'),
})

const menuAction = z.union([
  z.strictObject({ to: z.enum(['person', 'popular']) }),
  z.strictObject({ to: z.literal('article'), article: slug }),
  z.strictObject({ to: z.literal('text'), text: z.string().min(1).max(1_000) }),
])

const forms = z.strictObject({
  enabled: z.boolean().default(true).describe('false: no forms at all. Default true.'),
  off: z
    .array(slug)
    .default([])
    .describe('Ids of forms that are not used; their matters go to a person as before. Default none.'),
  resumeHours: z.coerce
    .number()
    .positive()
    .max(720)
    .default(24)
    .describe(
      'Hours of silence after which a form is handed to a person as it is, or dropped when nothing was given. Default 24; longer than the channel’s reply window: the contact hears of it late.',
    ),
  maxQuestions: z.coerce
    .number()
    .int()
    .min(1)
    .max(12)
    .default(8)
    .describe('Most questions one form asks; beyond it only required ones. Default 8.'),
})

const ticketKind = z.enum(['question', 'complaint', 'feedback', 'appeal', 'incident-report'])

const defaultPopular = [
  {
    id: 'about:account',
    zh: '账号与登录',
    en: 'Account and sign-in',
    articles: [
      'account-login-problem-no-code',
      'account-password-reset-forgot',
      'account-phone-change-rebind',
      'account-ban-appeal-appeal',
    ],
    topics: ['account-login-problem', 'account-password-reset', 'account-phone-change', 'account-ban-appeal'],
  },
  {
    id: 'about:vip',
    zh: '大会员与退款',
    en: 'Membership and refunds',
    articles: ['vip-auto-renew-stop', 'vip-not-credited-paid', 'vip-refund-apply', 'vip-purchase-price'],
    topics: ['vip-not-credited', 'vip-refund', 'vip-auto-renew', 'vip-purchase'],
  },
  {
    id: 'about:video',
    zh: '投稿与审核',
    en: 'Uploads and review',
    articles: ['video-review-time', 'video-review-rejected', 'video-upload-failed', 'video-transcode-stuck'],
    topics: ['video-review', 'video-upload', 'video-transcode', 'copyright-counter'],
  },
  {
    id: 'about:watch',
    zh: '播放、弹幕与闪退',
    en: 'Playback and crashes',
    articles: [
      'playback-stutter-buffering',
      'playback-stutter-black-screen',
      'danmaku-rules-send',
      'app-crash-on-start',
    ],
    topics: ['playback-stutter', 'danmaku-rules', 'app-crash', 'download-cache'],
  },
]

const defaultKinds = {
  'copyright-complaint': 'complaint',
  'harassment-report': 'complaint',
  'content-report': 'complaint',
  'complaint-service': 'complaint',
  'account-ban-appeal': 'appeal',
  'copyright-counter': 'appeal',
  'feedback-suggestion': 'feedback',
  'outage-report': 'incident-report',
} as const

/** The `dialogue` section of the configuration: when the bot answers, asks back, refuses or calls a person, and how it speaks. */
export const dialogueConfig = z.strictObject({
  persona: persona.prefault({}).describe('Who speaks.'),
  thresholds: thresholds
    .prefault({})
    .describe("From which probability what is done; what is left out, the classifier's calibration chooses."),
  failedTurnsBeforeEscalation: z.coerce
    .number()
    .int()
    .min(1)
    .max(10)
    .default(2)
    .describe(
      "Turns in a row that did not help before a person is called. Default 2; higher tries the contact's patience.",
    ),
  angryStrength: z.coerce
    .number()
    .int()
    .min(1)
    .max(3)
    .default(2)
    .describe(
      'Anger (1 faint to 3 furious) from which a person is called. Default 2; 1 calls one for mild annoyance.',
    ),
  maxChoices: z.coerce
    .number()
    .int()
    .min(1)
    .max(9)
    .default(4)
    .describe('Options of a question, 找人工 not counted. Default 4; more are hard to read on a phone.'),
  urgentTopics: z
    .array(slug)
    .default(['crisis', 'account-stolen', 'minor-refund', 'legal-press', 'outage-report'])
    .describe(
      'Topics that a person takes at once, soberly. An article of such a topic that is not marked for a person is still answered.',
    ),
  personTopics: z
    .array(slug)
    .default(['human-agent', 'complaint-service', 'copyright-complaint', 'harassment-report'])
    .describe('Topics that a person takes when no article answers them.'),
  soberTopics: z
    .array(slug)
    .default([
      'crisis',
      'account-stolen',
      'account-ban-appeal',
      'account-deletion',
      'minor-refund',
      'vip-refund',
      'vip-not-credited',
      'live-gift-refund',
      'bcoin-recharge',
      'creator-incentive',
      'order-mall',
      'paid-course',
      'teen-mode',
      'copyright-complaint',
      'copyright-counter',
      'harassment-report',
      'content-report',
      'complaint-service',
      'legal-press',
      'outage-report',
      'human-agent',
      'insult',
    ])
    .describe('Topics that are never joked about.'),
  soberWords: z
    .array(z.string().min(1).max(20))
    .max(100)
    .default([
      '封禁',
      '封号',
      '禁言',
      '处罚',
      '退款',
      '扣款',
      '扣费',
      '被盗',
      '诈骗',
      '投诉',
      '举报',
      '侵权',
      '违规',
      '锁定',
      '下架',
      '未成年',
    ])
    .describe('Words in the question of an article that make its answer sober, whatever its topic.'),
  forms: forms.prefault({}).describe('Forms that gather what a case needs before a person works on it.'),
  ticketKinds: z
    .record(slug, ticketKind)
    .default(defaultKinds)
    .describe('What kind of ticket a topic becomes; any other topic is a question.'),
  popular: z
    .array(popular)
    .max(9)
    .default(defaultPopular)
    .describe(
      'Subjects offered in the greeting and when it is unclear what is asked. Default four; empty: only 找人工.',
    ),
  menuKeys: z
    .record(z.string().min(1).max(128), menuAction)
    .default({
      MENU_TALK_TO_HUMAN: { to: 'person' },
      MENU_HELP: { to: 'popular' },
    })
    .describe("What a key of the channel's own menu does. An unknown key shows the popular subjects."),
  greeting: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('The greeting in Chinese. Default: made from name and brand. It should say that a bot speaks.'),
  greetingEn: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('The greeting in English. Default: made from name and brand.'),
  hotline: z
    .string()
    .min(3)
    .max(40)
    .default('400-178-2233')
    .describe("Telephone number of the hotline. Default the demo brand's."),
  helpCentreUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of the help centre, named when nothing was found. No default: not mentioned.'),
  timezone: z
    .string()
    .refine(isTimezone, 'must be a time zone name, e.g. Asia/Shanghai')
    .default('Asia/Shanghai')
    .describe('Zone of the times that contacts are told. Default Asia/Shanghai.'),
})

/** Probabilities from which something is done. */
export interface Thresholds {
  readonly answer: number
  readonly clarify: number
  readonly outOfScope: number
}

/** A checked `dialogue` section. */
export type DialogueSection = z.output<typeof dialogueConfig>

/** The section with all thresholds known. */
export interface DialogueConfig extends Omit<DialogueSection, 'thresholds'> {
  readonly thresholds: Thresholds
}

/** Fills in what the section leaves to calibration. */
export const withThresholds = (section: DialogueSection, calibrated: Thresholds): DialogueConfig => {
  const { answer, clarify, outOfScope } = section.thresholds
  return {
    ...section,
    thresholds: {
      answer: answer ?? calibrated.answer,
      clarify: clarify ?? calibrated.clarify,
      outOfScope: outOfScope ?? calibrated.outOfScope,
    },
  }
}
/** One subject of the greeting. */
export type Popular = DialogueConfig['popular'][number]
