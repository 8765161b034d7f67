import { z } from 'zod'

const hours = z.coerce.number<number>().positive().max(8_760)

const kinds = ['question', 'complaint', 'feedback', 'appeal', 'incident-report'] as const
const channels = [
  ...['wechat', 'wecom', 'weibo', 'email', 'web', 'telegram', 'botframework', 'wechaty', 'api'],
] as const
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1–40 lower-case letters, digits and hyphens')

const terms = {
  firstReplyHours: hours.describe("Hours until a person's first reply; contacts are told this time."),
  nextReplyHours: hours.describe('Hours until a reply to what the contact writes after that.'),
  resolutionHours: hours.describe('Hours until the matter is settled; only agents see it.'),
  calendar: name
    .optional()
    .describe(
      'Calendar in whose open time the hours are counted, e.g. office. Default none: around the clock.',
    ),
}

const inOrder = ({
  firstReplyHours,
  resolutionHours,
}: {
  firstReplyHours: number
  resolutionHours: number
}) => firstReplyHours <= resolutionHours
const orderRule = { path: ['resolutionHours'], error: 'must not be shorter than firstReplyHours' }

const listOf = <Schema extends z.ZodType>(one: Schema, what: string) =>
  z.array(one).max(50).default([]).describe(`${what} Default: any.`)

const Policy = z
  .strictObject({
    name: name.describe('How history and reports name it.'),
    when: z
      .strictObject({
        kinds: listOf(z.enum(kinds), 'Kinds of tickets.'),
        priorities: listOf(z.enum(['normal', 'high', 'urgent']), 'Priorities.'),
        channels: listOf(z.enum(channels), 'Channels.'),
        tiers: listOf(z.string().min(1).max(40), 'Tiers of contacts, as the contact has one.'),
      })
      .prefault({})
      .describe('For which tickets it holds. Every list that is given must name what the ticket is.'),
    ...terms,
  })
  .refine(inOrder, orderRule)

/** One policy. */
export type PolicySection = z.output<typeof Policy>

const audience = z.enum(['assignee', 'lead', 'supervisor'])

const told = {
  tell: z
    .array(audience)
    .default([])
    .describe(
      'Who is told in the desk: assignee, lead, supervisor. Where there is none, the next in this order is.',
    ),
  robots: z.array(name).default([]).describe('Robots that are told, by their names in `robots`.'),
}

const Step = z.strictObject({
  afterMinutes: z.coerce
    .number()
    .int()
    .min(0)
    .max(100_000)
    .describe('Minutes after the promised time, around the clock. 0: as soon as it is not kept.'),
  ...told,
})

const Robot = z.strictObject({
  kind: z.enum(['wecom', 'feishu', 'dingtalk']).describe('Whose group robot it is.'),
  url: z
    .url({ protocol: /^https?$/ })
    .meta({ writeOnly: true })
    .describe('Address of the group robot, with its key.'),
  secret: z
    .string()
    .min(8)
    .max(200)
    .optional()
    .meta({ writeOnly: true })
    .describe(
      'Signing secret of Feishu and DingTalk robots. Default none: the robot checks nothing, or words.',
    ),
})

/** One configured robot. */
export type RobotConfig = z.output<typeof Robot>

const standardPolicies = [
  {
    name: 'urgent',
    when: { priorities: ['urgent' as const] },
    firstReplyHours: 2,
    nextReplyHours: 2,
    resolutionHours: 24,
  },
  {
    name: 'high',
    when: { priorities: ['high' as const] },
    firstReplyHours: 8,
    nextReplyHours: 8,
    resolutionHours: 72,
  },
]

const distinct = (names: readonly string[]): boolean => new Set(names).size === names.length

/** The `promises` section of the configuration: by when tickets are owed what, and who hears when time runs out. */
export const promisesConfig = z
  .strictObject({
    policies: z
      .array(Policy)
      .max(100)
      .refine((policies) => distinct(policies.map((policy) => policy.name)), 'must have different names')
      .prefault(standardPolicies)
      .describe(
        'Tried in this order; the first that fits a ticket holds. Default: urgent tickets 2 hours, high ones 8.',
      ),
    otherwise: z
      .strictObject({
        ...terms,
        firstReplyHours: hours
          .default(24)
          .describe("Hours until a person's first reply. Default 24; contacts are told this time."),
        nextReplyHours: hours
          .default(24)
          .describe('Hours until a reply to what the contact writes after that. Default 24.'),
        resolutionHours: hours
          .default(72)
          .describe('Hours until the matter is settled. Default 72; only agents see it.'),
      })
      .refine(inOrder, orderRule)
      .prefault({})
      .describe('What holds when no policy fits.'),
    peopleCalendar: name
      .default('hotline')
      .describe(
        'When people answer: who writes outside hears when they are back, unless more was promised sooner. Default hotline.',
      ),
    warn: z
      .strictObject(told)
      .prefault({ tell: ['assignee'] })
      .describe('Who hears when a quarter of the time is left. Default: the assignee.'),
    chain: z
      .array(Step)
      .max(20)
      .prefault([
        { afterMinutes: 0, tell: ['assignee', 'lead'] },
        { afterMinutes: 30, tell: ['supervisor'] },
      ])
      .refine(
        (steps) =>
          steps.every((step, at) => at === 0 || step.afterMinutes > (steps[at - 1]?.afterMinutes ?? 0)),
        'must be in order of time, each later than the one before',
      )
      .describe(
        'Who hears when a promise was not kept, step by step until it is. Default: assignee and lead at once, supervisors after 30 minutes.',
      ),
    robots: z
      .record(name, Robot)
      .default({})
      .describe('Group robots of WeCom, Feishu and DingTalk by name. Default none.'),
  })
  .superRefine(({ warn, chain, robots }, context) => {
    const named = [
      ['warn', warn],
      ...chain.map((step, at) => [`chain.${String(at)}`, step] as const),
    ] as const
    for (const [path, { robots: wanted }] of named)
      for (const robot of wanted.filter((one) => robots[one] === undefined))
        context.addIssue({
          code: 'custom',
          path: [...path.split('.'), 'robots'],
          message: `names of robots; there is none called ${robot}`,
        })
  })

/** A checked `promises` section. */
export type PromisesConfig = z.output<typeof promisesConfig>

/** The calendars that the section names, each with the key that does. */
export const calendarsNamed = ({
  policies,
  otherwise,
  peopleCalendar,
}: PromisesConfig): readonly { readonly key: string; readonly calendar: string }[] => [
  ...policies.flatMap(({ calendar }, at) =>
    calendar === undefined ? [] : [{ key: `promises.policies.${String(at)}.calendar`, calendar }],
  ),
  ...(otherwise.calendar === undefined
    ? []
    : [{ key: 'promises.otherwise.calendar', calendar: otherwise.calendar }]),
  { key: 'promises.peopleCalendar', calendar: peopleCalendar },
]
