import { z } from '@hono/zod-openapi'
import type { CoachingNote } from '../../../core/review-coaching.ts'
import { Moment } from '../../shapes/message.ts'
import { coachingJson, CoachingSchema } from '../../shapes/review.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall, type Reply } from '../define-route.ts'
import { showingCurrent } from '../writing.ts'
import { personOf } from './review-caller.ts'
import { coachingExample } from './review-examples.ts'

const words = z.string().trim().min(1).max(8_000)
const NewNote = z
  .strictObject({
    agentId: z.string().min(1).max(80),
    text: words,
    reviewId: z.uuid().optional().openapi({ description: 'A completed review of this agent’s work' }),
    ticketId: z.uuid().optional(),
    followUpAt: Moment.optional().openapi({ description: 'When both are reminded to look at it again' }),
  })
  .openapi('NewCoachingNote')
const NoteChange = z.strictObject({
  text: words.optional(),
  followUpAt: Moment.nullable().optional(),
  followedUp: z.literal(true).optional().openapi({ description: 'It was looked at again' }),
})

type NoteReply = Reply<z.output<typeof CoachingSchema>>
const reply = (note: CoachingNote): NoteReply => ({ body: coachingJson(note), version: note.version })

const writing = async (
  {
    api,
    caller,
    version,
    body,
    params,
  }: Pick<RawCall, 'api' | 'caller' | 'version' | 'body'> & {
    readonly params: { readonly id: string }
  },
  write: () => Promise<CoachingNote>,
): Promise<NoteReply> =>
  reply(
    await showingCurrent(
      write,
      async () => coachingJson(await api.quality.coaching.get(params.id, personOf(caller))),
      { version, changes: body },
    ),
  )

const cursors = createCursors('coaching', z.object({ id: z.uuid() }))
const common = {
  tag: 'quality',
  method: 'get',
  permission: 'ticket.read',
  params: z.strictObject({ id: z.uuid() }),
  query: nothing,
  body: nothing,
  answer: CoachingSchema,
  example: coachingExample,
} as const

/** What leads say to agents; only the two of them read it. */
export const coachingRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'listCoachingNotes',
    path: '/quality/coaching',
    summary: 'List the coaching notes you wrote and got',
    description: 'The latest first; people only. Nobody else reads them, whatever their role.',
    params: nothing,
    query: z.strictObject({
      ...pageQuery,
      agent: z.string().min(1).max(80).optional().openapi({ description: 'Who got them' }),
      due: z
        .stringbool()
        .default(false)
        .openapi({ type: 'boolean', description: 'Only those to be looked at again now' }),
    }),
    answer: pageOf(CoachingSchema).openapi('CoachingNotePage'),
    example: { data: [coachingExample] },
    handle: async ({ api, caller, query: { limit, cursor, agent, due } }) => {
      const after = cursors.read(cursor)?.id
      const rows = await api.quality.coaching.list(personOf(caller), {
        ...{ limit: limit + 1, dueOnly: due },
        ...(after === undefined ? {} : { after }),
        ...(agent === undefined ? {} : { agentId: agent }),
      })
      const page = cutPage(rows, limit, { json: coachingJson, cursor: ({ id }) => cursors.write({ id }) })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...common,
    id: 'createCoachingNote',
    method: 'post',
    path: '/quality/coaching',
    permission: 'quality.review',
    summary: 'Write a coaching note',
    status: 201,
    params: nothing,
    body: NewNote,
    handle: async ({ api, caller, body, idempotencyKey }) => {
      const { reviewId, ticketId, followUpAt, ...rest } = body
      const note = await api.quality.coaching.create(
        {
          ...rest,
          ...(reviewId === undefined ? {} : { reviewId }),
          ...(ticketId === undefined ? {} : { ticketId }),
          ...(followUpAt === undefined ? {} : { followUpAt: new Date(followUpAt) }),
        },
        { who: personOf(caller), idempotencyKey },
      )
      return { ...reply(note), location: `/quality/coaching/${note.id}` }
    },
  }),
  defineRoute({
    ...common,
    id: 'getCoachingNote',
    path: '/quality/coaching/{id}',
    summary: 'Read a coaching note',
    versioned: true,
    handle: async ({ api, caller, params }) =>
      reply(await api.quality.coaching.get(params.id, personOf(caller))),
  }),
  defineRoute({
    ...common,
    id: 'changeCoachingNote',
    method: 'patch',
    path: '/quality/coaching/{id}',
    permission: 'quality.review',
    summary: 'Change a coaching note you wrote, or say that it was looked at again',
    versioned: true,
    body: NoteChange,
    handle: (call) =>
      writing(call, () => {
        const { text, followUpAt, followedUp } = call.body
        const change = {
          ...(text === undefined ? {} : { text }),
          ...(followUpAt === undefined
            ? {}
            : { followUpAt: followUpAt === null ? null : new Date(followUpAt) }),
          followedUp,
        }
        const write = { who: personOf(call.caller), expectedVersion: call.version }
        return call.api.quality.coaching.change(call.params.id, change, write)
      }),
  }),
  defineRoute({
    ...common,
    id: 'acknowledgeCoachingNote',
    method: 'post',
    path: '/quality/coaching/{id}/acknowledge',
    summary: 'Say that you have read a coaching note',
    versioned: true,
    handle: (call) =>
      writing(call, () =>
        call.api.quality.coaching.acknowledge(call.params.id, {
          ...{ who: personOf(call.caller), expectedVersion: call.version },
        }),
      ),
  }),
]
