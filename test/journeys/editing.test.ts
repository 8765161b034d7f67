import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct({ knowledge: { review: 'optional' } })
})
afterAll(() => product.dispose())

const question = '月球基地的发票怎么寄'
const content = {
  ...{ id: 'invoice-moon-delivery', topic: 'invoice', question },
  similar: [
    ...['月球发票', '发票寄到月球基地', '月球基地能收到发票吗', '月球开票'],
    ...['我住月球基地发票寄哪', '寄月球的发票', '月球基地报销发票', 'moon base invoice'],
  ],
  answer: '月球基地的发票由火箭寄送。',
}

/** What somebody new is told: who is not helped twice is handed to a person. */
const asked = async (): Promise<string> => {
  const contact = product.contact()
  await contact.says(question)
  await contact.hears(/./)
  return contact.heard().join('\n')
}

const learning = { timeout: 100_000, interval: 1_000 }

describe('an editor', () => {
  it('tries an article, publishes it, sees the bot answer by it – after a restart too – and takes it back', async () => {
    const editor = await product.agent()
    const { id } = await editor.calls('POST', '/knowledge/drafts', { content, reason: '月球基地开了' })
    const started = await editor.calls('POST', '/knowledge/evaluations', {
      draftIds: [id],
      questions: [question],
    })
    await expect
      .poll(() => editor.reads(`/knowledge/evaluations/${String(started.id)}`), learning)
      .toMatchObject({
        state: 'done',
        result: { concerns: [], tried: [{ question, after: { kind: 'answer', articleId: content.id } }] },
      })
    expect(await asked()).not.toContain('由火箭寄送')

    const version = await editor.calls('POST', '/knowledge/versions', { draftIds: [id], reason: '上线' })
    expect(version).toMatchObject({ number: 1 })
    await expect.poll(asked, learning).toContain('由火箭寄送')
    await product.restart()
    expect(await asked()).toContain('由火箭寄送')

    const supervisor = await product.agent()
    await supervisor.calls('POST', '/knowledge/versions/0/rollback', { reason: '基地关了' })
    await expect.poll(() => supervisor.reads('/knowledge/versions'), learning).toMatchObject({ inUse: 2 })
    expect(await asked()).not.toContain('由火箭寄送')
  }, 300_000)
})
