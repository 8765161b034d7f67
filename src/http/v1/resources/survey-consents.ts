import { z } from '@hono/zod-openapi'
import { TongdaError } from '../../../core/errors.ts'
import { consentJson, ConsentSchema } from '../../shapes/campaign.ts'
import { Moment } from '../../shapes/message.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall } from '../define-route.ts'
import { consentExample } from './campaign-examples.ts'
import { actorOf } from '../writing.ts'

const Consents = z.object({ data: z.array(ConsentSchema).readonly() }).openapi('SurveyConsents')

const common = {
  tag: 'surveys',
  permission: 'survey.manage',
  params: z.strictObject({ id: z.uuid() }),
  query: nothing,
  body: nothing,
  answer: Consents,
  example: { data: [consentExample] },
} as const

const consentsOf = async ({ surveys }: RawCall['api'], contactId: string) => ({
  body: { data: (await surveys.consents.of(contactId)).map(consentJson) },
})

/** Whether contacts agreed to be asked. */
export const surveyConsentRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'listSurveyConsents',
    method: 'get',
    permission: 'survey.read',
    path: '/contacts/{id}/survey-consents',
    summary: 'Read whether a contact agreed to be asked',
    description: 'The latest first; one without `withdrawnAt` holds.',
    handle: ({ api, params }) => consentsOf(api, params.id),
  }),
  defineRoute({
    ...common,
    id: 'giveSurveyConsent',
    method: 'post',
    path: '/contacts/{id}/survey-consents',
    summary: 'Note down consent that was given elsewhere',
    description: 'Refused where the contact said to be asked no more: only the contact takes that back.',
    body: z.strictObject({
      proof: z
        .string()
        .trim()
        .min(5)
        .max(1_000)
        .openapi({ description: 'What shows it: which form, call, mail' }),
      givenAt: Moment,
    }),
    status: 201,
    handle: async ({ api, params, body, ...call }) => {
      const givenAt = new Date(body.givenAt)
      if (givenAt > api.clock.now())
        throw new TongdaError('bad_input', 'givenAt lies ahead; say when it was given')
      await api.surveys.consents.give(params.id, { proof: body.proof, givenAt, actor: actorOf(call) })
      return consentsOf(api, params.id)
    },
  }),
  defineRoute({
    ...common,
    id: 'withdrawSurveyConsent',
    method: 'post',
    path: '/contacts/{id}/survey-consents/withdraw',
    summary: 'Withdraw a contact’s consent',
    description: 'For a wish that was heard elsewhere; repeating it changes nothing.',
    body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
    handle: async ({ api, params, body, ...call }) => {
      const why = { reason: body.reason, actor: actorOf(call) }
      await api.surveys.consents.withdraw(params.id, why, api.clock.now())
      return consentsOf(api, params.id)
    },
  }),
]
