import { z } from '@hono/zod-openapi'
import { defineRoute, type ApiRoute } from '../define-route.ts'
import { acting, common, Why } from './complaint-work.ts'

const Address = z.strictObject({
  address: z.string().min(3).max(254).openapi({ description: 'A mail address that the reporter named' }),
})
const Code = z.strictObject({
  code: z.string().min(1).max(40).openapi({ description: 'The six digits', example: '042137' }),
})

/** Finding out who complains. */
export const complaintIdentityRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'askComplaintIdentity',
    path: '/complaints/{id}/identity',
    summary: 'Send the reporter a one-time code by mail',
    description:
      'The reporter answers with it in the conversation; an earlier code no longer counts. At most one a minute, five a case and ten an address in a day.',
    body: Address,
    handle: (call) =>
      acting(call, (request, { address }) => call.api.complaints.askIdentity(request, address)),
  }),
  defineRoute({
    ...common,
    id: 'confirmComplaintIdentity',
    path: '/complaints/{id}/identity/confirm',
    summary: 'Enter the code the reporter told you',
    description:
      'For codes told on the phone. A wrong one counts as a try; look at `identity` and the timeline.',
    body: Code,
    handle: (call) => acting(call, (request, { code }) => call.api.complaints.confirmIdentity(request, code)),
  }),
  defineRoute({
    ...common,
    id: 'waiveComplaintIdentity',
    permission: 'complaint.decide',
    path: '/complaints/{id}/identity/waive',
    summary: 'Answer for who the reporter is',
    description: 'Where it is known otherwise, e.g. by documents. The reason stands in the timeline.',
    body: Why,
    handle: (call) => acting(call, (request, { why }) => call.api.complaints.waiveIdentity(request, why)),
  }),
]
