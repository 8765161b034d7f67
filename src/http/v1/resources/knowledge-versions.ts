import { z } from '@hono/zod-openapi'
import type { EditWrite, KnowledgeVersion } from '../../../core/editing.ts'
import {
  ArticleDiffSchema,
  evaluationJson,
  EvaluationSchema,
  FindingSchema,
  versionJson,
  versionRowJson,
  VersionRowSchema,
  VersionSchema,
} from '../../shapes/knowledge.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall } from '../define-route.ts'
import { actorOf } from '../writing.ts'
import {
  diffExample,
  evaluationExample,
  findingExample,
  versionExample,
  versionRowExample,
} from './knowledge-examples.ts'

const number = z.coerce.number().int().min(0).max(1_000_000_000)
const reason = z.string().trim().min(1).max(2_000)
const draftIds = z.array(z.uuid()).min(1).max(500)
const cursors = createCursors('knowledge-versions', z.object({ number: z.int() }))
const byOf = (call: Pick<RawCall, 'caller' | 'idempotencyKey'>): EditWrite => ({
  actor: actorOf(call),
  idempotencyKey: call.idempotencyKey,
})
const made = (version: KnowledgeVersion) => ({
  body: versionJson(version),
  location: `/knowledge/versions/${String(version.number)}`,
})

const common = { tag: 'knowledge', params: nothing, query: nothing, body: nothing } as const
const reading = { ...common, method: 'get', permission: 'knowledge.read' } as const
const publishing = {
  ...common,
  method: 'post',
  permission: 'knowledge.publish',
  answer: VersionSchema,
  example: versionExample,
  status: 201,
} as const

const evaluationRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'checkDrafts',
    method: 'post',
    path: '/knowledge/check',
    permission: 'knowledge.read',
    summary: 'Look at drafts as publishing would',
    description:
      'Faults of all articles as they would be, questions that are nearly the same, answers over a channel’s limit, dead follow-ups, days that end. Changes nothing.',
    body: z.strictObject({ draftIds }),
    answer: z.object({ data: z.array(FindingSchema).readonly() }).openapi('KnowledgeFindings'),
    example: { data: [findingExample] },
    handle: async ({ api, body }) => ({
      body: { data: await api.knowledge.publishing.check(body.draftIds) },
    }),
  }),
  defineRoute({
    ...common,
    id: 'evaluateDrafts',
    method: 'post',
    path: '/knowledge/evaluations',
    permission: 'knowledge.edit',
    ofContacts: true,
    summary: 'Measure drafts against what is live',
    description:
      'In the background: read it again until its state is done. On the labelled messages, on what contacts wrote lately, and on `questions`, which may be tried alone.',
    body: z.strictObject({
      draftIds,
      questions: z.array(z.string().trim().min(1).max(500)).max(20).default([]),
      whole: z.boolean().default(true).openapi({ description: 'false: the questions alone are tried' }),
    }),
    status: 202,
    answer: EvaluationSchema,
    example: evaluationExample,
    handle: async (call) => {
      const { draftIds: ids, questions, whole } = call.body
      const evaluation = await call.api.knowledge.publishing.evaluate(ids, questions, whole, byOf(call))
      return { body: evaluationJson(evaluation), location: `/knowledge/evaluations/${evaluation.id}` }
    },
  }),
  defineRoute({
    ...reading,
    id: 'getEvaluation',
    path: '/knowledge/evaluations/{id}',
    ofContacts: true,
    summary: 'Read an evaluation',
    params: z.strictObject({ id: z.uuid() }),
    answer: EvaluationSchema,
    example: evaluationExample,
    handle: async ({ api, params }) => ({
      body: evaluationJson(await api.knowledge.evaluations.get(params.id)),
    }),
  }),
]

/** What is published, and how it becomes so. */
export const knowledgeVersionRoutes: readonly ApiRoute[] = [
  ...evaluationRoutes,
  defineRoute({
    ...reading,
    id: 'listKnowledgeVersions',
    path: '/knowledge/versions',
    summary: 'List knowledge versions',
    description: 'The latest first. `inUse` is the version that the answering node has learned.',
    query: z.strictObject(pageQuery),
    answer: pageOf(VersionRowSchema).extend({ inUse: z.number() }).openapi('KnowledgeVersionPage'),
    example: { data: [versionRowExample], inUse: 12 },
    handle: async ({ api, query: { limit, cursor } }) => {
      const rows = await api.knowledge.versions.list({
        before: cursors.read(cursor)?.number,
        limit: limit + 1,
      })
      const page = cutPage(rows, limit, {
        json: versionRowJson,
        cursor: (row) => cursors.write({ number: row.number }),
      })
      return {
        body: { ...page, inUse: api.knowledge.inUse() },
        ...(page.next === undefined ? {} : { next: page.next }),
      }
    },
  }),
  defineRoute({
    ...publishing,
    id: 'publishDrafts',
    path: '/knowledge/versions',
    summary: 'Publish drafts',
    description:
      'Refused where the drafts are not approved, were written on something else than what is live, have errors, or – unless `override` says why – were not evaluated or make answers worse. Every node learns the new version and takes it over without losing a message.',
    body: z.strictObject({
      draftIds,
      reason,
      override: reason
        .optional()
        .openapi({ description: 'Why it is published whatever the evaluation says; kept' }),
    }),
    handle: async (call) => made(await call.api.knowledge.publishing.publish(call.body, byOf(call))),
  }),
  defineRoute({
    ...reading,
    id: 'compareKnowledgeVersions',
    path: '/knowledge/diff',
    summary: 'Compare two versions, field by field',
    description: 'With the files as they are now; version 0 is the files alone.',
    query: z.strictObject({ from: number, to: number }),
    answer: z.object({ data: z.array(ArticleDiffSchema).readonly() }).openapi('KnowledgeDiff'),
    example: { data: [diffExample] },
    handle: async ({ api, query: { from, to } }) => ({
      body: { data: await api.knowledge.publishing.diff(from, to) },
    }),
  }),
  defineRoute({
    ...reading,
    id: 'getKnowledgeVersion',
    path: '/knowledge/versions/{number}',
    summary: 'Read a knowledge version with what it changed',
    params: z.strictObject({ number }),
    answer: VersionSchema,
    example: versionExample,
    handle: async ({ api, params }) => ({
      body: versionJson(await api.knowledge.versions.get(params.number)),
    }),
  }),
  defineRoute({
    ...publishing,
    id: 'rollBackKnowledge',
    path: '/knowledge/versions/{number}/rollback',
    summary: 'Go back to a version',
    description: 'Its state becomes a new version at once; 0: the files alone.',
    params: z.strictObject({ number }),
    body: z.strictObject({ reason }),
    handle: async (call) =>
      made(await call.api.knowledge.publishing.rollBack(call.params.number, call.body.reason, byOf(call))),
  }),
]
