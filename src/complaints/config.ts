import { z } from 'zod'
import { complaintKinds, verdicts } from '../core/complaint.ts'

const hours = z.coerce.number().positive().max(8_760)

const Deadline = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be a name like act-on-notice')
    .describe('How the API names it.'),
  kinds: z.array(z.enum(complaintKinds)).min(1).describe('Kinds of complaints it holds for.'),
  hours: hours.describe('Hours from `from` on.'),
  from: z
    .enum(['received', 'counter-notice'])
    .default('received')
    .describe('What it counts from: the complaint, or the counter-notice of who was reported.'),
  source: z.string().trim().min(1).max(200).describe('The rule of law it comes from.'),
})

/** One deadline the law sets. */
export type DeadlineConfig = z.output<typeof Deadline>

// The law mostly says 及时 (promptly) or 立即 (at once) and leaves the hours to practice: those are ours.
const statutory: readonly z.input<typeof Deadline>[] = [
  {
    name: 'act-on-notice',
    kinds: ['copyright'],
    hours: 72,
    source: '民法典 第1195条（及时采取必要措施）、信息网络传播权保护条例 第15条（立即）',
  },
  {
    name: 'act-on-notice',
    kinds: ['personality-rights'],
    hours: 48,
    source: '民法典 第1195、1197条（及时采取必要措施）',
  },
  {
    name: 'end-measures',
    kinds: ['copyright', 'personality-rights'],
    hours: 360,
    from: 'counter-notice',
    source: '民法典 第1196条（合理期限内未收到投诉或者起诉通知，及时终止措施）',
  },
  {
    name: 'answer-request',
    kinds: ['privacy'],
    hours: 360,
    source: 'App违法违规收集使用个人信息行为认定方法 第六条（不超过15个工作日）',
  },
  {
    name: 'protect-minor',
    kinds: ['minors'],
    hours: 24,
    source: '未成年人网络保护条例（及时、立即处置）',
  },
  {
    name: 'stop-spread',
    kinds: ['illegal-content'],
    hours: 24,
    source: '网络安全法 第47、49条（立即停止传输，及时受理并处理）',
  },
]

const own = {
  copyright: 48,
  'personality-rights': 24,
  harassment: 24,
  privacy: 48,
  fraud: 12,
  minors: 4,
  'illegal-content': 4,
  other: 72,
} as const

/** The `complaints` section of the configuration. */
export const complaintsConfig = z.strictObject({
  policy: z
    .string()
    .default('knowledge/complaints')
    .describe('Folder of the list of reasons. Default knowledge/complaints.'),
  hosts: z
    .array(z.string().regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, 'must be a domain like example.com'))
    .min(1)
    .default(['bilibili.com'])
    .describe(
      'Domains of the platform; links to these and what lies below them are understood. Default bilibili.com.',
    ),
  hours: z
    .strictObject(
      Object.fromEntries(
        complaintKinds.map((kind) => [
          kind,
          hours
            .default(own[kind])
            .describe(`Hours until a complaint of this kind is decided. Default ${String(own[kind])}.`),
        ]),
      ) as Record<(typeof complaintKinds)[number], z.ZodDefault<typeof hours>>,
    )
    .prefault({})
    .describe('Own deadlines by kind.'),
  statutory: z
    .array(Deadline)
    .max(50)
    .default(statutory.map((deadline) => Deadline.parse(deadline)))
    .describe(
      'Deadlines that the law sets. Default: those of docs/complaints.md. Where the law says "promptly", the hours are a suggestion; let your lawyers look at them.',
    ),
  twoPersons: z
    .array(z.enum(verdicts))
    .default([])
    .describe('Decisions that need a second person, beside bans, which always do. Default: none.'),
  identity: z
    .strictObject({
      kinds: z
        .array(z.enum(complaintKinds))
        .default(['copyright', 'personality-rights'])
        .describe(
          'Kinds that are enforced only once the reporter has shown who they are. Default copyright and personality-rights, as 民法典 第1195条 has it; [] asks nobody.',
        ),
      inbox: z
        .string()
        .optional()
        .describe(
          'Inbox of channel email from which codes are sent. Default: the only one, if there is one.',
        ),
      minutes: z.coerce
        .number()
        .int()
        .min(5)
        .max(1_440)
        .default(30)
        .describe('Minutes for which a code holds. Default 30.'),
      tries: z.coerce
        .number()
        .int()
        .min(1)
        .max(10)
        .default(5)
        .describe('Wrong codes after which it no longer counts. Default 5; more make guessing easier.'),
    })
    .prefault({})
    .describe('One-time codes by which reporters show that an address is theirs.'),
  appealDays: z.coerce
    .number()
    .int()
    .min(1)
    .max(180)
    .default(15)
    .describe('Days in which a decision can be appealed. Default 15; then it is final.'),
  dailyPerContact: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .describe(
      'Complaints of one contact in 24 hours. Default 10; those beyond wait behind all others, and the contact is told. Complaints about minors and illegal content never wait.',
    ),
  coordinated: z
    .strictObject({
      reporters: z.coerce
        .number()
        .int()
        .min(2)
        .default(10)
        .describe('Contacts who report one object within the window. Default 10.'),
      windowHours: hours.default(24).describe('The window in hours. Default 24.'),
      freshDays: z.coerce
        .number()
        .positive()
        .max(365)
        .default(7)
        .describe('Days for which a contact is new. Default 7.'),
      freshShare: z.coerce
        .number()
        .min(0)
        .max(1)
        .default(0.6)
        .describe('Share of them that must be new. Default 0.6.'),
    })
    .prefault({})
    .describe('When reports of one object look coordinated: they are flagged, never refused.'),
})

/** A checked `complaints` section. */
export type ComplaintsConfig = z.output<typeof complaintsConfig>
