import { z } from 'zod'
import type { DeadLetters } from '../core/dead-letters.ts'

// Messages that did not go, as the command line asks a running product for them.

const moment = z.coerce.date()

const filter = z.strictObject({
  inboxIds: z.exactOptional(z.array(z.string().max(100)).max(1_000).readonly()),
  since: z.exactOptional(moment),
  reason: z.exactOptional(z.string().max(100)),
  ids: z.exactOptional(z.array(z.string().max(100)).max(10_000).readonly()),
})

/** What can be asked. */
export const LettersAsk = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('list'), filter, limit: z.number().int().min(1).max(1_000) }),
  z.strictObject({ what: z.literal('count'), filter }),
  z.strictObject({ what: z.literal('replay'), filter }),
])
export type LettersAsk = z.infer<typeof LettersAsk>

/** Does what the command line asks for. */
export const performLetters = (ask: LettersAsk, letters: DeadLetters): Promise<unknown> => {
  switch (ask.what) {
    case 'list':
      return letters.list(ask.filter, ask.limit)
    case 'count':
      return letters.count(ask.filter)
    case 'replay':
      return letters.replay(ask.filter)
    default:
      return ask satisfies never
  }
}

const LettersAnswer = z.array(
  z.strictObject({
    ...{ id: z.string(), messageId: z.string(), inboxId: z.string(), status: z.enum(['failed', 'expired']) },
    ...{ reason: z.string(), error: z.string(), tries: z.number(), writtenAt: moment },
  }),
)
const CountsAnswer = z.array(z.strictObject({ inboxId: z.string(), reason: z.string(), count: z.number() }))

/** The dead letters as `ask` reaches them in another process. */
export const remoteLetters = (
  ask: <Answer>(schema: z.ZodType<Answer>, request: LettersAsk) => Promise<Answer>,
): DeadLetters => ({
  list: (meant, limit) => ask(LettersAnswer, { what: 'list', filter: meant, limit }),
  count: (meant) => ask(CountsAnswer, { what: 'count', filter: meant }),
  replay: (meant) => ask(z.number(), { what: 'replay', filter: meant }),
})
