import { randomUUID } from 'node:crypto'
import { openReports } from '../../src/app/reports.ts'
import { findCalendar } from '../../src/app/calendars.ts'
import { buildCalendars } from '../../src/calendar/index.ts'
import { configSchema } from '../../src/config.ts'
import { initialDialogue, type DecisionRecord } from '../../src/core/conversation.ts'
import type { ChannelName } from '../../src/core/message.ts'
import type { Report, ReportName, ReportSpan } from '../../src/core/report.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import {
  createAgentDirectory,
  createConversationStore,
  createReportFacts,
  createTicketStore,
} from '../../src/store/index.ts'
import {
  buildDraft,
  buildInbound,
  buildItem,
  buildOutcome,
  buildRecord,
  buildTicketDraft,
} from './builders.ts'
import type { TestDatabase } from './databases.ts'

/** A moment of March 2026 in Shanghai, e.g. `02 09:10`. */
export const march = (text: string): Date => new Date(`2026-03-${text.replace(' ', 'T')}:00+08:00`)

/** The week that is reported: Monday to Sunday. */
export const week: ReportSpan = {
  ...{ from: '2026-03-02', to: '2026-03-08', zone: 'Asia/Shanghai', time: 'calendar' },
}
export const now = march('20 00:00')

const config = configSchema.parse({})
const hotline = findCalendar(buildCalendars(config.calendars, []), 'hotline')

/** What a decision about a topic holds. */
export const about = (topic: string, changes: Partial<DecisionRecord> = {}): Partial<DecisionRecord> => ({
  classification: {
    ...{ text: '…', language: 'zh', intent: topic, topic, handling: 'faq', confidence: 0.9, candidates: [] },
    ...{ outOfScope: 0, urgency: 'normal', emotion: 'neutral', emotionStrength: 0, asksForPerson: false },
    ...{ reasons: [], knowledgeVersion: 'x' },
  },
  ...changes,
})

/** Contacts who write at moments that a test names, on one database. */
export const openReportWorld = async ({ database }: TestDatabase) => {
  const conversations = createConversationStore(database)
  const tickets = createTicketStore(database, initialDialogue)
  const agent = await createAgentDirectory(database).create({
    ...{ name: '李然', email: `${randomUUID()}@example.com`, role: 'agent' },
  })
  const clock = { now: () => now }
  const reports = openReports({
    ...{ clock, config, facts: createReportFacts(database) },
    calendars: { get: () => hotline },
  })
  /** Gives the ticket where the turn opens one. */
  const says = async (
    who: string,
    at: Date,
    decision: Partial<DecisionRecord>,
    { channel = 'wechat', opens }: { channel?: ChannelName; opens?: string } = {},
  ): Promise<Ticket | undefined> => {
    const message = buildInbound({ contactKey: who, threadKey: who, inboxId: `${channel}-test`, sentAt: at })
    await conversations.accept([buildItem(message, { channel })], at)
    const [claim] = await conversations.claim('test', 1, 30_000)
    if (claim === undefined) throw new Error('nothing was ready')
    const number = await conversations.nextTicketNumber()
    await conversations.commit(
      [
        buildOutcome(claim, {
          decision: buildRecord(decision),
          outbound: [buildDraft()],
          ...(opens === undefined ? {} : { openTicket: buildTicketDraft(number, { topic: opens }) }),
        }),
      ],
      at,
    )
    if (opens === undefined) return undefined
    return (await tickets.list({ view: 'all', agentId: '', limit: 200 })).find((one) => one.number === number)
  }
  const replies = (ticket: Ticket, at: Date): Promise<Ticket> =>
    tickets.apply(
      {
        ...{
          ticketId: ticket.id,
          actor: { agentId: agent.id, name: agent.name },
          change: 'replied',
          detail: {},
        },
        set: { state: 'open', assigneeId: agent.id, firstRepliedAt: at },
      },
      at,
    )
  return {
    ...{ agent, tickets, says, replies, database, reports },
    read: (name: ReportName, span: ReportSpan = week): Promise<Report> => reports.report(name, span, 'zh'),
  }
}
export type ReportWorld = Awaited<ReturnType<typeof openReportWorld>>
