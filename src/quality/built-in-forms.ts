import type { ReviewCriterion, ReviewFormFacts } from '../core/review-form.ts'

type Words = readonly [zh: string, en: string]

const words = ([zh, en]: Words) => ({ zh, en })

const criterion = (
  [id, group, name, guidance]: readonly [id: string, group: string, name: Words, guidance: Words],
  over: Partial<ReviewCriterion> = {},
): ReviewCriterion => ({
  ...{ id, group, name: words(name), guidance: words(guidance) },
  ...{ kind: 'scale', weight: 1, mayNotApply: false, critical: false, wrongAnswer: false },
  ...over,
})

const agentCriteria: readonly ReviewCriterion[] = [
  criterion([
    'tone',
    'manner',
    ['语气', 'Tone'],
    [
      '礼貌、有耐心、不敷衍；对方着急或生气时先安抚。5 分：让人愿意再来。0 分：冒犯了对方。',
      'Polite, patient, no stock phrases; calms first who is upset. 5: people gladly come back. 0: it offends.',
    ],
  ]),
  criterion(
    [
      'understanding',
      'manner',
      ['理解', 'Understanding'],
      [
        '看懂了问题和处境，没有让对方重复已经说过的话。0 分：答非所问。',
        'Grasped question and situation; nobody had to say again what was said. 0: about something else.',
      ],
    ],
    { weight: 2 },
  ),
  criterion(
    [
      'correctness',
      'substance',
      ['正确', 'Correctness'],
      [
        '所说的与知识库和规则一致。说错一处关键信息最多 2 分。',
        'What was said agrees with articles and rules. One wrong key fact: 2 at most.',
      ],
    ],
    { weight: 3 },
  ),
  criterion(
    [
      'completeness',
      'substance',
      ['完整', 'Completeness'],
      [
        '所有问题都有着落，下一步和时间说清楚了。',
        'Every question is dealt with; what comes next, and when, is clear.',
      ],
    ],
    { weight: 2 },
  ),
  criterion(
    [
      'procedure',
      'rules',
      ['流程', 'Procedure'],
      [
        '核实、转交、备注、分类都按规定做了。没有涉及流程的选“不适用”。',
        'Checks, transfers, notes and kind as prescribed. Not applicable where none was needed.',
      ],
    ],
    { weight: 1, mayNotApply: true },
  ),
  criterion(
    [
      'privacy',
      'rules',
      ['隐私', 'Privacy'],
      [
        '没有泄露他人信息，没有索要不需要的个人信息，没有要密码或验证码。选“否”则总分为 0。',
        'Told nothing of others, asked for no personal data it did not need, no password or code. No: the total is 0.',
      ],
    ],
    { kind: 'yes-no', critical: true },
  ),
]

const botCriteria: readonly ReviewCriterion[] = [
  criterion(
    [
      'right-subject',
      'substance',
      ['主题对', 'Right subject'],
      ['理解成了对方真正问的事。', 'It took the matter for what the contact asked about.'],
    ],
    { kind: 'yes-no', weight: 3, wrongAnswer: true },
  ),
  criterion(
    [
      'right-answer',
      'substance',
      ['答案对', 'Right answer'],
      [
        '给出的文章正好解决这个问题。5 分：完全解决。0–1 分：答错了，会交给知识库改进。',
        'The article settles just this question. 5: wholly. 0–1: wrong, and passed on to those who keep the articles.',
      ],
    ],
    { weight: 3, mayNotApply: true, wrongAnswer: true },
  ),
  criterion([
    'tone',
    'manner',
    ['语气', 'Tone'],
    ['语气合适，不生硬，不油滑。', 'The tone fits: neither stiff nor glib.'],
  ]),
  criterion(
    [
      'handover',
      'manner',
      ['该转人工时转了', 'Handed over when needed'],
      ['需要人工时转了人工，不需要时没有转。', 'It got a person where one was needed, and none where not.'],
    ],
    { kind: 'yes-no', weight: 2, mayNotApply: true },
  ),
]

const group = (id: string, name: Words) => ({ id, name: words(name) })
const manner = group('manner', ['态度', 'Manner'])
const substance = group('substance', ['内容', 'Substance'])
const rules = group('rules', ['规范', 'Rules'])

/** Forms there are from the beginning; people change and retire them as any other. */
export const builtInForms: readonly (ReviewFormFacts & { readonly id: string })[] = [
  {
    id: '6f0d2a52-2f2c-4f0a-8a51-3f7f6f0c0001',
    name: words(['客服工单质检', 'Agents’ tickets']),
    subject: 'ticket',
    groups: [manner, substance, rules],
    criteria: agentCriteria,
  },
  {
    id: '6f0d2a52-2f2c-4f0a-8a51-3f7f6f0c0002',
    name: words(['机器人回答质检', 'Bot answers']),
    subject: 'bot-answer',
    groups: [substance, manner],
    criteria: botCriteria,
  },
]
