import { z } from '@hono/zod-openapi'
import { TongdaError } from '../../../core/errors.ts'
import { macroFacts, macroJson, MacroSchema, plannedJson, PlannedSchema } from '../../shapes/automation.ts'
import { Done, done } from '../../shapes/done.ts'
import { TicketSchema } from '../../shapes/ticket.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { staleProblem } from '../versions.ts'
import { ticketExample } from './examples.ts'
import { acting } from './ticket-upkeep.ts'
import { idOf, TicketParams } from './tickets.ts'

const at = '2026-11-27T04:00:00.000Z'
const facts = {
  name: { zh: '等用户补截图', en: 'Ask for a screenshot' },
  actions: [
    { do: 'add-tags', tags: ['等截图'] },
    { do: 'reply', text: '{{contact}}你好，麻烦补一张完整的截图，我们马上看。' },
  ],
} satisfies z.input<z.ZodObject<typeof macroFacts>>
const example = {
  ...{ id: '0198c0de-0000-7000-8000-000000000040', ...facts },
  ...{ createdAt: at, updatedAt: at, version: 1 },
} satisfies z.output<typeof MacroSchema>

const MacroInput = z.strictObject(macroFacts).openapi('MacroInput', { example: facts })
const IdParams = z.strictObject({ id: z.uuid() })
const MacroParams = TicketParams.extend({ macroId: z.uuid() })

const reading = {
  tag: 'macros',
  permission: 'macro.read',
  method: 'get',
  query: nothing,
  body: nothing,
} as const
const managing = { tag: 'macros', permission: 'macro.manage', query: nothing } as const
const one = { answer: MacroSchema, example } as const

/** Several actions under a name, done at once. */
export const macroRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listMacros',
    path: '/macros',
    summary: 'List macros',
    params: nothing,
    answer: z.object({ data: z.array(MacroSchema).readonly() }).openapi('MacroList'),
    example: { data: [example] },
    handle: async ({ api }) => ({ body: { data: (await api.macros.list.list()).map(macroJson) } }),
  }),
  defineRoute({
    ...reading,
    ...one,
    id: 'getMacro',
    path: '/macros/{id}',
    summary: 'Read a macro',
    versioned: true,
    params: IdParams,
    handle: async ({ api, params }) => {
      const macro = await api.macros.list.get(params.id)
      return { body: macroJson(macro), version: macro.version }
    },
  }),
  defineRoute({
    ...managing,
    ...one,
    id: 'createMacro',
    method: 'post',
    path: '/macros',
    summary: 'Create a macro',
    status: 201,
    params: nothing,
    body: MacroInput,
    handle: async ({ api, body, idempotencyKey }) => {
      const macro = await api.macros.list.create(body, api.clock.now(), idempotencyKey)
      return { body: macroJson(macro), version: macro.version, location: `/macros/${macro.id}` }
    },
  }),
  defineRoute({
    ...managing,
    ...one,
    id: 'changeMacro',
    method: 'patch',
    path: '/macros/{id}',
    summary: 'Change a macro',
    description: 'What is left out stays.',
    versioned: true,
    params: IdParams,
    body: MacroInput.partial(),
    handle: async ({ api, params, body, version }) => {
      const before = await api.macros.list.get(params.id)
      const { name = before.name, actions = before.actions } = body
      try {
        const wanted = { name, actions }
        const macro = await api.macros.list.change(
          before.id,
          wanted,
          version ?? before.version,
          api.clock.now(),
        )
        return { body: macroJson(macro), version: macro.version }
      } catch (error) {
        if (!(error instanceof TongdaError) || error.code !== 'conflict') throw error
        throw staleProblem(macroJson(await api.macros.list.get(before.id)), { version, changes: body })
      }
    },
  }),
  defineRoute({
    ...managing,
    id: 'deleteMacro',
    method: 'delete',
    path: '/macros/{id}',
    summary: 'Delete a macro',
    params: IdParams,
    body: nothing,
    answer: Done,
    example: done,
    handle: async ({ api, params }) => {
      await api.macros.list.remove(params.id)
      return { body: done }
    },
  }),
  defineRoute({
    ...reading,
    id: 'previewMacro',
    path: '/tickets/{id}/macros/{macroId}',
    summary: 'See what a macro would do to a ticket',
    description: 'Changes nothing.',
    ofContacts: true,
    params: MacroParams,
    answer: PlannedSchema,
    example: {
      facts: { tags: { from: [], to: ['等截图'] } },
      reply: '阿白你好，麻烦补一张完整的截图，我们马上看。',
    },
    handle: async ({ api, params, caller }) => {
      const ticketId = await idOf(api, params.id)
      return { body: plannedJson(await api.macros.preview(ticketId, params.macroId, caller.name)) }
    },
  }),
  defineRoute({
    id: 'applyMacro',
    method: 'post',
    path: '/tickets/{id}/macros/{macroId}',
    tag: 'macros',
    summary: 'Apply a macro to a ticket',
    description: 'Everything at once, or nothing. What is so already is left as it is.',
    permission: 'ticket.change',
    versioned: true,
    ofContacts: true,
    params: MacroParams,
    query: nothing,
    body: nothing,
    answer: TicketSchema,
    example: ticketExample,
    handle: (call) => acting(call, (request) => call.api.macros.apply(request, call.params.macroId)),
  }),
]
