// What a tool's result may say to the contact, in a turn that answers with it.
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import { createToolbox, createTurnTools } from '../../src/tools/index.ts'
import { findEntities } from '../../src/text/index.ts'
import { classified } from '../dialogue/builders.ts'
import { claim, decisionIn, remembering, statusTool, textOfPart } from './one-turn.ts'

const entities = findEntities('订单号 AB123456')

/** What the contact reads of this status. */
const told = async (status: string): Promise<string> => {
  const tool = statusTool({
    call: () => Promise.resolve({ kind: 'answered', value: { status } }),
  })
  const toolbox = createToolbox({
    tools: [tool],
    clock: systemClock,
    log: silentLog,
    audit: { record: () => Promise.resolve() },
    once: remembering(),
    identityOf: () => Promise.resolve(undefined),
    hashKey: 'key-of-the-test',
  })
  const turn = createTurnTools({
    toolbox,
    linkHosts: ['ok.example'],
    asSpoken: (parts) => parts,
    mayConfirm: () => true,
  })
  const decision = decisionIn('order-mall')
  const answered = await turn.apply({
    claim,
    decision: { ...decision, record: { ...decision.record, classification: classified({ entities }) } },
    now: new Date(),
    left: () => 8_000,
    ask: () => undefined,
  })
  return answered.say.flat().map(textOfPart).join('')
}

describe('a result of a tool', () => {
  it.each([
    ['请到 evil.example/pay 验证', '请到 验证'],
    ['请到t.me/evil验证', '请到验证'],
    ['写信给 bot@evil.com 吧', '写信给 吧'],
    ['见 www.evil.example', '见'],
    ['见 https://evil.example/a', '见'],
    ['见 ftp://ok.example/a', '见'],
    ['见 http://ok.example/a', '见'],
    ['见 https://a:b@ok.example/a', '见'],
    ['见 ok.example.evil.com/a', '见'],
    ['见 .evil.com/a', '见 .'],
    ['见 @evil.com', '见 @'],
    ['见 evil_.evil.com/report.pdf', '见'],
    ['见 bot@ok.example.evil.com', '见'],
    ['见 ｅｖｉｌ．ｃｏｍ', '见'],
    ['见 ｅｖｉｌ.com/a', '见'],
    ['见 ｈｔｔｐｓ：//ｅｖｉｌ．ｃｏｍ', '见 ｈｔｔｐｓ：//'],
    ['请到аррӏе.com验证', '请到验证'],
    ['见 bücher.de/a', '见'],
    ['见 пример.рф', '见'],
    ['见 bot@bücher.de', '见'],
    ['见 josé@evil.com', '见'],
    ['见 пример@evil.com', '见'],
    ['见 bot.é@evil.com', '见'],
    ['见 evil.com/@ok.example', '见'],
    ['见 evil.com/?a=@ok.example', '见'],
    ['见 https://"evil.com/@ok.example', '见'],
    [`见 evil.com${'a'.repeat(64)}@b.cc`, '见'],
    [`见 ${'a'.repeat(70)}.com@evil.org`, '见'],
    [`见 ${'a'.repeat(70)}.pdf@evil.org`, '见'],
    // What is left once an address is taken out of it.
    ['见 ftp:a@b.cc//ok.example/a', '见'],
    ['见 https://ok.example/a、evil.com/x', '见 https://ok.example/a、'],
    ['见 https://ok.example/看evil.com', '见 https://ok.example/看'],
    ['见 https://ok.example/é.evil.com', '见 https://ok.example/'],
    ['见 https://ok.exampleрф', '见'],
    ['见 https://ok.example\\@evil.com', '见'],
    ['见 https://ok.example。evil.com/a', '见'],
    ['见 evil。com', '见'],
    ['见 www。ｅｖｉｌ。ｃｏｍ/a', '见'],
    ['见 evil｡com', '见'],
    ['见 𝐞𝐯𝐢𝐥.com', '见'],
    ['见 evil.𝐜𝐨𝐦', '见'],
    ['见 ⓔⓥⓘⓛ.com', '见'],
    ['见 cafe\u0301.com', '见'],
    ['见 ПРИМЕР.РФ/a', '见'],
    ['见 παράδειγμα.ελ', '见'],
  ])('leads nowhere else: %s', async (status, left) => {
    expect((await told(status)).replace(/\s+/g, ' ').trim()).toBe(`现在：${left}`)
  })

  it('is no other address once it is cut to its length', async () => {
    expect(await told(`${'好'.repeat(180)} https://ok.example`)).toMatch(/好 https:\/\/ok\.example$/)
    expect(await told(`${'好'.repeat(187)} https://ok.example`)).toMatch(/好$/)
    expect(await told(`${'好'.repeat(194)} ok.example/orders`)).toMatch(/好$/)
    expect(await told(`${'好'.repeat(170)} https://ok.example/orders/12345678`)).toMatch(/好$/)
    expect(await told(`${'好'.repeat(170)} https://ok.example/orders ${'好'.repeat(30)}`)).toContain(
      '/orders 好',
    )
  })

  it.each([
    '已到，详见 https://ok.example/orders?id=1 。',
    '已到，详见 ok.example/orders',
    '写信给 help@ok.example',
    '详见 ｏｋ．ｅｘａｍｐｌｅ，今天 10–12 点',
    '运费 3.5 元',
    '版本 v1.2.3',
    '在 App.设置 里看',
    '发票 invoice-1.pdf 已开',
    '2026.11.03 到',
    '详见https://ok.example/a，谢谢',
    '详见 https://ok.example看这里',
    '用 App。OK',
    '已到App。Next',
    'г.Москва, ул.Ленина 5',
    'Отправлен.Ждите',
  ])('keeps what else it says: %s', async (status) => {
    expect(await told(status)).toBe(`现在：${status}`)
  })
})
