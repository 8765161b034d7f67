// What is summarised by itself when the bot hands a conversation over, over the API of the whole product.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import pg from 'pg'
import { z } from 'zod'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import type { TestAgent } from '../support/agent.ts'
import { onBothDatabases, type ProductGround } from '../support/both-databases.ts'
import { type Product, startProduct } from '../support/product.ts'

const Shown = z.looseObject({
  machineMade: z.literal(true),
  state: z.string(),
  kept: z.looseObject({ made: z.unknown(), reachesSeq: z.number() }).optional(),
})
const Messages = z.object({ messages: z.array(z.looseObject({ seq: z.number() })) })

const summary = {
  facts: ['订单扣了 25 元', '扣了 800 元'],
  ...{ tried: [], wants: ['退 25 元'], mood: 'anxious' },
}
const made = {
  facts: [
    { text: '订单扣了 25 元', isUnsure: false },
    { text: '扣了 800 元', isUnsure: true },
  ],
  ...{ tried: [], wants: [{ text: '退 25 元', isUnsure: false }], mood: 'anxious' },
}

onBothDatabases('a summary at the handover', (open, address) => {
  let ground: ProductGround
  let simulator: LlmSimulator
  let product: Product
  let agent: TestAgent
  const start = (llm: Record<string, unknown> = {}, further: Record<string, unknown> = {}) => {
    const model = { provider: 'openai', name: 'small', apiKey: 'sk-canary', baseUrl: simulator.baseUrl }
    return startProduct({
      ...ground.config,
      llm: { model, assist: 'on', breaker: { failures: 100 }, ...llm },
      ...further,
    })
  }
  beforeAll(async () => {
    ground = await open()
    simulator = await startLlmSimulator()
    product = await start({ summaries: 'on-handover' })
    agent = await product.agent()
  })
  beforeEach(() => {
    simulator.reset()
    simulator.answerWith(() => summary)
  })
  afterAll(async () => {
    await product.dispose()
    await simulator.stop()
    await ground.dispose()
  })

  const shown = async (id: string, by = agent) =>
    Shown.parse(await (await by.get(`/tickets/${id}/assist/summary`)).json())
  const seqs = async (id: string) =>
    Messages.parse(await (await agent.get(`/tickets/${id}`)).json()).messages.map(({ seq }) => seq)
  /** Somebody asks for a person; gives the ticket. */
  const handedOver = async (words: string, { by = agent, of = product } = {}) => {
    const contact = of.contact()
    await contact.says(words)
    await contact.says('转人工')
    await contact.hears(/T-\d+/)
    return { contact, id: (await by.finds(new RegExp(words.slice(0, 6)))).id }
  }

  it('is there when an agent opens the ticket, masked, once, and says how far it reaches', async () => {
    simulator.answerWith(({ user }) => {
      const phone = /138\*{4}8000|\[PHONE_1\]/.exec(user)?.[0] ?? '没有'
      return { ...summary, facts: [...summary.facts, `手机 ${phone}`] }
    })
    const { contact, id } = await handedOver('多扣了会员费 25 元，手机 13800138000，订单号 20260101000123')
    await expect.poll(() => shown(id)).toMatchObject({ state: 'made' })
    const { kept } = await shown(id)
    const facts = [...made.facts, { text: '手机 138****8000', isUnsure: false }]
    expect(kept).toMatchObject({ made: { ...made, facts }, model: 'openai/small', language: 'zh' })
    expect(await seqs(id)).toContain(kept?.reachesSeq)
    expect(simulator.requests).toHaveLength(1)
    const [asked] = simulator.requests
    expect(asked?.system).toContain('Language: simplified Chinese')
    expect(asked?.system).not.toContain('多扣了')
    expect(asked?.user).toContain('多扣了')
    expect(asked?.user).not.toMatch(/13800138000|20260101000123/)
    expect(asked?.user).toContain('138****8000')

    // What is said since stands in no summary; nobody is asked for another.
    await contact.says('还有一件事，快一点')
    await expect.poll(async () => Math.max(...(await seqs(id)))).toBeGreaterThan(kept?.reachesSeq ?? 0)
    expect((await shown(id)).kept?.reachesSeq).toBe(kept?.reachesSeq)
    const audit = JSON.stringify(await agent.reads('/audit?act=assist.asked&limit=100'))
    expect(audit).toContain(id)
    expect(audit).toContain('"handover"')
    expect(audit).not.toContain('扣了')
    expect(simulator.requests).toHaveLength(1)
  })

  it('is made anew when the bot had it back and hands it over once more, without what colleagues noted', async () => {
    const { contact, id } = await handedOver('月球会员怎么开通呀')
    await expect.poll(() => shown(id)).toMatchObject({ state: 'made' })
    const before = (await shown(id)).kept?.reachesSeq ?? 0
    await agent.notes(id, '内部备注：此人难缠')
    await agent.handsBack(id)
    await contact.says('转人工')
    await expect.poll(async () => (await shown(id)).kept?.reachesSeq ?? 0).toBeGreaterThan(before)
    expect(simulator.requests).toHaveLength(2)
    expect(JSON.stringify(simulator.requests)).not.toContain('难缠')
  })

  it('is left to the agent when the model fails; the ticket is there all the same', async () => {
    simulator.misbehave('broken')
    const { id } = await handedOver('火星会员怎么开通呀')
    await expect.poll(() => simulator.requests.length).toBeGreaterThan(0)
    expect(await shown(id)).toMatchObject({ state: 'planned' })
    // What is planned and does not come is not waited for.
    product.clock.advance(700_000)
    expect(await shown(id)).toEqual({ state: 'none', machineMade: true })
    simulator.reset()
    simulator.answerWith(() => summary)
    expect((await agent.post(`/tickets/${id}/assist/summary`, {})).status).toBe(200)
    // What is done is not tried again, whenever that comes.
    await agent.solves(id)
  })

  // Only a server lets somebody else in beside the product.
  if (address !== undefined)
    it('is not shown once something is masked that was not when it was written', async () => {
      const { id } = await handedOver('木星会员怎么开通呀')
      await expect.poll(() => shown(id)).toMatchObject({ state: 'made' })
      const client = new pg.Client({ connectionString: ground.config.database?.url })
      await client.connect()
      await client.query("update handoff_summaries set masked = '{email}' where ticket_id = $1", [id])
      await client.end()
      expect(await shown(id)).toEqual({ state: 'none', machineMade: true })
    })

  it('is not given when it repeats the instructions', async () => {
    simulator.answerWith(({ system }) => ({ ...summary, facts: [system.slice(0, 300)], wants: [] }))
    const { id } = await handedOver('金星会员怎么开通呀')
    await expect.poll(() => simulator.requests.length).toBe(1)
    await expect.poll(() => shown(id)).toEqual({ state: 'none', machineMade: true })
  })

  it('takes nothing beyond the budget, and is asked for once', async () => {
    const other = await open()
    const poor = await startProduct({
      ...other.config,
      llm: {
        model: { provider: 'openai', name: 'small', apiKey: 'sk', baseUrl: simulator.baseUrl },
        ...{ assist: 'on', summaries: 'on-handover', budget: { tokensPerConversation: 100 } },
      },
    })
    try {
      const by = await poor.agent()
      const { id } = await handedOver('土星会员怎么开通呀', { by, of: poor })
      await expect
        .poll(async () => JSON.stringify(await by.reads('/audit?act=assist.asked&limit=100')))
        .toContain('model_over_budget')
      expect(await shown(id, by)).toEqual({ state: 'none', machineMade: true })
      expect(simulator.requests).toHaveLength(0)
    } finally {
      await poor.dispose()
      await other.dispose()
    }
  })

  describe('where it is not switched on', () => {
    it('nobody is asked, and there is none', async () => {
      const other = await open()
      const plain = await startProduct({
        ...other.config,
        llm: {
          model: { provider: 'openai', name: 'small', apiKey: 'sk', baseUrl: simulator.baseUrl },
          assist: 'on',
        },
      })
      try {
        const by = await plain.agent()
        const { id } = await handedOver('水星会员怎么开通呀', { by, of: plain })
        expect(await shown(id, by)).toEqual({ state: 'none', machineMade: true })
        expect((await by.post(`/tickets/${id}/assist/summary`, {})).status).toBe(200)
        expect(simulator.requests).toHaveLength(1)
      } finally {
        await plain.dispose()
        await other.dispose()
      }
    })
  })
})
