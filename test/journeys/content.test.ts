import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'

let folder: string
let product: Product
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-content-'))
  for (const part of ['articles', 'pictures'])
    cpSync(join('knowledge', part), join(folder, part), { recursive: true })
  product = await startProduct({ content: { articles: join(folder, 'articles') } })
})
afterAll(async () => {
  await product.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const article = (answer: string): string =>
  `---
id: invoice-moon-delivery
topic: invoice
question: 月球基地的发票怎么寄
similar:
${[
  '月球发票',
  '发票寄到月球基地',
  '月球基地能收到发票吗',
  '月球开票',
  '我住月球基地发票寄哪',
  '寄月球的发票',
  '月球基地报销发票',
  'moon base invoice',
]
  .map((line) => `  - ${line}`)
  .join('\n')}
negative: []
handoff: false
urgency: normal
followups: []
updated: 2026-11-20
---
${answer}
`

describe('an editor', () => {
  it('changes an article while the product runs; a broken one leaves the last good version in use', async () => {
    writeFileSync(join(folder, 'articles', 'invoice', 'moon.md'), article('月球基地的发票由火箭寄送。'))
    await expect
      .poll(
        async () => {
          // Somebody new each time: who is not helped twice is handed to a person.
          const contact = product.contact()
          await contact.says('月球基地的发票怎么寄')
          await contact.hears(/./)
          return contact.heard().join('\n')
        },
        // Learning takes half a minute of a processor that others want, too.
        { timeout: 200_000, interval: 1_000 },
      )
      .toContain('由火箭寄送')

    writeFileSync(join(folder, 'articles', 'invoice', 'moon.md'), '---\nid: [broken\n---\n')
    writeFileSync(join(folder, 'articles', 'invoice', 'other.md'), article('这一版不该出现。'))
    const another = product.contact()
    await another.says('月球基地的发票怎么寄')
    await another.hears('由火箭寄送')
  }, 260_000)
})
