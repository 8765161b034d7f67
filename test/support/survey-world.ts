import { z } from 'zod'
import { createMovableClock, type Clock } from '../../src/core/clock.ts'
import {
  initialDialogue,
  type AcceptItem,
  type Claim,
  type TurnOutcome,
} from '../../src/core/conversation.ts'
import type { Capabilities } from '../../src/core/capabilities.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { onTimer, type TimerKind } from '../../src/core/timers.ts'
import type { ApiServices } from '../../src/http/index.ts'
import { createPromiseTimes, promisesConfig } from '../../src/promises/index.ts'
import {
  createCampaignBook,
  createCampaignRecords,
  createCampaignStore,
  createConsentStore,
  createConversationStore,
  createEventLog,
  createSurveyBook,
  createSurveyRecords,
  createSurveyReviews,
  createTicketRelations,
  createTicketStore,
  createTimerStore,
  type Database,
} from '../../src/store/index.ts'
import { surveysConfig } from '../../src/surveys/config.ts'
import {
  campaignCsv,
  campaignResults,
  createAsker,
  createCampaignPreview,
  createCampaignRunner,
  isQuiet,
  createPlanner,
  createReviewer,
  createSurveyResults,
  resultsCsv,
} from '../../src/surveys/index.ts'
import { describeTicket } from '../../src/tickets/index.ts'
import {
  buildDraft,
  buildInbound,
  buildItem,
  buildOutcome,
  buildTicketDraft,
  noCalendars,
} from './builders.ts'
import type { TestDatabase } from './databases.ts'
import { plainCapabilities } from './journey.ts'

/** What the API knows of surveys. */
export const openSurveyServices = (database: Database, clock: Clock): ApiServices['surveys'] => {
  const records = createSurveyRecords(database)
  return {
    records,
    results: createSurveyResults({ records, clock, timeZone: 'Asia/Shanghai' }),
    csv: resultsCsv,
    campaigns: createCampaignStore(database),
    campaignRecords: createCampaignRecords(database),
    preview: createCampaignPreview({
      ...{ book: createCampaignBook(database), config: surveysConfig.parse({}), clock },
      timeZone: 'Asia/Shanghai',
      capabilitiesOf: () => plainCapabilities,
    }),
    campaignResults,
    campaignCsv,
    consents: createConsentStore(database),
  }
}

const never = new AbortController().signal
const moment: TimerKind<Record<string, never>> = { name: 'survey-ask', payload: z.strictObject({}) }
export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** Contacts whose tickets are solved, and who are asked, on one database. */
export const openSurveyWorld = (
  { database }: TestDatabase,
  over: Partial<z.input<typeof surveysConfig>> = {},
) => {
  const config = surveysConfig.parse(over)
  // In the middle of a month: results go by months.
  const start = new Date('2024-05-15T04:00:00Z')
  const clock = createMovableClock({ now: () => start })
  const conversations = createConversationStore(database)
  const tickets = createTicketStore(database, initialDialogue)
  const timers = createTimerStore(database)
  const book = createSurveyBook(database)
  const channel: { capabilities: Capabilities | undefined } = { capabilities: plainCapabilities }
  const asked: string[] = []
  const errors: unknown[] = []
  const plan = createPlanner({
    ...{ book, config, clock },
    setMoment: (transaction, key, dueAt) => timers.set(transaction, moment, { key, dueAt, payload: {} }),
  })
  const ask = createAsker({
    ...{ book, config, clock, isOn: config.enabled ?? true, capabilitiesOf: () => channel.capabilities },
    compose: (_inboxId, parts) => buildDraft('', { parts, rendered: parts, author: 'survey' }),
    onAsked: (conversationId) => void asked.push(conversationId),
  })
  const handler = onTimer(moment, async (transaction, { key }) => {
    await ask(transaction, key)
    return undefined
  })
  const review = createReviewer({
    ...{ reviews: createSurveyReviews(database), clock, publish: () => undefined },
    promise: createPromiseTimes(promisesConfig.parse({}), noCalendars),
    describe: (brief) => describeTicket(brief, 'zh'),
  })
  const campaigns = createCampaignStore(database)
  const campaignOptions = {
    ...{ book: createCampaignBook(database), config, clock, timeZone: 'Asia/Shanghai' },
    capabilitiesOf: () => channel.capabilities,
  }
  const invite = createCampaignRunner({
    ...campaignOptions,
    inboxIds: () => ['wechat-test', 'other'],
    end: ({ id, version }) =>
      campaigns.move(id, 'ended', { actor: { kind: 'system' }, version }, clock.now()),
    onError: (error) => void errors.push(error),
    compose: (_inboxId, parts) => buildDraft('', { parts, rendered: parts, author: 'survey' }),
    onAsked: (conversationId) => void asked.push(conversationId),
  })
  let contacts = 0
  const hears = async (
    contactKey: string,
    make: (claim: Claim) => Partial<TurnOutcome> | Promise<Partial<TurnOutcome>> = () => ({}),
    item: Partial<AcceptItem> = {},
  ): Promise<Claim> => {
    const now = clock.now()
    await conversations.accept([buildItem(buildInbound({ contactKey, sentAt: now }), item)], now)
    const [claim] = await conversations.claim('worker', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    await conversations.commit([buildOutcome(claim, { outbound: [], ...(await make(claim)) })], now)
    return claim
  }
  const set = (ticketId: string, state: 'open' | 'solved'): Promise<Ticket> =>
    tickets.apply(
      {
        ...{ ticketId, change: state === 'solved' ? 'solved' : 'reopened', detail: {} },
        actor: { author: 'system', rule: 'test' },
        set: { state, mode: 'bot', solvedAt: state === 'solved' ? clock.now() : null },
      },
      clock.now(),
    )
  return {
    ...{ clock, tickets, channel, asked, errors, hears, book },
    events: createEventLog(database),
    records: createSurveyRecords(database),
    relations: createTicketRelations(database, initialDialogue),
    newContact: () => `oSurvey${String((contacts += 1))}`,
    /** A ticket of this contact that an agent had and solved. */
    solves: async (
      contactKey: string,
      draft: Parameters<typeof buildTicketDraft>[1] = {},
      item: Partial<AcceptItem> = {},
    ): Promise<Ticket> => {
      const number = await conversations.nextTicketNumber()
      const openTicket = buildTicketDraft(number, draft)
      await hears(contactKey, () => ({ mode: 'human', openTicket }), item)
      const found = (await tickets.list({ view: 'all', agentId: '', limit: 1_000 })).find(
        (one) => one.number === number,
      )
      if (found === undefined) throw new Error('no ticket')
      clock.advance(minuteMs)
      return set(found.id, 'solved')
    },
    reopen: (ticketId: string) => set(ticketId, 'open'),
    solve: (ticketId: string) => set(ticketId, 'solved'),
    campaigns,
    /** Nobody is invited now. */
    isQuiet: (now: Date) => isQuiet(config, 'Asia/Shanghai', now),
    consents: createConsentStore(database),
    campaignRecords: createCampaignRecords(database),
    preview: createCampaignPreview(campaignOptions),
    /** Looks after the campaigns that run. */
    invite: () => invite(never),
    plan: () => plan(never),
    review: () => review(never),
    /** Fires every moment that has come. */
    fire: async () => {
      const handlers = new Map([[handler.kind, handler.fire]])
      const ahead = () => clock.now().getTime() - Date.now()
      for (;;) {
        const fired = await timers.fireNext(handlers, ahead())
        if (fired.outcome === 'put-off') throw fired.error
        if (fired.outcome !== 'fired') return
      }
    },
    /** What became of the ticket's survey. */
    invitationOf: async (ticketId: string) => {
      const [found] = await createSurveyRecords(database).list({ ticketId }, { limit: 1 })
      if (found === undefined) throw new Error('nobody was invited')
      return found
    },
  }
}
export type SurveyWorld = ReturnType<typeof openSurveyWorld>
