import { z } from '@hono/zod-openapi'
import { topics } from '../../../core/bus.ts'
import { contactJson, ContactSchema } from '../../shapes/contact.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall } from '../define-route.ts'
import { contactExample } from './examples.ts'

/** An address as it may be shown to whoever must not write to it: its ends, as far as they give nothing away. */
const maskAddress = (address: string): string => {
  const characters = Array.from(address)
  const shown = Math.min(3, Math.floor(characters.length / 4))
  return `${characters.slice(0, shown).join('')}…${characters.slice(characters.length - shown).join('')}`
}

/** A contact as the caller may see it. */
const shown = async (
  { api, caller }: Pick<RawCall, 'api' | 'caller'>,
  id: string,
): Promise<z.output<typeof ContactSchema>> => {
  const contact = contactJson(await api.contacts.get(id))
  if (caller.permissions.has('contact.reveal')) return contact
  const identities = contact.identities.map((identity) => ({
    ...identity,
    contactKey: maskAddress(identity.contactKey),
  }))
  return { ...contact, identities }
}

const common = {
  path: '/contacts/{id}',
  tag: 'contacts',
  params: z.strictObject({ id: z.uuid() }),
  query: nothing,
  answer: ContactSchema,
  example: contactExample,
} as const

/** People who write. */
export const contactRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'getContact',
    method: 'get',
    summary: 'Read a contact',
    description:
      'A merged contact’s id leads to the one it went into. Addresses (`contactKey`) are masked without `contact.reveal`.',
    permission: 'contact.read',
    body: nothing,
    handle: async (call) => ({ body: await shown(call, call.params.id) }),
  }),
  defineRoute({
    ...common,
    id: 'changeContact',
    method: 'patch',
    summary: 'Rank a contact',
    description: 'What is owed to the contact is owed by the terms of the tier from now on.',
    permission: 'contact.change',
    body: z.strictObject({
      tier: z
        .string()
        .trim()
        .min(1)
        .max(40)
        .nullable()
        .openapi({ description: 'E.g. vip; null: none', example: 'vip' }),
    }),
    handle: async (call) => {
      const { api, params, body } = call
      await api.contacts.setTier(params.id, body.tier)
      api.bus.publish(topics.ticket, {})
      return { body: await shown(call, params.id) }
    },
  }),
]
