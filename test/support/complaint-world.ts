import { join } from 'node:path'
import { createComplaints } from '../../src/complaints/index.ts'
import { createMovableClock } from '../../src/core/clock.ts'
import type { ComplaintCase } from '../../src/core/complaint.ts'
import type { CaseRequest, ComplaintService, DecisionInput } from '../../src/core/complaint-work.ts'
import type { TicketForm } from '../../src/core/form-progress.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { createEventLog, createFolderBlobs, createMediaStore } from '../../src/store/index.ts'
import { buildTicketDraft } from './builders.ts'
import { complaintDeps } from './complaints.ts'
import type { TestDatabase } from './databases.ts'
import { untilEventsAreReadable } from './readable-events.ts'
import { openTicketWorld } from './ticket-world.ts'

export const warn: DecisionInput = { verdict: 'warn', reason: 'harassment.messages' }
export const ban: DecisionInput = { verdict: 'ban-permanent', reason: 'harassment.messages' }
export const none: DecisionInput = { verdict: 'no-violation', reason: 'none.not-found' }

const person = (name: string) => ({ id: `agent-${name}`, name })
export const [mei, lin, rui] = [person('mei'), person('lin'), person('rui')]
export const program = { id: 'key-1', name: 'moderation', program: true } as const

/** Who asks for a change of which case. */
export const by = (
  actor: CaseRequest['actor'],
  { id: caseId }: ComplaintCase,
  over: Partial<CaseRequest> = {},
): CaseRequest => ({ caseId, actor, ...over })

/** Complaints of contacts, on one database. */
export const openComplaintWorld = async (test: TestDatabase) => {
  const world = await openTicketWorld(test)
  const clock = createMovableClock()
  const blobs = createFolderBlobs(join(test.folder, 'media'))
  const media = createMediaStore({ database: test.database, blobs, maxBytes: 100_000 })
  const config = { dailyPerContact: 2, coordinated: { reporters: 3 } }
  const deps = await complaintDeps({ database: test.database, media, clock, config })
  const complaints = createComplaints(deps)
  let uids = 1_000

  /** A complaint's ticket; whoever complains is new unless named. */
  const newTicket = async (over: { contact?: string; kind?: Ticket['kind']; form?: TicketForm } = {}) => {
    let opened = 0
    const { contact = world.newContact(), kind = 'complaint', form } = over
    await world.turn(contact, (number) => {
      opened = number
      const brief = {
        reason: { code: 'asked-for-person', values: {} },
        urgency: 'normal',
        attachments: [],
        said: { earlier: 0, lines: [] },
        answered: { earlier: 0, lines: [] },
        ...(form === undefined ? {} : { forms: [form] }),
      } as const
      return { openTicket: buildTicketDraft(number, { kind, brief }) }
    })
    const all = await world.store.list({ view: 'all', agentId: '', limit: 1_000 })
    const ticket = all.find(({ number }) => number === opened)
    if (ticket === undefined) throw new Error('no ticket')
    return ticket
  }
  const newObject = (): string => `UID:${String((uids += 1))}`
  const newCase = async (over: Partial<Parameters<ComplaintService['open']>[0]> = {}) =>
    complaints.open({
      actor: mei,
      ticketId: over.ticketId ?? (await newTicket()).id,
      kind: 'harassment',
      objects: [newObject()],
      ...over,
    })
  /** A case of copyright whose reporter is known by papers. */
  const newRights = async (over: Parameters<typeof newCase>[0] = {}) => {
    const found = await examined({ kind: 'copyright', ...over })
    return complaints.waiveIdentity(by(mei, found), '证件齐全')
  }
  const examined = async (over: Parameters<typeof newCase>[0] = {}) =>
    complaints.examine(by(mei, await newCase(over)))
  const eventsOf = async (type: 'complaint.action' | 'complaint.risk', caseId: string) => {
    await untilEventsAreReadable(test.database)
    const events = await createEventLog(test.database).read({ types: [type], limit: 1_000 })
    return events.filter(({ data }) => data['caseId'] === caseId)
  }
  const textOf = async (found: ComplaintCase): Promise<string> =>
    JSON.stringify((await world.store.transcript(found.conversationId, 100)).map(({ parts }) => parts))

  return {
    world,
    clock,
    blobs,
    deps,
    complaints,
    newTicket,
    newObject,
    newCase,
    newRights,
    examined,
    eventsOf,
    textOf,
  }
}
