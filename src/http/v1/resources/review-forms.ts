import { z } from '@hono/zod-openapi'
import type { ReviewForm, ReviewFormFacts } from '../../../core/review-form.ts'
import { formFacts, formJson, FormSchema } from '../../shapes/review.ts'
import { defineRoute, nothing, type ApiRoute, type Reply } from '../define-route.ts'
import { showingCurrent } from '../writing.ts'
import { formExample, formFactsExample } from './review-examples.ts'

const FormInput = z.strictObject(formFacts).openapi('ReviewFormInput', { example: formFactsExample })
const FormChange = z
  .strictObject({
    name: formFacts.name.optional(),
    groups: formFacts.groups.optional(),
    criteria: formFacts.criteria.optional(),
  })
  .openapi('ReviewFormChange')
const IdParams = z.strictObject({ id: z.uuid() })

const reply = (form: ReviewForm): Reply<z.output<typeof FormSchema>> => ({
  body: formJson(form),
  version: form.version,
})

/** Leaves out what was not named. */
const changeOf = ({ name, groups, criteria }: z.output<typeof FormChange>): Partial<ReviewFormFacts> => ({
  ...(name === undefined ? {} : { name }),
  ...(groups === undefined ? {} : { groups }),
  ...(criteria === undefined ? {} : { criteria }),
})

const reading = {
  tag: 'quality',
  method: 'get',
  permission: 'ticket.read',
  query: nothing,
  body: nothing,
} as const
const managing = { tag: 'quality', permission: 'quality.manage', query: nothing } as const
const one = { answer: FormSchema, example: formExample } as const

/** Forms by which work is reviewed. */
export const reviewFormRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listReviewForms',
    path: '/quality/forms',
    summary: 'List review forms',
    description: 'Retired ones last.',
    params: nothing,
    answer: z.object({ data: z.array(FormSchema).readonly() }).openapi('ReviewFormList'),
    example: { data: [formExample] },
    handle: async ({ api }) => ({ body: { data: (await api.quality.forms.list()).map(formJson) } }),
  }),
  defineRoute({
    ...reading,
    ...one,
    id: 'getReviewForm',
    path: '/quality/forms/{id}',
    summary: 'Read a review form',
    params: IdParams,
    query: z.strictObject({
      number: z.coerce.number().int().min(1).optional().openapi({ description: 'Absent: the newest' }),
    }),
    handle: async ({ api, params, query }) => ({
      body: formJson(await api.quality.forms.get(params.id, query.number)),
    }),
  }),
  defineRoute({
    ...managing,
    ...one,
    id: 'createReviewForm',
    method: 'post',
    path: '/quality/forms',
    summary: 'Create a review form',
    description: 'As a draft.',
    status: 201,
    params: nothing,
    body: FormInput,
    handle: async ({ api, body, idempotencyKey }) => {
      const form = await api.quality.forms.create(body, idempotencyKey)
      return { ...reply(form), location: `/quality/forms/${form.id}` }
    },
  }),
  defineRoute({
    ...managing,
    ...one,
    id: 'changeReviewForm',
    method: 'patch',
    path: '/quality/forms/{id}',
    summary: 'Change what a review form asks',
    description: 'Makes a new number of it; reviews keep the one they were made on. What is left out stays.',
    versioned: true,
    params: IdParams,
    body: FormChange,
    handle: async ({ api, params: { id }, body, version }) => {
      const { forms } = api.quality
      return reply(
        await showingCurrent(
          () => forms.change(id, changeOf(body), version),
          async () => formJson(await forms.get(id)),
          { version, changes: body },
        ),
      )
    },
  }),
  defineRoute({
    ...managing,
    ...one,
    id: 'setReviewFormState',
    method: 'post',
    path: '/quality/forms/{id}/state',
    summary: 'Activate or retire a review form',
    description: 'From draft to active to retired, and no way back.',
    versioned: true,
    params: IdParams,
    body: z.strictObject({ state: z.enum(['active', 'retired']) }),
    handle: async ({ api, params: { id }, body, version }) => {
      const { forms } = api.quality
      return reply(
        await showingCurrent(
          () => forms.setState(id, body.state, version),
          async () => formJson(await forms.get(id)),
          { version, changes: body },
        ),
      )
    },
  }),
]
