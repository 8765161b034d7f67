import { z } from '@hono/zod-openapi'
import { contactJson, ContactSchema } from '../../shapes/contact.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { contactExample } from './examples.ts'

/** An address as it may be shown to whoever must not write to it: its ends, as far as they give nothing away. */
const maskAddress = (address: string): string => {
  const characters = Array.from(address)
  const shown = Math.min(3, Math.floor(characters.length / 4))
  return `${characters.slice(0, shown).join('')}…${characters.slice(characters.length - shown).join('')}`
}

/** People who write. */
export const contactRoutes: readonly ApiRoute[] = [
  defineRoute({
    id: 'getContact',
    method: 'get',
    path: '/contacts/{id}',
    tag: 'contacts',
    summary: 'Read a contact',
    description:
      'A merged contact’s id leads to the one it went into. Addresses (`contactKey`) are masked without `contact.reveal`.',
    permission: 'contact.read',
    params: z.strictObject({ id: z.uuid() }),
    query: nothing,
    body: nothing,
    answer: ContactSchema,
    example: contactExample,
    handle: async ({ api, caller, params }) => {
      const contact = contactJson(await api.contacts.get(params.id))
      if (caller.permissions.has('contact.reveal')) return { body: contact }
      const identities = contact.identities.map((identity) => ({
        ...identity,
        contactKey: maskAddress(identity.contactKey),
      }))
      return { body: { ...contact, identities } }
    },
  }),
]
