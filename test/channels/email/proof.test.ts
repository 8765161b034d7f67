import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from './account.ts'
import { contactKey, mailOf, openAccount } from './account.ts'

let account: Account
beforeAll(async () => {
  account = await openAccount({ authservId: 'mx1.shop.example' })
})
afterAll(() => account.close())

let mails = 0
/** The union key of a mail with these headers. */
const keyOf = async (results: readonly string[], more: Parameters<typeof mailOf>[1] = {}) => {
  mails += 1
  const headers = results.map((result) => `Authentication-Results: ${result}`)
  const raw = mailOf('在吗', { id: `p${mails}@qq.example`, headers, ...more })
  expect(await account.gets(raw)).toMatchObject({ code: 250 })
  return account.host.accepted.at(-1)?.unionKey
}

describe('an address as an identity', () => {
  it.each([
    ['DMARC', 'mx1.shop.example; dmarc=pass header.from=qq.example'],
    ['DKIM of the very domain', 'mx1.shop.example; dkim=pass header.d=qq.example'],
    [
      'DKIM by an identity of it',
      'mx1.shop.example; dkim=fail header.d=x.example; dkim=pass header.i=@qq.example',
    ],
  ])('is given by %s', async (_name, results) => {
    expect(await keyOf([results])).toBe(`mail:${contactKey}`)
  })

  it.each([
    ['no word', []],
    ['the word of another server', ['mx.evil.example; dmarc=pass header.from=qq.example']],
    [
      'our word below another’s',
      ['mx.evil.example; none', 'mx1.shop.example; dmarc=pass header.from=qq.example'],
    ],
    ['SPF alone', ['mx1.shop.example; spf=pass smtp.mailfrom=qq.example']],
    ['a domain above', ['mx1.shop.example; dkim=pass header.d=example']],
    ['a domain below', ['mx1.shop.example; dkim=pass header.d=evil.qq.example']],
    ['DMARC of another domain', ['mx1.shop.example; dmarc=pass header.from=evil.example']],
    ['DMARC that does not say of whom', ['mx1.shop.example; dmarc=pass']],
    ['DKIM against DMARC', ['mx1.shop.example; dmarc=fail; dkim=pass header.d=qq.example']],
    ['a comment', ['mx1.shop.example (dkim=pass header.d=qq.example); spf=none']],
  ])('is not given by %s', async (_name, results) => {
    expect(await keyOf(results)).toBeUndefined()
  })

  it('is not given to one of several authors, nor to a machine', async () => {
    const proof = ['mx1.shop.example; dmarc=pass header.from=qq.example']
    expect(await keyOf(proof, { from: 'a@qq.example>, <b@qq.example' })).toBeUndefined()
    expect(await keyOf(proof, { from: 'noreply@qq.example' })).toBeUndefined()
    expect(await keyOf([...proof, 'x\r\nAuto-Submitted: auto-replied'])).toBeUndefined()
  })
})
