import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { ChannelError } from '../../src/core/errors.ts'
import { textOf } from '../../src/core/message.ts'
import { createMessageLog } from '../../src/store/index.ts'
import { buildDraft, buildInbound, buildTicketDraft } from '../support/builders.ts'
import { openTestEmbedded, type TestDatabase } from '../support/databases.ts'
import { echoTurn, outcomeOf, plainCapabilities, startLine, type LineOptions } from '../support/journey.ts'

let test: TestDatabase
let line: Awaited<ReturnType<typeof startLine>>

beforeAll(async () => {
  test = await openTestEmbedded()
})
afterAll(() => test.dispose())
afterEach(() => line.stop())

const start = async (options: LineOptions = {}) => {
  line = await startLine(test, options)
  return line
}
let contacts = 0
/** A contact nobody has heard of. */
const contact = (): string => `contact-${String((contacts += 1))}`

/** Nothing more is waited for: the pieces that are there are all. */
const endWindows = () =>
  test.database.query('update conversations set ready_at = now() where ready_at > now()')

/** What became of the last answer to a contact. */
const deliveryTo = async (threadKey: string) => {
  const log = createMessageLog(test.database)
  const [last] = await log.latest({ inboxId: 'wechat-test', threadKey, limit: 1 })
  return last?.delivery
}

/** Answers that ride are confirmed in every test: what is not goes by API after a while, in the midst of a later one. */
describe('the way of a message', () => {
  it('answers each conversation in its own order, many at once', async () => {
    const { accept, delivered } = await start()
    const names = Array.from({ length: 10 }, contact)
    for (let n = 0; n < 8; n += 1) {
      await Promise.all(
        names.map((contactKey) =>
          accept(buildInbound({ contactKey, text: String(n), dedupKey: `${contactKey}-${String(n)}` })),
        ),
      )
    }
    const heardBy = (contactKey: string): string =>
      delivered
        .filter((message) => message.contactKey === contactKey)
        .map((message) => textOf([message.part]).replace('答:', ''))
        .join('|')
    for (const name of names) await expect.poll(() => heardBy(name)).toBe('0|1|2|3|4|5|6|7')
  })

  it('understands pieces typed within the window together, and a command at once', async () => {
    const { accept, texts } = await start({ settleMs: 600_000 })
    const contactKey = contact()
    await accept(buildInbound({ contactKey, text: '我的大会员' }))
    await accept(buildInbound({ contactKey, text: '怎么退款' }))
    const other = contact()
    await accept(buildInbound({ contactKey: other, text: '转人工' }))
    await expect.poll(texts).toEqual(['答:转人工'])
    await endWindows()
    await expect.poll(texts).toEqual(['答:转人工', '答:我的大会员|怎么退款'])
  })

  it('lets the answer ride on the request, and gives a retry the same one', async () => {
    const { accept, awaitReply, delivered } = await start()
    const message = buildInbound({ contactKey: contact(), passiveBudgetMs: 60_000 })
    const { messageId } = await accept(message)
    const [first, twin] = await Promise.all([awaitReply(messageId, 60_000), awaitReply(messageId, 60_000)])
    const retry = await accept(message)
    const again = await awaitReply(retry.messageId, 60_000)
    expect(retry.outcome).toBe('duplicate')
    expect(first?.message.part).toEqual({ kind: 'text', text: '答:大会员怎么退款' })
    expect([twin?.message.id, again?.message.id]).toEqual([first?.message.id, first?.message.id])
    await first?.confirm()
    expect(delivered).toEqual([])
  })

  it('sends by API what was not ready in time', async () => {
    let ready = (): void => undefined
    const thinking = new Promise<void>((resolve) => (ready = resolve))
    const { accept, awaitReply, texts } = await start({
      turn: async (claim) => {
        await thinking
        return echoTurn(claim)
      },
    })
    const { messageId } = await accept(buildInbound({ contactKey: contact(), passiveBudgetMs: 50 }))
    expect(await awaitReply(messageId, 50)).toBeUndefined()
    ready()
    await expect.poll(texts).toEqual(['答:大会员怎么退款'])
  })

  it('lets what came too late for its request ride on the next one, though that wants no answer', async () => {
    let ready = (): void => undefined
    const thinking = new Promise<void>((resolve) => (ready = resolve))
    const { accept, awaitReply } = await start({
      turn: async (claim) => {
        const outcome = await echoTurn(claim)
        if (claim.pending.every(({ wantsReply }) => !wantsReply)) return { ...outcome, outbound: [] }
        await thinking
        return { ...outcome, outbound: outcome.outbound.map((draft) => ({ ...draft, passiveOnly: true })) }
      },
    })
    const contactKey = contact()
    const question = await accept(buildInbound({ contactKey, passiveBudgetMs: 50 }))
    expect(await awaitReply(question.messageId, 50)).toBeUndefined()
    ready()
    await expect.poll(() => deliveryTo(contactKey)).toMatchObject({ status: 'waiting' })
    const pickUp = await accept(
      buildInbound({ contactKey, text: '1', wantsReply: false, passiveBudgetMs: 60_000 }),
    )
    // Long enough for the turn to be over before anybody looks for the answer.
    await expect.poll(async () => (await deliveryTo(contactKey)) === undefined).toBe(true)
    const reply = await awaitReply(pickUp.messageId, 60_000)
    expect(reply?.message.part).toEqual({ kind: 'text', text: '答:大会员怎么退款' })
    await reply?.confirm()
  })

  it('lets an answer ride on its request though what was said before it is still being sent', async () => {
    let arrive = (): void => undefined
    const underWay = new Promise<void>((resolve) => (arrive = resolve))
    const { accept, awaitReply, texts } = await start({
      turn: async (claim) => {
        const outcome = await echoTurn(claim)
        const isFirst = claim.pending.some(({ parts }) => textOf(parts) === '一')
        return isFirst ? { ...outcome, outbound: [...outcome.outbound, buildDraft('还有')] } : outcome
      },
      deliver: () => underWay,
    })
    const contactKey = contact()
    const one = await accept(buildInbound({ contactKey, text: '一', passiveBudgetMs: 60_000 }))
    const first = await awaitReply(one.messageId, 60_000)
    await first?.confirm()
    const two = await accept(buildInbound({ contactKey, text: '二', passiveBudgetMs: 60_000 }))
    const second = awaitReply(two.messageId, 60_000)
    // Its answer is there, behind what has not arrived.
    await expect.poll(() => deliveryTo(contactKey)).toMatchObject({ status: 'queued' })
    arrive()
    const reply = await second
    expect(reply?.message.part).toEqual({ kind: 'text', text: '答:二' })
    expect(texts()).toEqual(['还有'])
    await reply?.confirm()
  })

  it('tells all but the last of several waiting pieces that nothing rides on them', async () => {
    const { accept, awaitReply } = await start({ settleMs: 600_000 })
    const contactKey = contact()
    const one = await accept(buildInbound({ contactKey, text: '一', passiveBudgetMs: 60_000 }))
    const two = await accept(buildInbound({ contactKey, text: '二', passiveBudgetMs: 60_000 }))
    await endWindows()
    const replies = await Promise.all([awaitReply(one.messageId, 60_000), awaitReply(two.messageId, 60_000)])
    expect(replies.map((reply) => reply?.message.part)).toEqual([
      undefined,
      { kind: 'text', text: '答:一|二' },
    ])
    await replies[1]?.confirm()
  })

  it('tries a refused delivery again and keeps the order behind it', async () => {
    let refusals = 2
    const { accept, texts } = await start({
      deliver: () => {
        refusals -= 1
        return refusals >= 0
          ? Promise.reject(
              new ChannelError('wechat', 'temporary', 'busy', { providerCode: -1, retryAfterMs: 1 }),
            )
          : Promise.resolve()
      },
    })
    const contactKey = contact()
    await accept(buildInbound({ contactKey, text: '一' }))
    await expect.poll(() => refusals).toBeLessThan(2)
    await accept(buildInbound({ contactKey, text: '二' }))
    await expect.poll(texts).toEqual(['答:一', '答:二'])
  })

  it('sends once when the database is away as a delivery ends, longer than the lease', async () => {
    const away = async () => {
      await test.database.query('alter table delivery_attempts rename to hidden_attempts')
      setTimeout(() => {
        void test.database.query('alter table hidden_attempts rename to delivery_attempts')
      }, 500)
    }
    const contactKey = contact()
    const { accept, texts } = await start({ leaseMs: 100, deliver: away })
    await accept(buildInbound({ contactKey, text: '一' }))
    await expect.poll(() => deliveryTo(contactKey)).toMatchObject({ status: 'sent' })
    expect(texts()).toEqual(['答:一'])
  })

  it('warns of nothing while many ends wait for the database', async () => {
    const warnings: string[] = []
    const note = ({ name }: Error): void => void warnings.push(name)
    process.on('warning', note)
    onTestFinished(() => void process.off('warning', note))
    const names = Array.from({ length: 12 }, contact)
    let [onTheirWay, hidden] = [0, false]
    const allOut = async () => {
      onTheirWay += 1
      await expect.poll(() => onTheirWay).toBe(names.length)
      if (hidden) return
      hidden = true
      await test.database.query('alter table delivery_attempts rename to hidden_attempts')
      setTimeout(() => {
        void test.database.query('alter table hidden_attempts rename to delivery_attempts')
      }, 1_000)
    }
    const { accept, texts } = await start({ deliver: allOut })
    await Promise.all(
      names.map((contactKey) => accept(buildInbound({ contactKey, text: '一', dedupKey: contactKey }))),
    )
    for (const contactKey of names)
      await expect.poll(() => deliveryTo(contactKey)).toMatchObject({ status: 'sent' })
    expect(texts()).toHaveLength(names.length)
    expect(warnings).not.toContain('MaxListenersExceededWarning')
  })

  it('marks what it repeats because the provider gave no answer', async () => {
    let silences = 1
    const contactKey = contact()
    const { accept, texts } = await start({
      deliver: () => {
        silences -= 1
        return silences >= 0
          ? Promise.reject(
              new ChannelError('wechat', 'temporary', 'silent', { outcomeUnknown: true, retryAfterMs: 1 }),
            )
          : Promise.resolve()
      },
    })
    await accept(buildInbound({ contactKey, text: '一' }))
    await expect.poll(texts).toEqual(['答:一'])
    expect(await deliveryTo(contactKey)).toMatchObject({ attempts: 2, repeated: true })
  })

  it('outlasts a provider that is down longer than any number of tries', async () => {
    let refusals = 12
    const contactKey = contact()
    const { accept, texts } = await start({
      deliver: () => {
        refusals -= 1
        return refusals >= 0
          ? Promise.reject(new ChannelError('wechat', 'provider_down', 'refused', { retryAfterMs: 1 }))
          : Promise.resolve()
      },
    })
    await accept(buildInbound({ contactKey, text: '一' }))
    await expect.poll(texts).toEqual(['答:一'])
    expect(await deliveryTo(contactKey)).toMatchObject({ repeated: false })
  })

  it('sends once, unmarked, what waits for a slow provider longer than a lease', async () => {
    // All together longer than the lease, which is longer than a busy machine stands still.
    const capabilities = { ...plainCapabilities, sendsPerSecond: 1.5 }
    const { accept, texts } = await start({ capabilities, leaseMs: 5_000 })
    const names = Array.from({ length: 12 }, contact)
    await Promise.all(
      names.map((contactKey) => accept(buildInbound({ contactKey, text: contactKey, dedupKey: contactKey }))),
    )
    const said = names.map((name) => `答:${name}`).sort()
    await expect.poll(() => texts().sort()).toEqual(said)
    const deliveries = await Promise.all(names.map(deliveryTo))
    expect(deliveries.every((delivery) => delivery?.repeated === false)).toBe(true)
  })

  it('passes over a message that can never be delivered', async () => {
    const { accept, texts } = await start({
      deliver: (message) =>
        textOf([message.part]).includes('坏')
          ? Promise.reject(new ChannelError('wechat', 'unreachable', 'unfollowed', { providerCode: 43004 }))
          : Promise.resolve(),
    })
    const contactKey = contact()
    await accept(buildInbound({ contactKey, text: '坏' }))
    await accept(buildInbound({ contactKey, text: '好' }))
    await expect.poll(texts).toEqual(['答:好'])
  })

  it('hands a conversation to a person when its turn fails again and again', async () => {
    const { accept, texts } = await start({ turn: () => Promise.reject(new Error('a bug')) })
    await accept(buildInbound({ contactKey: contact() }))
    await expect.poll(texts).toEqual(['转人工'])
  })

  it('escalates nobody when the database is away for longer than three tries', async () => {
    const { accept, texts } = await start()
    await test.database.query('alter table ticket_timeline rename to hidden_timeline')
    await accept(buildInbound({ contactKey: contact(), text: '库不在' }))
    setTimeout(() => void test.database.query('alter table hidden_timeline rename to ticket_timeline'), 4_500)
    await expect.poll(texts).toContain('答:库不在')
    expect(texts()).not.toContain('转人工')
  })

  it('hands over a turn that can never be committed, and no other that ended with it', async () => {
    const { accept, texts } = await start({
      turn: async (claim) => {
        const outcome = await echoTurn(claim)
        const isBad = textOf(claim.pending[0]?.parts ?? []) === '坏'
        return isBad ? { ...outcome, openTicket: buildTicketDraft(2 ** 40) } : outcome
      },
    })
    await Promise.all(
      ['好', '坏', '也好'].map((text) => accept(buildInbound({ contactKey: contact(), text }))),
    )
    const wanted = ['答:好', '答:也好', '转人工']
    await expect.poll(texts).toEqual(expect.arrayContaining(wanted))
    expect(texts().filter((text) => text === '转人工')).toHaveLength(1)
  })

  it('keeps slots for every inbox, however many messages a slow one has', async () => {
    let release = (): void => undefined
    const slow = new Promise<void>((resolve) => (release = resolve))
    let held = 0
    const { accept, texts } = await start({
      deliver: ({ inboxId }) => {
        if (inboxId !== 'slow') return Promise.resolve()
        held += 1
        return slow
      },
    })
    const to = (inboxId: string, text: string) =>
      accept(buildInbound({ inboxId, contactKey: contact(), text }))
    await Promise.all(Array.from({ length: 60 }, (_, n) => to('slow', `慢${String(n)}`)))
    await expect.poll(() => held).toBeGreaterThan(30)
    await to('wechat-test', '快')
    await expect.poll(texts).toContain('答:快')
    release()
    await expect.poll(() => texts().filter((text) => text.startsWith('答:慢')).length).toBe(60)
  })

  it('keeps a slot for the next inbox, also when five are slow', async () => {
    let release = (): void => undefined
    const slow = new Promise<void>((resolve) => (release = resolve))
    const held = new Set<string>()
    const { accept, texts } = await start({
      deliver: ({ inboxId }) => {
        if (!inboxId.startsWith('slow')) return Promise.resolve()
        held.add(inboxId)
        return slow
      },
    })
    const to = (inboxId: string, text: string) =>
      accept(buildInbound({ inboxId, contactKey: contact(), text }))
    for (const inboxId of ['slow-1', 'slow-2', 'slow-3', 'slow-4', 'slow-5']) {
      await Promise.all(Array.from({ length: 45 }, (_, n) => to(inboxId, `五慢${String(n)}`)))
      await expect.poll(() => held.has(inboxId)).toBe(true)
    }
    await to('wechat-test', '第六')
    await expect.poll(texts).toContain('答:第六')
    release()
    await expect.poll(() => texts().filter((text) => text.startsWith('答:五慢')).length).toBe(225)
  })

  it('accepts what can be stored beside what cannot', async () => {
    const { accept } = await start()
    const good = buildInbound({ contactKey: contact() })
    const bad = buildInbound({ contactKey: contact(), dedupKey: 'no text of a database\u0000' })
    const results = await Promise.allSettled([
      accept(good),
      accept(bad),
      accept(buildInbound({ contactKey: contact() })),
    ])
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it.each([
    '+202600-01-01T00:00:00.000Z',
    '-000001-01-01T00:00:00.000Z',
    '5138-11-16T09:46:39.000Z',
    'never',
  ])('takes a message whose provider says it was sent %s, as sent now', async (sentAt) => {
    const { accept } = await start()
    const startedAt = Date.now()
    const dedupKey = `odd ${sentAt}`
    await accept(buildInbound({ contactKey: contact(), dedupKey, sentAt: new Date(sentAt) }))
    const [stored] = await test.database.query<{ sent_at: Date }>(
      'select sent_at from messages where dedup_key = $1',
      [dedupKey],
    )
    expect(stored?.sent_at.getTime()).toBeGreaterThanOrEqual(startedAt)
    expect(stored?.sent_at.getTime()).toBeLessThanOrEqual(Date.now())
  })

  it('finishes turns under way before it stops', async () => {
    let ready = (): void => undefined
    const thinking = new Promise<void>((resolve) => (ready = resolve))
    let [begun, thought] = [false, false]
    const { accept, stop } = await start({
      turn: async (claim) => {
        begun = true
        await thinking
        thought = true
        return outcomeOf(claim, '好')
      },
    })
    await accept(buildInbound({ contactKey: contact() }))
    await expect.poll(() => begun).toBe(true)
    const stopping = stop()
    ready()
    await stopping
    expect(thought).toBe(true)
  })
})
