import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from './account.ts'
import { contact, contactKey, factsOf, mailOf, openAccount } from './account.ts'

let account: Account
beforeAll(async () => {
  account = await openAccount({ authservId: 'mx1.shop.example' })
})
afterAll(() => account.close())

let mails = 0
const gets = async (results: readonly string[], more: Parameters<typeof mailOf>[1] = {}) => {
  mails += 1
  const headers = results.map((result) => `Authentication-Results: ${result}`)
  const raw = mailOf('在吗', { id: `p${mails}@qq.example`, headers, ...more })
  expect(await account.gets(raw)).toMatchObject({ code: 250 })
  return account.host.accepted.at(-1)
}
/** The union key of a mail with these headers. */
const keyOf = async (...given: Parameters<typeof gets>) => (await gets(...given))?.unionKey

describe('an address as an identity', () => {
  it.each([
    ['DMARC', 'mx1.shop.example; dmarc=pass header.from=qq.example'],
    ['DKIM of the very domain', 'mx1.shop.example; dkim=pass header.d=qq.example'],
    [
      'DMARC with quotes, escapes, comments in comments and space around signs',
      'mx1.shop.example 1; spf=pass (a (b \\) c) d) smtp.mailfrom="x\\" ;y"@qq.example ; dmarc/1 = pass (p=none) reason="ok; fine" header.from = "qq.example"',
    ],
    [
      'DMARC below a returned path with signs',
      'mx1.shop.example; spf=pass smtp.mailfrom=prvs=1=a@x.example; dmarc=pass header.from=qq.example',
    ],
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
    [
      'an address that the sender chose',
      [
        'mx1.shop.example; spf=pass smtp.mailfrom="x; dkim=pass header.d=qq.example ; y"@evil.example; dkim=none; dmarc=none header.from=qq.example',
      ],
    ],
    [
      'a chosen address with an escaped quote',
      [
        'mx1.shop.example; spf=pass smtp.mailfrom="x\\"; dkim=pass header.d=qq.example ; y"@evil.example; dmarc=none',
      ],
    ],
    [
      'a chosen address in a comment',
      [
        'mx1.shop.example; spf=pass (domain of "x) ; dkim=pass header.d=qq.example ("@evil.example) smtp.mailfrom=evil.example',
      ],
    ],
    ['a quote that does not end', ['mx1.shop.example; dkim=pass header.d=qq.example; spf=none reason="x']],
    ['a comment that does not end', ['mx1.shop.example; dkim=pass header.d=qq.example; spf=none (x']],
    [
      'DKIM where DMARC could not be asked',
      ['mx1.shop.example; dmarc=temperror; dkim=pass header.d=qq.example'],
    ],
    [
      'two words of DMARC',
      ['mx1.shop.example; dmarc=pass header.from=qq.example; dmarc=none; dkim=pass header.d=qq.example'],
    ],
    ['a header longer than any', [`mx1.shop.example; dkim=pass header.d=qq.example${'; x=y'.repeat(2_100)}`]],
    ['a comment', ['mx1.shop.example (dkim=pass header.d=qq.example); spf=none']],
  ])('is not given by %s', async (_name, results) => {
    expect(await keyOf(results)).toBeUndefined()
  })

  it('is not given by a chosen address whose bytes swallow the escape', async () => {
    // In GBK, 0x81 and the backslash are one character.
    const results =
      'mx1.shop.example; spf=pass smtp.mailfrom="\x81\\"; dkim=pass header.d=qq.example ; y="x"@evil.example'
    const head = `Authentication-Results: ${results}\r\nFrom: ${contact}\r\nMessage-ID: <swallowed@qq.example>`
    expect(await account.gets(Buffer.from(`${head}\r\n\r\nhello\r\n`, 'latin1'))).toMatchObject({ code: 250 })
    const message = account.host.accepted.at(-1)
    expect(message?.providerId).toBe('swallowed@qq.example')
    expect(message?.unionKey).toBeUndefined()
  })

  it('is not given to one of several authors, nor to a machine', async () => {
    const proof = ['mx1.shop.example; dmarc=pass header.from=qq.example']
    expect(await keyOf(proof, { from: 'a@qq.example>, <b@qq.example' })).toBeUndefined()
    expect(await keyOf(proof, { from: 'noreply@qq.example' })).toBeUndefined()
    expect(await keyOf([...proof, 'x\r\nAuto-Submitted: auto-replied'])).toBeUndefined()
  })
})

describe('what is shown of a sender', () => {
  const chosen = 'smtp.mailfrom="x; dmarc=pass header.from=qq.example ; y"@evil.example'
  it.each([
    ['failed', `mx1.shop.example; spf=pass ${chosen}; dmarc=fail header.from=qq.example`],
    ['unverified', `mx1.shop.example; spf=pass ${chosen}`],
    ['unverified', 'mx1.shop.example; dmarc=pass header.from=qq.example; dmarc=pass header.from=qq.example'],
    ['failed', 'mx1.shop.example; dmarc=pass header.from=qq.example; dmarc=fail header.from=qq.example'],
    ['unverified', 'mx1.shop.example; dmarc=permerror; dkim=pass header.d=qq.example'],
    ['verified', 'mx1.shop.example; dmarc=none; dkim=pass header.d=qq.example'],
    ['unverified', 'mx1.shop.example; dkim=pass header.d=qq.example; spf=none reason="x'],
  ])('is %s by %s', async (sender, results) => {
    expect(factsOf(await gets([results])).sender).toBe(sender)
  })
})
