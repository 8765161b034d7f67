import { z } from 'zod'

const words = (zh: string, en: string) =>
  z
    .strictObject({
      zh: z.string().min(1).max(300).default(zh).describe(`In Chinese. Default: ${zh}`),
      en: z.string().min(1).max(300).default(en).describe(`In English. Default: ${en}`),
    })
    .prefault({})

const hour = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, e.g. 09:00')

/** The `surveys` section: who is asked how a ticket went, when, and what a low score leads to. */
export const surveysConfig = z.strictObject({
  enabled: z
    .boolean()
    .optional()
    .describe(
      'true: contacts are asked how satisfied they are after a ticket is solved. Default: only in the demo; it writes to people who did not ask for it, so switch it on knowingly.',
    ),
  share: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('Share of solved tickets whose contacts are asked, chosen by chance. Default 1: all.'),
  everyDays: z.coerce
    .number()
    .min(0)
    .max(365)
    .default(30)
    .describe(
      'Days in which one contact is asked once at most, over all channels. Default 30; 0 asks after every ticket.',
    ),
  delayMinutes: z.coerce
    .number()
    .min(0)
    .max(1_440)
    .default(10)
    .describe(
      'Minutes after solving at which is asked. Default 10; who has written again by then is not asked. Long delays miss the reply window of channels that have one.',
    ),
  answerHours: z.coerce
    .number()
    .positive()
    .max(720)
    .default(72)
    .describe('Hours in which a score can be given, and changed. Default 72.'),
  askComment: z
    .boolean()
    .default(true)
    .describe(
      'false: nobody is asked what could be better after the score. Default true; once, and skippable.',
    ),
  commentMinutes: z.coerce
    .number()
    .positive()
    .max(1_440)
    .default(30)
    .describe('Minutes in which the next message may be the comment. Default 30.'),
  lowScore: z.coerce
    .number()
    .int()
    .min(0)
    .max(4)
    .default(2)
    .describe(
      'Scores up to this one open a ticket in which somebody looks into it. Default 2; 0: none does.',
    ),
  reviewMinutes: z.coerce
    .number()
    .min(0)
    .max(1_440)
    .default(10)
    .describe('Minutes a low score waits for its comment before that ticket opens. Default 10.'),
  exceptKinds: z
    .array(z.enum(['question', 'complaint', 'feedback', 'appeal', 'incident-report']))
    .default(['complaint', 'appeal'])
    .describe('Kinds of tickets after which nobody is asked. Default complaint and appeal.'),
  exceptTopics: z
    .array(z.string().min(1).max(80))
    .default(['crisis', 'account-stolen', 'legal-press'])
    .describe('Topics after which nobody is asked. Default crisis, account-stolen and legal-press.'),
  campaignHours: z
    .strictObject({
      from: hour.default('09:00').describe('From when on. Default 09:00.'),
      to: hour.default('21:00').describe('Until when. Default 21:00.'),
    })
    .refine(({ from, to }) => from < to, 'from must lie before to: nobody is written to over midnight')
    .prefault({})
    .describe('Hours of the brand’s day (calendars.hotline.timezone) in which campaigns write to contacts.'),
  question: words(
    '工单 T-{ticket} 已经处理完了，这次服务你满意吗？不想再被问，回复“别再问我了”。',
    'Ticket T-{ticket} is settled. How satisfied are you with our help? To be asked no more, reply "stop".',
  ).describe('What is asked; {ticket} is the number.'),
})

/** A checked `surveys` section. */
export type SurveysConfig = z.output<typeof surveysConfig>
