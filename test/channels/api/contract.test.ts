import { z } from 'zod'
import type { ChannelErrorCode } from '../../../src/core/errors.ts'
import { itIsAChannel } from '../../contract/channel.ts'
import { bodyOf, contactId, openStage, otherSecret } from './stage.ts'

/** How the brand's side says each refusal. */
const answers: ReadonlyMap<ChannelErrorCode, { status: number; body?: string }> = new Map([
  ['temporary', { status: 503 }],
  ['rate_limited', { status: 429 }],
  ['daily_quota', { status: 422, body: '{"error":"daily_quota"}' }],
  ['quota_exhausted', { status: 422, body: '{"error":"quota_exhausted"}' }],
  ['window_closed', { status: 422, body: '{"error":"window_closed"}' }],
  ['unreachable', { status: 410 }],
  ['too_long', { status: 413 }],
  ['no_permission', { status: 422, body: '{"error":"no_permission"}' }],
  ['rejected_content', { status: 422, body: '{"error":"rejected_content","for":"member-1"}' }],
  ['needs_operator', { status: 401 }],
  ['permanent', { status: 422, body: 'member-1 not wanted' }],
])

const Sent = z.object({
  data: z.object({
    contact: z.object({ id: z.literal(contactId) }),
    part: z.object({ kind: z.literal('text'), text: z.string() }),
  }),
})

itIsAChannel({
  name: 'a signed HTTP inbox',
  contactKey: contactId,
  refusals: [...answers.keys()],
  answersWithinRequest: false,
  open: async (host) => {
    const { channel, brand, says, close } = await openStage({}, host)
    const text = (words: string, id: string): string => bodyOf({ kind: 'text', text: words }, { id })
    return {
      channel,
      says: (words, id) => says(text(words, id)),
      saysUnknown: (id) => says(bodyOf({ kind: 'hologram', beam: 'x' }, { id })),
      forges: (words, id) => says(text(words || 'x', id), { secret: otherSecret }),
      saysBroken: () => says('{"id":"1","contact":'),
      saysTooMuch: () => says(text('字'.repeat(600_000), '1')),
      refuses: (code) =>
        brand.answer(code === undefined ? { status: 200 } : (answers.get(code) ?? { status: 500 })),
      delivered: () => brand.received.map(({ body }) => Sent.parse(JSON.parse(body)).data.part.text),
      readAnswer: () => undefined,
      close,
    }
  },
})
