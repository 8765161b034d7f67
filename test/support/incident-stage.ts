import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createMovableClock, type MovableClock } from '../../src/core/clock.ts'
import type { Claim, TurnOutcome } from '../../src/core/conversation.ts'
import type { IncidentEffects } from '../../src/core/incident-turn.ts'
import type { IncidentDraft, IncidentWrite } from '../../src/core/incident.ts'
import { createConversationStore } from '../../src/store/index.ts'
import { buildInbound, buildItem, buildOutcome, buildTicketDraft } from './builders.ts'
import type { TestDatabase } from './databases.ts'
import { openIncidentBackground, openIncidentStores } from './incident-world.ts'
import { plainCapabilities } from './journey.ts'

export const by: IncidentWrite['actor'] = { kind: 'agent', id: 'li', name: '李然' }
export const draft: IncidentDraft = {
  title: { zh: '登录异常', en: 'Sign-in trouble' },
  notice: { zh: '登录可能失败' },
  channelNotices: { email: { zh: '登录可能失败（邮件）' } },
  topics: ['account-login-problem'],
  channels: ['wechat'],
  sinceAt: new Date('2026-11-27T12:00:00Z'),
  gathers: true,
}

export const effects = (over: Partial<IncidentEffects> = {}): IncidentEffects => ({
  ...{ heard: [], follows: [], leaves: false, language: 'zh' },
  ...over,
})

/** A database with people who write, and what is done about incidents on it; empty of incidents before each test. */
export const useIncidentStage = (open: () => Promise<TestDatabase>) => {
  let test: TestDatabase
  let stores: ReturnType<typeof openIncidentStores>
  let conversations: ReturnType<typeof createConversationStore>
  let clock: MovableClock
  let background: ReturnType<typeof openIncidentBackground>
  let people = 0
  const channel: Parameters<typeof openIncidentBackground>[2] = { capabilities: plainCapabilities }
  beforeAll(async () => {
    test = await open()
    stores = openIncidentStores(test.database)
    conversations = createConversationStore(test.database)
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    clock = createMovableClock({ now: () => new Date('2026-11-27T12:30:00Z') })
    channel.capabilities = plainCapabilities
    background = openIncidentBackground(test.database, clock, channel)
    for (const table of [
      'incidents',
      'spike_proposals',
      'spike_watch',
      'incident_counts',
      'incident_tickets',
    ])
      await test.database.query(`truncate ${table}`)
    for (const table of ['followers', 'notices', 'updates', 'hearings', 'history'])
      await test.database.query(`truncate incident_${table}`)
    await test.database.query(`update outbox set status = 'sent'`)
    // What another test left owed would be taken in.
    await test.database.query(`update tickets set state = 'closed'`)
  })

  const person = (): string => `oIncident${String((people += 1))}`
  const says = async (
    contactKey: string,
    outcome: (claim: Claim) => Partial<TurnOutcome> | Promise<Partial<TurnOutcome>> = () => ({}),
  ): Promise<Claim> => {
    const now = clock.now()
    await conversations.accept([buildItem(buildInbound({ contactKey, text: '登录不了', sentAt: now }))], now)
    const [claim] = await conversations.claim(randomUUID(), 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    await conversations.commit([buildOutcome(claim, await outcome(claim))], now)
    return claim
  }
  const opensTicket = async (over: Partial<TurnOutcome> = {}): Promise<Partial<TurnOutcome>> => ({
    mode: 'human',
    openTicket: buildTicketDraft(await conversations.nextTicketNumber(), { topic: 'account-login-problem' }),
    ...over,
  })
  const ticketOf = async ({ conversationId }: Claim) => {
    const [row] = await test.database.query<{ id: string }>(
      'select id from tickets where conversation_id = $1 order by number desc limit 1',
      [conversationId],
    )
    return stores.tickets.get(row?.id ?? '')
  }
  const saidIn = async ({ conversationId }: Claim): Promise<readonly string[]> =>
    (
      await test.database.query<{ text: string }>(
        `select parts -> 0 ->> 'text' as text from messages where conversation_id = $1 and direction = 'out' order by seq`,
        [conversationId],
      )
    ).map(({ text }) => text)
  const declare = (over: Partial<IncidentDraft> = {}, write: Partial<IncidentWrite> = {}) =>
    stores.store.declare({ ...draft, ...over }, { actor: by, ...write }, clock.now())
  const fates = async (id: string) =>
    (await stores.notices.list(id, { limit: 100 }))
      .map(({ state, way, reason }) => [state, way ?? reason].filter(Boolean).join(' '))
      .toSorted()
  return {
    /** The background begins anew, with what is kept. */
    restart: (): void => {
      background = openIncidentBackground(test.database, clock, channel)
    },
    ...{ person, says, opensTicket, ticketOf, saidIn, declare, fates, channel },
    get database() {
      return test.database
    },
    get stores() {
      return stores
    },
    get conversations() {
      return conversations
    },
    get clock() {
      return clock
    },
    get background() {
      return background
    },
  }
}
