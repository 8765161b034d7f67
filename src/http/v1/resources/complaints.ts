import { z } from '@hono/zod-openapi'
import { caseStates, complaintKinds } from '../../../core/complaint.ts'
import {
  caseJson,
  CaseSchema,
  caseSummaryJson,
  CaseSummarySchema,
  PolicyReasonSchema,
  RightsSchema,
  SimilarCaseSchema,
} from '../../shapes/complaint.ts'
import { toIso } from '../../shapes/iso.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { caseExample, caseSummaryExample, policyReasonExample } from './complaint-examples.ts'
import { actorOf, CaseParams, rightsOf } from './complaint-work.ts'
import { idOf, TicketParams } from './tickets.ts'

const ListQuery = z.strictObject({
  ...pageQuery,
  state: z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(caseStates)).min(1).max(caseStates.length))
    .optional()
    .openapi({
      type: 'string',
      description: 'One or several states, with commas',
      example: 'received,examining',
    }),
  kind: z.enum(complaintKinds).optional(),
  object: z
    .string()
    .max(500)
    .optional()
    .openapi({ description: 'What is reported, as people name it: a link, BV…, av…, UID:123' }),
  ticket: TicketParams.shape.id.optional(),
  contact: z.uuid().optional(),
  flagged: z
    .enum(['true', 'false'])
    .transform((word) => word === 'true')
    .optional()
    .openapi({
      type: 'string',
      enum: ['true', 'false'],
      description: 'Slowed, or reported in a coordinated way',
    }),
})

const cursors = createCursors(
  'complaints',
  z.object({ slowed: z.boolean(), dueAt: z.iso.datetime(), id: z.uuid() }),
)

const Open = z.strictObject({
  ticket: TicketParams.shape.id.openapi({
    description: 'A ticket of kind complaint; its contact is the reporter',
  }),
  kind: z.enum(complaintKinds),
  objects: z.array(z.string().min(1).max(500)).max(10).default([]).openapi({
    description: 'BV and av numbers, UID:123, links to videos, posts, spaces, rooms and comments',
  }),
  rights: RightsSchema.optional(),
})

const reading = { tag: 'complaints', method: 'get', permission: 'complaint.read', body: nothing } as const

/** Complaint cases: reading, and opening one. */
export const complaintRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listComplaints',
    path: '/complaints',
    summary: 'List complaint cases',
    description: 'By urgency: what is due first comes first, those that are slowed last.',
    params: nothing,
    query: ListQuery,
    answer: pageOf(CaseSummarySchema).openapi('ComplaintPage'),
    example: { data: [caseSummaryExample] },
    handle: async ({ api, query }) => {
      const { limit, cursor, state, kind, object, ticket, contact, flagged } = query
      const place = cursors.read(cursor)
      const rows = await api.complaints.list({
        limit: limit + 1,
        ...(place === undefined ? {} : { after: { ...place, dueAt: new Date(place.dueAt) } }),
        ...(state === undefined ? {} : { states: state }),
        ...(kind === undefined ? {} : { kind }),
        ...(object === undefined ? {} : { object }),
        ...(ticket === undefined ? {} : { ticketId: await idOf(api, ticket) }),
        ...(contact === undefined ? {} : { contactId: contact }),
        ...(flagged === undefined ? {} : { flagged }),
      })
      const page = cutPage(rows, limit, {
        json: caseSummaryJson,
        cursor: ({ slowed, dueAt, id }) => cursors.write({ slowed, dueAt: dueAt.toISOString(), id }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    id: 'openComplaint',
    tag: 'complaints',
    method: 'post',
    permission: 'complaint.work',
    path: '/complaints',
    summary: 'Open the case of a complaint’s ticket',
    description: 'Each ticket has one. Forms that say so open it by themselves.',
    params: nothing,
    query: nothing,
    body: Open,
    status: 201,
    versioned: true,
    answer: CaseSchema,
    example: caseExample,
    handle: async ({ api, caller, body, idempotencyKey }) => {
      const { ticket, kind, objects, rights } = body
      const opened = await api.complaints.open({
        ...{ actor: actorOf(caller), ticketId: await idOf(api, ticket), kind, objects },
        ...(rights === undefined ? {} : { rights: rightsOf(rights) }),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      })
      return { body: caseJson(opened), version: opened.version, location: `/complaints/${opened.id}` }
    },
  }),
  defineRoute({
    ...reading,
    id: 'getComplaint',
    path: '/complaints/{id}',
    summary: 'Read a complaint case',
    versioned: true,
    params: CaseParams,
    query: nothing,
    answer: CaseSchema,
    example: caseExample,
    handle: async ({ api, params }) => {
      const found = await api.complaints.get(params.id)
      return { body: caseJson(found), version: found.version }
    },
  }),
  defineRoute({
    ...reading,
    id: 'listSimilarComplaints',
    path: '/complaints/{id}/similar',
    summary: 'Find decided cases like this one',
    description: 'By the meaning of what was reported; the most alike first.',
    params: CaseParams,
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(50).default(10) }),
    answer: z.object({ data: z.array(SimilarCaseSchema).readonly() }).openapi('SimilarComplaints'),
    example: {
      data: [
        {
          ...{ caseId: caseExample.id, ticketNumber: 1002, kind: 'copyright', verdict: 'takedown' },
          ...{ reason: 'copyright.reupload', decidedAt: caseExample.createdAt, likeness: 0.83 },
        },
      ],
    },
    handle: async ({ api, params, query }) => ({
      body: { data: toIso(await api.complaints.similar(params.id, query.limit)) },
    }),
  }),
  defineRoute({
    ...reading,
    id: 'exportComplaint',
    permission: 'complaint.work',
    path: '/complaints/{id}/archive',
    summary: 'Take the whole case as one ZIP',
    description:
      'case.json, timeline.json, messages.json, the evidence, and manifest.json with the SHA-256 of each. It tells who complained.',
    params: CaseParams,
    query: nothing,
    produces: 'application/zip',
    answer: z.string().openapi({ format: 'binary' }),
    example: 'PK…',
    handle: async ({ api, params, context }) => {
      const { name, bytes } = await api.complaints.archive(params.id)
      await api.audit.record({ act: 'complaint.exported', object: { kind: 'complaint', id: params.id } })
      return context.body(bytes, 200, {
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
      })
    },
  }),
  defineRoute({
    ...reading,
    id: 'readComplaintPolicy',
    path: '/complaint-policy',
    summary: 'Read the list of reasons',
    description: 'What decisions may give as their reason.',
    params: nothing,
    query: nothing,
    answer: z
      .object({ version: z.string(), reasons: z.array(PolicyReasonSchema).readonly() })
      .openapi('ComplaintPolicy'),
    example: { version: '2026-11-27', reasons: [policyReasonExample] },
    handle: ({ api }) => Promise.resolve({ body: api.complaints.policy() }),
  }),
]
