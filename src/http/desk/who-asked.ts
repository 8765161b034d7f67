import type { Contact, ContactStore } from '../../core/contact.ts'
import { TongdaError } from '../../core/errors.ts'
import type { Ticket } from '../../core/ticket.ts'

/** Whose ticket it is. Of somebody who was erased nothing is known, and the ticket is shown all the same. */
export const whoAsked = async (
  contacts: Pick<ContactStore, 'get'>,
  { contactId, createdAt }: Pick<Ticket, 'contactId' | 'createdAt'>,
): Promise<Contact> => {
  try {
    return await contacts.get(contactId)
  } catch (error) {
    if (!(error instanceof TongdaError) || error.code !== 'not_found') throw error
    const displayName = '已删除 Erased'
    return { id: contactId, displayName, createdAt, identities: [], merges: [], tickets: [] }
  }
}
