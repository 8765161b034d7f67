/**
 * What Telegram's refusals mean to us. Telegram numbers them like HTTP and tells cases of 400 apart in words alone.
 * Source: core.telegram.org/bots/api#making-requests, #responseparameters; core.telegram.org/bots/faq.
 */
import { z } from 'zod'
import { ChannelError } from '../../src/core/errors.ts'
import type { ChannelErrorCode, ChannelErrorFacts } from '../../src/core/errors.ts'

/** A refusal as grammY throws it. Its message and payload hold what was said to whom, so they go no further. */
const Refused = z.looseObject({
  name: z.literal('GrammyError'),
  error_code: z.number(),
  description: z.string(),
  parameters: z
    .looseObject({ retry_after: z.number().optional(), migrate_to_chat_id: z.number().optional() })
    .default({}),
})

/** No answer as grammY throws it; the error inside names the address, and with it the token. */
const Unanswered = z.looseObject({
  name: z.literal('HttpError'),
  error: z.looseObject({ code: z.string().optional() }).optional().catch(undefined),
})

/** A special case of 400 that the sender can cure itself; `facts.providerCode` holds it. */
export const curable = {
  /** The HTML cannot be read. */
  markup: '400 parse',
  /** The picture is too large or too long for a photo. */
  photo: '400 photo',
  /** The group has a new id. */
  migrated: '400 migrated',
  /** The connection ended before the answer: the message may have been sent. */
  noAnswer: 'no answer',
} as const

interface Meaning {
  readonly code: ChannelErrorCode
  readonly what: string
  readonly hint?: string
  readonly providerCode?: string
}

const badRequests: readonly (readonly [words: RegExp, meaning: Meaning])[] = [
  [
    /can't parse entities/i,
    { code: 'permanent', what: 'the markup cannot be read', providerCode: curable.markup },
  ],
  [
    /photo_invalid_dimensions|image_process_failed|photo_ext_invalid/i,
    { code: 'permanent', what: 'the picture cannot be shown as a photo', providerCode: curable.photo },
  ],
  [
    /upgraded to a supergroup/i,
    { code: 'unreachable', what: 'the group has a new id', providerCode: curable.migrated },
  ],
  [/message is too long|caption is too long/i, { code: 'too_long', what: 'the text is too long' }],
  [
    /wrong (?:remote )?file.?id|file reference|wrong file identifier/i,
    { code: 'media_expired', what: 'Telegram does not know the file any more' },
  ],
  [/file is too big|request entity too large/i, { code: 'permanent', what: 'the file is too large' }],
  [
    /not enough rights|have no rights|chat_write_forbidden|need administrator rights/i,
    {
      code: 'no_permission',
      what: 'the bot may not write in this group',
      hint: 'let the bot write messages in the group’s permissions',
    },
  ],
  [
    /chat not found|peer_id_invalid|user not found|chat_id is empty|group chat was deactivated/i,
    { code: 'unreachable', what: 'Telegram does not know the chat' },
  ],
]

const tokenHint =
  'set token to the one @BotFather shows under /mybots → API Token; after /revoke the old one is void'

const byNumber: ReadonlyMap<number, Meaning> = new Map([
  [401, { code: 'needs_operator', what: 'the token is refused', hint: tokenHint }],
  // Telegram answers so when the token does not even look like one, a relay when it is none.
  [
    404,
    {
      code: 'needs_operator',
      what: 'there is no such bot or method',
      hint: `${tokenHint}; else check apiRoot`,
    },
  ],
  [403, { code: 'unreachable', what: 'the contact has blocked the bot, never started it, or is gone' }],
  [
    409,
    {
      code: 'needs_operator',
      what: 'somebody else receives this bot’s updates',
      hint: 'stop the other program that uses this token, or revoke the token in @BotFather and set the new one',
    },
  ],
  [413, { code: 'permanent', what: 'the file is too large' }],
])

const meaningOf = (errorCode: number, description: string): Meaning => {
  const known = byNumber.get(errorCode)
  if (known !== undefined) return known
  if (errorCode >= 500) return { code: 'temporary', what: 'Telegram has a disturbance' }
  const bad = badRequests.find(([words]) => words.test(description))
  return bad?.[1] ?? { code: 'permanent', what: 'Telegram refused for a reason we do not know' }
}

/** Longest wait that we believe; Telegram asks for hours after real abuse. */
const longestWaitMs = 24 * 3_600_000

const refusal = (
  action: string,
  { error_code: number, description, parameters }: z.infer<typeof Refused>,
) => {
  if (number === 429 || number === 420) {
    const retryAfterMs = Math.min((parameters.retry_after ?? 5) * 1_000, longestWaitMs)
    const facts = { providerCode: number, retryAfterMs }
    return new ChannelError('telegram', 'rate_limited', `${action}: too fast for Telegram (${number})`, facts)
  }
  const { code, what, hint, providerCode = number } = meaningOf(number, description)
  const facts: ChannelErrorFacts = { providerCode, ...(hint === undefined ? {} : { hint }) }
  return new ChannelError('telegram', code, `${action}: ${what} (${number})`, facts)
}

/** Failures before anything was sent. */
const neverSent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

const networkHint =
  'check the server’s network; where Telegram is not reachable, set apiRoot to a Bot API server or relay of your own'

/** Whatever a call threw, as our error: without address, token or text. */
export const telegramError = (action: string, error: unknown): ChannelError => {
  if (error instanceof ChannelError) return error
  const refused = Refused.safeParse(error)
  if (refused.success) return refusal(action, refused.data)
  const { data: unanswered } = Unanswered.safeParse(error)
  const reason = unanswered?.error?.code ?? ''
  if (neverSent.has(reason))
    return new ChannelError('telegram', 'temporary', `${action}: Telegram cannot be reached (${reason})`, {
      hint: networkHint,
    })
  return new ChannelError('telegram', 'temporary', `${action}: no valid answer from Telegram`, {
    providerCode: curable.noAnswer,
    outcomeUnknown: true,
    hint: networkHint,
  })
}

/** The new id of a group that was upgraded; undefined for every other refusal. */
export const newChatIdOf = (error: unknown): string | undefined => {
  const { data } = Refused.safeParse(error)
  const id = data?.parameters.migrate_to_chat_id
  return id === undefined ? undefined : String(id)
}
