import type { OpenAPIHono } from '@hono/zod-openapi'
import { Problem } from '../problem.ts'
import type { DeskEnv } from './environment.ts'
import * as routes from './routes.ts'
import { contactJson } from '../shapes/contact.ts'
import { messageJson } from '../shapes/message.ts'

/** More than anybody reads at once. */
const transcriptLimit = 500

const addReading = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(routes.searchContacts, async (context) => {
    const { search, limit } = context.req.valid('query')
    return context.json({ contacts: await context.var.desk.contacts.search(search, limit) }, 200)
  })
  app.openapi(routes.getContact, async (context) =>
    context.json(contactJson(await context.var.desk.contacts.get(context.req.valid('param').id)), 200),
  )
  app.openapi(routes.readConversation, async (context) => {
    const messages = await context.var.desk.tickets.transcript(context.req.valid('param').id, transcriptLimit)
    return context.json({ messages: messages.map(messageJson) }, 200)
  })
}

const addChanging = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(routes.mergeContacts, async (context) => {
    const { desk, session } = context.var
    const { id: into } = context.req.valid('param')
    const { from } = context.req.valid('json')
    const by = { reason: 'agent', agentId: session.agent.id, now: desk.clock.now() } as const
    const mergeId = await desk.contacts.merge({ from, into, ...by })
    return context.json({ mergeId, contact: contactJson(await desk.contacts.get(into)) }, 200)
  })
  app.openapi(routes.undoMerge, async (context) => {
    const { contacts, clock } = context.var.desk
    await contacts.undo(context.req.valid('param').id, clock.now())
    return context.json({ done: true as const }, 200)
  })
  app.openapi(routes.setFallback, async (context) => {
    const { contacts, masker } = context.var.desk
    const { id } = context.req.valid('param')
    const address = context.req.valid('json')
    const { identities } = await contacts.get(id)
    // The page knows an address as it is shown to it: masked.
    const named = identities.filter(
      ({ inboxId, contactKey }) =>
        inboxId === address.inboxId &&
        (contactKey === address.contactKey || masker.text(contactKey) === address.contactKey),
    )
    const [own, another] = named
    if (own === undefined) throw new Problem('not_found', 'the contact has no such address')
    if (another !== undefined)
      throw new Problem(
        'conflict',
        'the contact has two addresses that read the same while masked; reveal them first',
      )
    await contacts.setFallback({ ...address, contactKey: own.contactKey })
    return context.json(contactJson(await contacts.get(id)), 200)
  })
}

/** Who a contact is, over all inboxes. */
export const addContactRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  addReading(app)
  addChanging(app)
}
