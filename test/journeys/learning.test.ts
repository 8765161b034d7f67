import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { TestAgent } from '../support/agent.ts'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct({ knowledge: { review: 'optional' } })
})
afterAll(() => product.dispose())

const Page = z.looseObject({
  data: z.array(z.looseObject({ id: z.string(), kind: z.string(), examples: z.array(z.string()) })),
})
const learning = { timeout: 150_000, interval: 1_000 }
const reply = '火星基地的飞船票在票务窗口买，凭工作证每人限一张。'
const questions = [
  '火星基地飞船票怎么买',
  '哪里能买火星基地飞船票',
  '火星基地飞船票在哪买',
  '买火星基地飞船票',
]

/** What somebody new is told. */
const asked = async (question: string): Promise<string> => {
  const contact = product.contact()
  await contact.says(question)
  await contact.hears(/./)
  return contact.heard().join('\n')
}

const proposalOn = async (editor: TestAgent, word: string) => {
  const { data } = Page.parse(await editor.reads('/knowledge/proposals?state=open'))
  return data.find(({ examples }) => examples.some((one) => one.includes(word)))
}

describe('a question that nobody had an answer to', () => {
  it('is asked in several words, proposed, drafted with what a person replied, published, and answered', async () => {
    const editor = await product.agent()
    for (const question of questions) expect(await asked(question)).not.toContain('票务窗口')
    const contact = product.contact()
    await contact.says('火星基地飞船票去哪里买')
    await contact.hears(/./)
    await contact.says('转人工')
    const { id: ticketId } = await editor.finds(/火星基地/)
    await editor.takes(ticketId)
    await editor.replies(ticketId, reply)
    await contact.hears(/票务窗口/)

    product.clock.advance(60_000)
    await expect.poll(() => proposalOn(editor, '火星基地'), learning).toBeDefined()
    const proposal = await proposalOn(editor, '火星基地')
    const path = `/knowledge/proposals/${String(proposal?.id)}`
    expect(await editor.reads(path)).toMatchObject({ kind: 'new_article', state: 'open' })
    const accepted = await editor.calls('POST', `${path}/accept`, {})
    await expect
      .poll(() => editor.reads(`${path}/replay`), learning)
      .toMatchObject({
        state: 'done',
        result: { concerns: [], conversations: { replay: { lost: 0 } } },
      })
    await editor.calls('POST', '/knowledge/versions', { draftIds: accepted.draftIds, reason: '上线' })
    await expect.poll(() => asked(questions[0] ?? ''), learning).toContain('票务窗口')
    await expect.poll(() => editor.reads(path), learning).toMatchObject({ state: 'done' })
  }, 600_000)
})
