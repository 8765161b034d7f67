import { expect, it } from 'vitest'
import { startProduct } from '../support/product.ts'
it('whole product asks', async () => {
  const product = await startProduct({ surveys: { enabled: true, delayMinutes: 0, reviewMinutes: 0 } })
  try {
    const contact = product.contact()
    const agent = await product.agent()
    await contact.says('我要找人工')
    await contact.hears(/T-\d+/)
    const ticket = await agent.finds(/人工/)
    await agent.takes(ticket.id)
    await agent.solves(ticket.id)
    const heard = (what: RegExp) => expect.poll(() => contact.heard().some((t) => what.test(t)), { timeout: 100_000 }).toBe(true)
    await heard(/很不满意/)
    console.error(contact.heard())
    await contact.says('1')
    await heard(/哪里可以做得更好/)
    await contact.says('回复太慢了')
    await heard(/记下了/)
    await expect.poll(async () => (await agent.opens(ticket.id)).ticket.tags, { timeout: 100_000 }).toContain('低分评价')
    console.error(contact.heard())
  } finally { await product.dispose() }
}, 300_000)
