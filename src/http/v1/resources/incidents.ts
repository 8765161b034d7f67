import { z } from '@hono/zod-openapi'
import type { Incident, IncidentWrite } from '../../../core/incident.ts'
import { WordingSchema } from '../../shapes/feedback.ts'
import {
  ChannelNoticesSchema,
  ChannelSchema,
  incidentEntryJson,
  IncidentEntrySchema,
  incidentJson,
  IncidentSchema,
} from '../../shapes/incident.ts'
import { Moment } from '../../shapes/message.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall, type Reply } from '../define-route.ts'
import { actorOf, showingCurrent } from '../writing.ts'
import { entryExample, incidentExample } from './incident-examples.ts'

type IncidentReply = Reply<z.output<typeof IncidentSchema>>

const reply = (incident: Incident): IncidentReply => ({
  body: incidentJson(incident),
  version: incident.version,
})

/** Writes to an incident and answers it as it is then. */
const writing = async (
  call: Pick<RawCall, 'api' | 'caller' | 'version' | 'idempotencyKey' | 'body'> & {
    readonly params: { readonly id: string }
  },
  write: (facts: IncidentWrite) => Promise<Incident>,
): Promise<IncidentReply> => {
  const { api, version, idempotencyKey, params, body } = call
  return reply(
    await showingCurrent(
      () => write({ actor: actorOf(call), version, idempotencyKey }),
      async () => incidentJson(await api.incidents.reading.get(params.id)),
      { version, changes: body },
    ),
  )
}

const topics = z.array(z.string().min(1).max(80)).max(50)
const channels = z.array(ChannelSchema).max(20)
const Declaration = z.strictObject({
  spikeId: z
    .uuid()
    .optional()
    .openapi({ description: 'The proposal to declare; it fills in what is left out' }),
  title: WordingSchema.optional(),
  notice: WordingSchema.optional().openapi({ description: 'Absent: the configured words' }),
  channelNotices: ChannelNoticesSchema.optional().openapi({ description: 'Words of their own for channels' }),
  topics: topics.optional().openapi({ description: 'Empty: every topic' }),
  channels: channels.optional().openapi({ description: 'Empty: every channel' }),
  parentTicketId: z.uuid().optional().openapi({ description: 'The ticket under which new ones hang' }),
  sinceAt: Moment.optional().openapi({
    description: 'Since when things are wrong; absent: the spike’s, or now',
  }),
  gather: z.boolean().default(true).openapi({
    description: 'Owed tickets on its topics and channels that came since then hang under it, too',
  }),
})
const Facts = z.strictObject({
  title: WordingSchema.optional(),
  notice: WordingSchema.optional(),
  channelNotices: ChannelNoticesSchema.optional(),
  topics: topics.optional(),
  channels: channels.optional(),
  parentTicketId: z.uuid().nullable().optional(),
})

const ListQuery = z.strictObject({ ...pageQuery, state: z.enum(['open', 'closed']).optional() })
const cursors = createCursors('incidents', z.object({ number: z.int() }))

const common = {
  tag: 'incidents',
  permission: 'incident.manage',
  params: z.strictObject({ id: z.uuid() }),
  query: nothing,
  body: nothing,
  answer: IncidentSchema,
  example: incidentExample,
} as const
const reading = { ...common, method: 'get', permission: 'incident.read' } as const

/** Incidents: what they are, and who does what about them. */
export const incidentRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listIncidents',
    path: '/incidents',
    summary: 'List incidents',
    description: 'The latest first.',
    params: nothing,
    query: ListQuery,
    answer: pageOf(IncidentSchema).openapi('IncidentPage'),
    example: { data: [incidentExample] },
    handle: async ({ api, query: { limit, cursor, state } }) => {
      const after = cursors.read(cursor)?.number
      const rows = await api.incidents.reading.list(state, {
        limit: limit + 1,
        ...(after === undefined ? {} : { after }),
      })
      const page = cutPage(rows, limit, {
        json: incidentJson,
        cursor: ({ number }) => cursors.write({ number }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...common,
    id: 'declareIncident',
    method: 'post',
    path: '/incidents',
    summary: 'Declare an incident',
    description:
      'From a proposal, for which its id is enough, or by hand. From then on matching questions hear the notice first.',
    params: nothing,
    body: Declaration,
    status: 201,
    handle: async ({ api, body, idempotencyKey, ...call }) => {
      const { gather, sinceAt, ...declaration } = body
      const incident = await api.incidents.work.declare(
        {
          ...declaration,
          gathers: gather,
          ...(sinceAt === undefined ? {} : { sinceAt: new Date(sinceAt) }),
        },
        { actor: actorOf(call), idempotencyKey },
      )
      return { ...reply(incident), location: `/incidents/${incident.id}` }
    },
  }),
  defineRoute({
    ...reading,
    id: 'getIncident',
    path: '/incidents/{id}',
    summary: 'Read an incident',
    versioned: true,
    handle: async ({ api, params }) => reply(await api.incidents.reading.get(params.id)),
  }),
  defineRoute({
    ...common,
    id: 'changeIncident',
    method: 'patch',
    path: '/incidents/{id}',
    summary: 'Change an incident',
    description: 'Another notice is heard anew in conversations that heard the one before.',
    body: Facts,
    versioned: true,
    handle: (call) =>
      writing(call, (write) => call.api.incidents.work.change(call.params.id, call.body, write)),
  }),
  defineRoute({
    ...common,
    id: 'updateIncident',
    method: 'post',
    path: '/incidents/{id}/updates',
    summary: 'Tell those who follow how it goes on',
    description:
      'Within windows and quotas; where that is not possible, above the answer to what comes next.',
    body: z.strictObject({ wording: WordingSchema }),
    versioned: true,
    handle: (call) =>
      writing(call, (write) => call.api.incidents.work.update(call.params.id, call.body.wording, write)),
  }),
  defineRoute({
    ...common,
    id: 'hangUnderIncident',
    method: 'post',
    path: '/incidents/{id}/tickets',
    summary: 'Hang a ticket under an incident',
    description: 'Its contact is told how it goes on; closing the incident solves it.',
    body: z.strictObject({ ticketId: z.uuid() }),
    versioned: true,
    handle: (call) =>
      writing(call, (write) => call.api.incidents.work.hang(call.params.id, call.body.ticketId, write)),
  }),
  defineRoute({
    ...common,
    id: 'takeOutOfIncident',
    method: 'delete',
    path: '/incidents/{id}/tickets/{ticketId}',
    summary: 'Take a ticket out from under an incident',
    description:
      'Closing the incident does not solve it, and whoever follows only for it hears no more. It is not taken in again by itself.',
    params: z.strictObject({ id: z.uuid(), ticketId: z.uuid() }),
    versioned: true,
    handle: (call) =>
      writing(call, (write) => call.api.incidents.work.takeOut(call.params.id, call.params.ticketId, write)),
  }),
  defineRoute({
    ...common,
    id: 'closeIncident',
    method: 'post',
    path: '/incidents/{id}/close',
    summary: 'Close an incident',
    description: 'Solves the tickets under it, and tells all who follow.',
    body: z.strictObject({
      wording: WordingSchema.optional().openapi({ description: 'Absent: the configured words' }),
    }),
    versioned: true,
    handle: (call) =>
      writing(call, (write) => call.api.incidents.work.close(call.params.id, call.body.wording, write)),
  }),
  defineRoute({
    ...reading,
    id: 'listIncidentHistory',
    path: '/incidents/{id}/history',
    summary: 'Read an incident’s history',
    description: 'The oldest line first.',
    answer: z.object({ data: z.array(IncidentEntrySchema).readonly() }),
    example: { data: [entryExample] },
    handle: async ({ api, params }) => {
      const { id } = await api.incidents.reading.get(params.id)
      return { body: { data: (await api.incidents.reading.history(id)).map(incidentEntryJson) } }
    },
  }),
]
