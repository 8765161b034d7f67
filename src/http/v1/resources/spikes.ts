import { z } from '@hono/zod-openapi'
import { proposalStates } from '../../../core/incident.ts'
import { spikeJson, SpikeSchema } from '../../shapes/incident.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { actorOf, showingCurrent } from '../writing.ts'
import { spikeExample } from './incident-examples.ts'

const cursors = createCursors('spikes', z.object({ id: z.uuid() }))

/** Spikes that may be incidents. */
export const spikeRoutes: readonly ApiRoute[] = [
  defineRoute({
    id: 'listSpikes',
    method: 'get',
    path: '/spikes',
    tag: 'incidents',
    permission: 'incident.read',
    summary: 'List spikes',
    description: 'The latest first, with the numbers that explain them.',
    params: nothing,
    query: z.strictObject({ ...pageQuery, state: z.enum(proposalStates).optional() }),
    body: nothing,
    answer: pageOf(SpikeSchema).openapi('SpikeProposalPage'),
    example: { data: [spikeExample] },
    handle: async ({ api, query: { limit, cursor, state } }) => {
      const after = cursors.read(cursor)?.id
      const rows = await api.incidents.spikes.list(state === undefined ? undefined : [state], {
        limit: limit + 1,
        ...(after === undefined ? {} : { after }),
      })
      const page = cutPage(rows, limit, { json: spikeJson, cursor: ({ id }) => cursors.write({ id }) })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    id: 'dismissSpike',
    method: 'post',
    path: '/spikes/{id}/dismiss',
    tag: 'incidents',
    permission: 'incident.manage',
    summary: 'Say that a spike is no incident',
    params: z.strictObject({ id: z.uuid() }),
    query: nothing,
    body: z.strictObject({ reason: z.string().trim().min(1).max(300) }),
    answer: SpikeSchema,
    example: spikeExample,
    versioned: true,
    handle: async ({ api, params: { id }, body, version, idempotencyKey, ...call }) => {
      const write = { actor: actorOf(call), version, idempotencyKey }
      const spike = await showingCurrent(
        () => api.incidents.desk.dismiss(id, body.reason, write),
        async () => spikeJson(await api.incidents.spikes.get(id)),
        { version, changes: body },
      )
      return { body: spikeJson(spike), version: spike.version }
    },
  }),
]
