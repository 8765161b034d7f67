import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { SearchFilter, SearchMessages, SearchPlace } from '../../src/core/message-search.ts'
import { createMessageFeed, createMessageSearch } from '../../src/search/index.ts'
import {
  createContactStore,
  createConversationStore,
  createEventLog,
  createMessageIndex,
  createMessageIntake,
  createProviderNews,
  createTicketStore,
} from '../../src/store/index.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome, buildTicketDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { masker } from '../support/masker.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'

const dayMs = 86_400_000
const today = new Date('2026-11-23T04:00:00Z')
const daysAgo = (days: number): Date => new Date(today.getTime() - days * dayMs)

/** What every database must do for finding what was said. */
export const isMessageSearch = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let search: SearchMessages
  let feed: () => Promise<boolean>
  beforeAll(async () => {
    test = await open()
    const index = createMessageIndex(test.database)
    search = createMessageSearch({ index, masker, now: () => today })
    feed = createMessageFeed({
      events: createEventLog(test.database),
      intake: createMessageIntake(test.database),
    })
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query(
      `truncate contacts, contact_identities, conversations, messages, outbox, delivery_attempts, tickets,
       ticket_timeline, ticket_links, events, event_readers, message_search cascade`,
    )
  })

  const hears = async (text: string, at = today, changes: object = {}): Promise<void> => {
    const conversations = createConversationStore(test.database)
    await conversations.accept([buildItem(buildInbound({ text, sentAt: at, ...changes }))], at)
  }
  const takeIn = async (): Promise<void> => {
    await untilEventsAreReadable(test.database)
    while (await feed());
  }
  const find = async (words: string, filter: SearchFilter = {}, limit = 50, after?: SearchPlace) =>
    search({ words, filter, limit, ...(after === undefined ? {} : { after }) })
  const texts = async (words: string, filter: SearchFilter = {}): Promise<readonly string[]> =>
    (await find(words, filter)).hits.map(({ snippet }) => snippet.text)
  /** The bot answers and asks for a person, who then writes a note. */
  const escalates = async (answer: string, note: string) => {
    const conversations = createConversationStore(test.database)
    const [claim] = await conversations.claim('worker', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    const number = await conversations.nextTicketNumber()
    const openTicket = buildTicketDraft(number)
    const outbound = [buildDraft(answer)]
    await conversations.commit([buildOutcome(claim, { mode: 'human', outbound, openTicket })], today)
    const tickets = createTicketStore(test.database, initialDialogue)
    const [ticket] = await tickets.list({ view: 'all', agentId: '', limit: 1 })
    if (ticket === undefined) throw new Error('no ticket')
    const actor = { agentId: 'li', name: '李然' }
    const change = { ticketId: ticket.id, actor, change: 'noted' as const, detail: {}, set: {}, note }
    await tickets.apply(change, today)
    return ticket
  }

  describe('what is found', () => {
    it('is any part of what was said, however it was written, the newest first', async () => {
      await hears('大会员怎么退款', daysAgo(400))
      await hears('大會員可以退款嗎', daysAgo(3))
      await hears('我的ＶＩＰ到期了，订单 A20261123', daysAgo(2))
      await hears('会不会退，大家都是员工')
      await takeIn()
      expect(await texts('大会员')).toEqual(['大會員可以退款嗎', '大会员怎么退款'])
      expect(await texts('會員 退款')).toHaveLength(2)
      expect(await texts('员怎')).toEqual(['大会员怎么退款'])
      expect(await texts('退')).toHaveLength(3)
      expect(await texts('vip')).toEqual(['我的ＶＩＰ到期了，订单 A20261123'])
      expect(await texts('26112')).toHaveLength(1)
      expect(await texts('退款，大')).toEqual([])
      await expect(find('x')).rejects.toMatchObject({ code: 'bad_input' })
    })

    it('tells who said it where, and the ticket', async () => {
      // From here on by what happens, not by going back.
      await takeIn()
      await hears('大会员多扣了一个月', today, { displayName: '阿白' })
      const ticket = await escalates('已经转给客服', '查过了，是重复扣费')
      await takeIn()
      const [hit] = (await find('重复扣费')).hits
      expect(hit?.message).toMatchObject({
        ...{ conversationId: ticket.conversationId, ticketId: ticket.id, ticketNumber: ticket.number },
        ...{ contactName: '阿白', channel: 'wechat', direction: 'note', author: 'agent', at: today },
      })
      expect(await texts('转给客服', { author: 'bot' })).toHaveLength(1)
      expect(await texts('转给客服', { author: 'contact' })).toEqual([])
      expect(await texts('扣', { direction: 'in' })).toEqual(['大会员多扣了一个月'])
    })

    it('is what agents write in the provider’s own app, too', async () => {
      await takeIn()
      await hears('在吗')
      const news = createProviderNews({
        database: test.database,
        freshDialogue: initialDialogue,
        now: () => today,
      })
      await news('wechat-test', () => undefined).said({
        ...{ threadKey: 'oUser0001', dedupKey: 'from-the-app', sentAt: today },
        parts: [{ kind: 'text', text: '手机上回您：已补发' }],
      })
      await takeIn()
      expect(await texts('补发', { author: 'agent' })).toEqual(['手机上回您：已补发'])
    })

    it('is narrowed by inbox, channel, contact, ticket and time', async () => {
      await hears('退款一', daysAgo(40))
      await hears('退款二', daysAgo(1), { inboxId: 'other', contactKey: 'oOther' })
      await hears('退款三')
      await takeIn()
      expect(await texts('退款', { inboxId: 'other' })).toEqual(['退款二'])
      expect(await texts('退款', { channel: 'weibo' })).toEqual([])
      expect(await texts('退款', { from: daysAgo(39) })).toEqual(['退款三', '退款二'])
      expect(await texts('退款', { until: today })).toEqual(['退款二', '退款一'])
      const [hit] = (await find('退款二')).hits
      const contactId = hit?.message.contactId ?? ''
      expect(await texts('退款', { contactId })).toEqual(['退款二'])
      expect(await texts('退款', { contactId, until: daysAgo(2) })).toEqual([])
      const into = (await find('退款三')).hits[0]?.message.contactId ?? ''
      const contacts = createContactStore(test.database)
      await contacts.merge({ from: contactId, into, reason: 'agent', agentId: 'li', now: today })
      expect(await texts('退款', { contactId })).toEqual(['退款三', '退款二', '退款一'])
      await expect(find('退款', { contactId: randomUUID() })).rejects.toMatchObject({ code: 'not_found' })
      await expect(find('退款', { ticketId: randomUUID() })).rejects.toMatchObject({ code: 'not_found' })
    })

    it('is found once, though spans of time come round in the index', async () => {
      await hears('从前的退款', daysAgo(4_096))
      await hears('现在的退款')
      await takeIn()
      expect(await texts('退款')).toEqual(['现在的退款', '从前的退款'])
      expect(await texts('退款', { until: new Date('9999-12-31T00:00:00Z') })).toHaveLength(2)
    })

    it('comes in pages, each message once, also where many were said in one moment', async () => {
      for (let at = 0; at < 7; at++) await hears(`退款 ${String(at)} 号`, daysAgo(at < 4 ? 0 : at * 10))
      await hears('大会员大退会员款')
      await takeIn()
      const whole = (await find('退款')).hits.map(({ message }) => message.id)
      expect(whole).toHaveLength(7)
      const paged: string[] = []
      let place: SearchPlace | undefined
      do {
        const { hits, next } = await find('退款', {}, 2, place)
        paged.push(...hits.map(({ message }) => message.id))
        place = next
      } while (place !== undefined)
      expect(paged).toEqual(whole)
      const contactId = (await find('退款')).hits[0]?.message.contactId ?? ''
      const { hits, next } = await find('退款', { contactId }, 3)
      const rest = await find('退款', { contactId }, 50, next)
      expect([...hits, ...rest.hits].map(({ message }) => message.id)).toEqual(whole)
    })
  })

  describe('taking in', () => {
    it('goes back to what was said before the search was there', async () => {
      await hears('从前的退款', daysAgo(2))
      await untilEventsAreReadable(test.database)
      await test.database.query('truncate events')
      await takeIn()
      await hears('现在的退款')
      await takeIn()
      expect(await texts('退款')).toEqual(['现在的退款', '从前的退款'])
    })

    it('takes every message once where several nodes do it', async () => {
      for (let at = 0; at < 20; at++) await hears(`退款 ${String(at)} 号`)
      await takeIn()
      for (let at = 20; at < 40; at++) await hears(`退款 ${String(at)} 号`)
      await untilEventsAreReadable(test.database)
      await Promise.all([feed(), feed(), feed()])
      await takeIn()
      expect(await texts('退款')).toHaveLength(40)
    })

    it('forgets a message with the message', async () => {
      await hears('退款')
      await takeIn()
      await test.database.query('delete from messages')
      expect(await test.database.query('select 1 from message_search')).toEqual([])
      expect(await texts('退款')).toEqual([])
    })
  })

  describe('personal data', () => {
    it('is shown masked, and found by the whole of it or by what is shown alone', async () => {
      await hears('手机13800138000，身份证110101199003078515，退款到邮箱zhang@qq.com')
      await takeIn()
      const shown = '手机138****8000，身份证110*************15，退款到邮箱z***@qq.com'
      expect(await texts('退款')).toEqual([shown])
      expect(await texts('13800138000 110101199003078515')).toEqual([shown])
      expect(await texts('8000，身份')).toEqual([shown])
      for (const part of ['1380013', '0013', '19900307', 'zhang', '机138001'])
        expect(await texts(part), part).toEqual([])
      const [hit] = (await find('13800138000 退款到 身份证110101199003078515')).hits
      expect(hit?.snippet.matches.map(({ from, to }) => hit.snippet.text.slice(from, to))).toEqual([
        ...['138****8000', '身份证110*************15', '退款到'],
      ])
    })

    it('is not cut in two: a part would be shown', async () => {
      await hears(`退款${'好'.repeat(113)}13800138000 谢谢`)
      await takeIn()
      for (const text of [...(await texts('退款')), ...(await texts('谢谢'))])
        expect(text).not.toMatch(/\d{5}/)
    })
  })

  describe('whatever is asked', () => {
    it.each(['%', '_%', "' or 1=1 --", '款 & !退 | (', '\\x', '*:*'])(
      '“%s” is words and nothing else',
      async (q) => {
        await hears('我要退款')
        await takeIn()
        const found = await texts(q).catch((error: unknown) => (error as { code: string }).code)
        expect(['bad_input', []]).toContainEqual(found)
      },
    )

    it('is found where it stands as written, marks too', async () => {
      await hears('优惠 100%_折 (a&b) 😡退款')
      await takeIn()
      for (const q of ['100%_折', '😡退', '00%', '％＿折']) expect(await texts(q), q).toHaveLength(1)
      expect(await texts('款'.repeat(100))).toEqual([])
    })

    it.each(['9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z'])(
      'moments as far as %s are taken',
      async (text) => {
        await hears('退款')
        await takeIn()
        const moment = new Date(text)
        const [hit] = (await find('退款')).hits
        const contactId = hit?.message.contactId ?? ''
        for (const filter of [{ from: moment }, { until: moment }])
          for (const of of [{}, { contactId }])
            expect((await texts('退款', { ...filter, ...of })).length, JSON.stringify(filter)).toBeLessThan(2)
      },
    )
  })
}
