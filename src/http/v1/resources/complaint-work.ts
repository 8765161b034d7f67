import { z } from '@hono/zod-openapi'
import {
  complaintKinds,
  verdicts,
  type ComplaintCase,
  type RightsDeclaration,
} from '../../../core/complaint.ts'
import type { CaseRequest, DecisionInput, EvidenceInput } from '../../../core/complaint-work.ts'
import { TongdaError } from '../../../core/errors.ts'
import { caseJson, CaseSchema, DecisionPreviewSchema, RightsSchema } from '../../shapes/complaint.ts'
import type { Caller } from '../caller.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall, type Reply } from '../define-route.ts'
import { staleProblem } from '../versions.ts'
import { caseExample } from './complaint-examples.ts'

/** Names one case. */
export const CaseParams = z.strictObject({ id: z.uuid() })
const ActionParams = z.strictObject({
  id: z.uuid(),
  actionId: z.uuid().openapi({ description: 'From the event complaint.action' }),
})

/** Who acts, as cases know them. */
export const actorOf = ({ kind, id, name }: Caller): CaseRequest['actor'] => ({
  id,
  name,
  ...(kind === 'key' ? { program: true } : {}),
})

/** What is left out of a body is absent, not undefined. */
const present = <Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [Key in keyof Value]: Exclude<Value[Key], undefined>
  }

export const rightsOf = (rights: z.output<typeof RightsSchema>): RightsDeclaration => present(rights)

type CaseCall = Pick<RawCall, 'api' | 'caller' | 'version' | 'idempotencyKey'>
type CaseReply = Reply<z.output<typeof CaseSchema>>

/**
 * Acts on a case and answers it as it is then. Where it has changed since it was read, the refusal holds it as it is now
 * and what was to be written.
 */
export const acting = async <Body>(
  call: CaseCall & { readonly params: { readonly id: string }; readonly body: Body },
  act: (request: CaseRequest, body: Body) => Promise<ComplaintCase>,
): Promise<CaseReply> => {
  const { api, caller, version, idempotencyKey, body } = call
  const request: CaseRequest = {
    caseId: call.params.id,
    actor: actorOf(caller),
    ...(version === undefined ? {} : { version }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  }
  try {
    const found = await act(request, body)
    return { body: caseJson(found), version: found.version }
  } catch (error) {
    const isStale =
      error instanceof TongdaError && error.code === 'conflict' && error.facts.yours !== undefined
    if (!isStale) throw error
    const current = caseJson(await api.complaints.get(request.caseId))
    throw staleProblem(current, { version, changes: body })
  }
}

/** A file of 24 MB as Base64, and the words around it. */
const maxEvidenceBytes = 33_554_432

export const words = z.string().max(5_000)
const Facts = z.strictObject({
  kind: z.enum(complaintKinds).optional(),
  objects: z.array(z.string().min(1).max(500)).max(10).optional(),
  rights: RightsSchema.optional(),
})
const Evidence = z
  .strictObject({
    mediaId: z
      .uuid()
      .optional()
      .openapi({ description: 'A file of the reporter’s messages, or a fresh upload' }),
    content: z.base64().min(1).optional().openapi({ description: 'The file itself, in Base64' }),
    name: z.string().min(1).max(200).optional(),
    description: z.string().max(500).optional(),
    side: z.enum(['reporter', 'reported']).default('reporter'),
  })
  .refine(({ mediaId, content }) => (mediaId === undefined) !== (content === undefined), {
    error: 'give either mediaId or content',
  })
const Decision = z.strictObject({
  verdict: z.enum(verdicts),
  reason: z.string().max(60).openapi({ description: 'A code of the policy list' }),
  note: words.optional().openapi({ description: 'For colleagues only' }),
  hours: z.number().optional().openapi({ description: 'How long it lasts, where it ends by itself' }),
  ask: words
    .optional()
    .openapi({ description: 'For need-more-evidence: what is missing, said to the reporter' }),
  toReported: words
    .optional()
    .openapi({ description: 'Further words for the reported user; refused where they tell who complained' }),
})
export const Why = z.strictObject({ why: words })
const Appeal = z.strictObject({
  side: z.enum(['reporter', 'reported']).openapi({
    description: 'The reporter’s appeal, or the counter-notice of the one who was reported',
  }),
  statement: words,
})
const Report = z.strictObject({
  state: z.enum(['confirmed', 'failed']),
  reference: z.string().max(200).optional().openapi({ description: 'Your own number for it' }),
  problem: z.string().max(1_000).optional().openapi({ description: 'Why it failed' }),
})

const evidenceOf = ({ content, ...rest }: z.output<typeof Evidence>): EvidenceInput => ({
  ...present(rest),
  side: rest.side,
  ...(content === undefined ? {} : { content: Buffer.from(content, 'base64') }),
})
const decisionOf = (body: z.output<typeof Decision>): DecisionInput => present(body)

/** What all that is done with a case has in common. */
export const common = {
  tag: 'complaints',
  method: 'post',
  permission: 'complaint.work',
  params: CaseParams,
  query: nothing,
  answer: CaseSchema,
  example: caseExample,
  versioned: true,
} as const

/** What is done with complaint cases. */
export const complaintWorkRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'changeComplaint',
    method: 'patch',
    path: '/complaints/{id}',
    summary: 'Change what a case says of itself',
    description: 'What is left out stays. Not while a decision waits or stands.',
    body: Facts,
    handle: (call) =>
      acting(call, (request, { rights, ...facts }) =>
        call.api.complaints.change(request, {
          ...present(facts),
          ...(rights === undefined ? {} : { rights: rightsOf(rights) }),
        }),
      ),
  }),
  defineRoute({
    ...common,
    id: 'examineComplaint',
    path: '/complaints/{id}/examine',
    summary: 'Begin to examine a case',
    body: nothing,
    handle: (call) => acting(call, (request) => call.api.complaints.examine(request)),
  }),
  defineRoute({
    ...common,
    id: 'addComplaintEvidence',
    path: '/complaints/{id}/evidence',
    summary: 'Add a file as evidence',
    description: 'Its content decides what it is. A file that is not what its name says is refused.',
    maxBodyBytes: maxEvidenceBytes,
    body: Evidence,
    handle: (call) =>
      acting({ ...call, body: call.body }, (request, body) =>
        call.api.complaints.addEvidence(request, evidenceOf(body)),
      ),
  }),
  defineRoute({
    ...common,
    id: 'decideComplaint',
    permission: 'complaint.decide',
    path: '/complaints/{id}/decisions',
    summary: 'Decide a case, or propose a decision',
    description: 'Bans are proposed and wait for a second person. A person decides, never a key.',
    body: Decision,
    handle: (call) => acting(call, (request, body) => call.api.complaints.decide(request, decisionOf(body))),
  }),
  defineRoute({
    ...{ tag: 'complaints', method: 'post', permission: 'complaint.decide' },
    ...{ params: CaseParams, query: nothing, body: Decision },
    id: 'previewComplaintDecision',
    path: '/complaints/{id}/decisions/preview',
    summary: 'See what a decision would bring about',
    description: 'Changes nothing. What the decision itself would be refused for is refused here, too.',
    answer: DecisionPreviewSchema,
    example: {
      isProposal: false,
      language: 'zh',
      notices: [
        {
          side: 'reporter',
          words: { zh: '你的投诉 T-1001 已有结果。', en: 'Your complaint T-1001 is decided.' },
        },
      ],
      actions: ['takedown'],
    },
    handle: async ({ api, caller, params, body }) => ({
      body: await api.complaints.preview({ caseId: params.id, actor: actorOf(caller) }, decisionOf(body)),
    }),
  }),
  defineRoute({
    ...common,
    id: 'approveComplaint',
    permission: 'complaint.approve',
    path: '/complaints/{id}/approve',
    summary: 'Agree to the proposed decision',
    description: 'Somebody else than who proposed it.',
    body: nothing,
    handle: (call) => acting(call, (request) => call.api.complaints.approve(request)),
  }),
  defineRoute({
    ...common,
    id: 'rejectComplaint',
    permission: 'complaint.approve',
    path: '/complaints/{id}/reject',
    summary: 'Reject the proposed decision',
    description: 'Somebody else than who proposed it; the case is examined again.',
    body: Why,
    handle: (call) => acting(call, (request, { why }) => call.api.complaints.reject(request, why)),
  }),
  defineRoute({
    ...common,
    id: 'appealComplaint',
    path: '/complaints/{id}/appeal',
    summary: 'Appeal a decision, or file a counter-notice',
    description: 'Once, in the time for it. Somebody decides who had no part in the decision.',
    body: Appeal,
    handle: (call) =>
      acting(call, (request, { side, statement }) => call.api.complaints.appeal(request, side, statement)),
  }),
  defineRoute({
    ...common,
    id: 'withdrawComplaint',
    path: '/complaints/{id}/withdraw',
    summary: 'Withdraw a case that is not decided',
    body: Why,
    handle: (call) => acting(call, (request, { why }) => call.api.complaints.withdraw(request, why)),
  }),
  defineRoute({
    ...common,
    id: 'confirmComplaintAction',
    permission: 'complaint.act',
    params: ActionParams,
    path: '/complaints/{id}/actions/{actionId}/confirm',
    summary: 'Say what became of an action',
    description: 'The same again changes nothing.',
    body: Report,
    handle: (call) =>
      acting(call, (request, body) =>
        call.api.complaints.report(request, call.params.actionId, present(body)),
      ),
  }),
  defineRoute({
    ...common,
    id: 'repeatComplaintAction',
    params: ActionParams,
    path: '/complaints/{id}/actions/{actionId}/repeat',
    summary: 'Ask once more for an action that failed or was never answered',
    body: nothing,
    handle: (call) => acting(call, (request) => call.api.complaints.repeat(request, call.params.actionId)),
  }),
]
