import { readdirSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { MailFault } from '../../../channels/email/mime/fault.ts'
import { cleanHtml, wordsOfHtml } from '../../../channels/email/mime/html.ts'
import { harmlessName } from '../../../channels/email/mime/names.ts'
import { parseMail } from '../../../channels/email/mime/parse.ts'
import { createMailParser } from '../../../channels/email/mime/parser.ts'
import { freshWords } from '../../../channels/email/mime/quotes.ts'
import { mailOf, sample } from './account.ts'
import { createRandom } from '../../support/random.ts'

const parse = (raw: string | Buffer) => parseMail(new Uint8Array(Buffer.from(raw)))

const faultOf = async (raw: string | Buffer): Promise<string> => {
  try {
    await parse(raw)
    return 'read'
  } catch (error) {
    return error instanceof MailFault ? error.code : String(error)
  }
}

const nested = (depth: number): string => {
  const open = Array.from(
    { length: depth },
    (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
  )
  const close = Array.from({ length: depth }, (_, n) => `--b${depth - 1 - n}--\r\n`)
  return `${open.join('')}\r\nx\r\n${close.join('')}`
}

describe('limits of a mail', () => {
  it('end at 25 MB, 200 parts, 20 levels and no header', async () => {
    const parts = (count: number): string =>
      `${mailOf('', { type: 'multipart/mixed; boundary=b' })}${'--b\r\n\r\nx\r\n'.repeat(count)}--b--\r\n`
    expect(await faultOf(Buffer.alloc(26_214_401, 'x'))).toBe('too_large')
    expect(await faultOf(parts(199))).toBe('read')
    expect(await faultOf(parts(201))).toBe('too_many_parts')
    expect(await faultOf(nested(19))).toBe('read')
    expect(await faultOf(nested(30))).toBe('too_deep')
    expect(await faultOf('just words')).toBe('not_a_mail')
    expect(await faultOf(`${'X: y\r\n'.repeat(3_000)}\r\n`)).toBe('headers_too_large')
    expect(await faultOf(`X: ${'y'.repeat(300_000)}\r\n\r\n`)).toBe('headers_too_large')
  })

  it('hold for mails inside mails', async () => {
    const inside = 'Content-Type: message/rfc822\r\n\r\n'.repeat(30)
    expect(await faultOf(inside)).toBe('too_deep')
  })
})

describe('the reading thread', () => {
  const slow = createMailParser(150)
  afterAll(() => slow.close())

  it('ends a mail that takes too long and reads the next', async () => {
    const quick = new Uint8Array(Buffer.from(mailOf('在吗')))
    expect((await slow.parse(quick)).text).toBe('在吗')
    // Quadratic for any quoted-printable reader, and forty times what the time allows.
    const heavy = `Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${`${' '.repeat(200_000)}x`.repeat(20)}`
    await expect(slow.parse(new Uint8Array(Buffer.from(heavy)))).rejects.toMatchObject({ code: 'timeout' })
    expect((await slow.parse(quick)).text).toBe('在吗')
  })
})

describe('ten thousand broken mails', () => {
  it('are each read or refused with a word', async () => {
    const samples = readdirSync(new URL('../../fixtures/email/', import.meta.url))
      .filter((name) => name.endsWith('.eml'))
      .map(sample)
    const random = createRandom(20_261_126)
    const pieces = [
      '\r\n\r\n',
      '--',
      '=?gb2312?B?',
      '?=',
      ';',
      '"',
      '<',
      '\0',
      '\xff',
      'charset=',
      'boundary=""',
      '\r\n ',
    ]
    const outcomes = new Map<string, number>()
    for (let n = 0; n < 10_000; n += 1) {
      const original = samples[n % samples.length] ?? Buffer.alloc(0)
      const bytes = Buffer.from(original)
      let text = bytes.toString('latin1')
      for (let change = 0; change <= random(4); change += 1) {
        const at = random(text.length)
        const piece = pieces[random(pieces.length)] ?? ''
        const kind = random(4)
        if (kind === 0) text = text.slice(0, at) + piece + text.slice(at)
        else if (kind === 1) text = text.slice(0, at) + text.slice(at + random(40))
        else if (kind === 2) text = text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + 1)
        else text = text.slice(0, at) + text.slice(random(text.length))
      }
      const outcome = await faultOf(Buffer.from(text, 'latin1'))
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
    const known = new Set(['read', 'too_deep', 'too_many_parts', 'headers_too_large', 'not_a_mail'])
    expect([...outcomes.keys()].filter((outcome) => !known.has(outcome))).toEqual([])
    expect(outcomes.get('read')).toBeGreaterThan(8_000)
  })
})

describe('names of files', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\x\\截图.png', '截图.png'],
    ['invoice\u202Egpj.exe', 'invoicegpj.exe'],
    ['a\0b.txt', 'ab.txt'],
    ['...', 'file'],
    ['.htaccess', 'htaccess'],
    ['report.pdf. . ', 'report.pdf'],
    ['', 'file'],
    ['con"<>|?*.txt', 'con______.txt'],
  ])('%j is stored as %j', (given, expected) => {
    expect(harmlessName(given, 'file')).toBe(expected)
  })

  it('are short, with their ending', () => {
    const name = harmlessName(`${'合同'.repeat(200)}.pdf`, 'file')
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(150)
    expect(name).toMatch(/^合同.*\.pdf$/)
  })
})

describe('HTML of strangers', () => {
  it.each([
    '<img src=x onerror=alert(1)>',
    '<svg><script>alert(1)</script></svg>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<div style="background:url(javascript:alert(1))">x</div>',
    '<div style="border-top:solid #E1E1E1 1.0pt;position:fixed;background:url(//evil)">x</div>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
    '<form action="https://evil.example"><input name=p></form>',
    '<base href="https://evil.example"><link rel=stylesheet href=//evil.example>',
    '<img src="https://evil.example/pixel.gif"><img src="//evil.example/x"><video src="https://evil.example">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<template><script>alert(1)</script></template>',
    '<!--><script>alert(1)</script>-->',
  ])('%s runs and fetches nothing', (html) => {
    // Where a picture elsewhere would come from is noted; no browser loads that.
    const clean = cleanHtml(html).replace(/ data-remote="https?:[^"<>]*"/g, '')
    expect(clean).not.toMatch(
      /<(?:script|svg|iframe|form|input|base|link|video|style|template|math)|on\w+=|javascript:|data:|evil\.example\/|position|url\(/i,
    )
    expect(clean).not.toMatch(/src="(?!cid:)/)
  })

  it('keeps words, links and pictures of the mail itself', () => {
    const html =
      '<p>看<b>这里</b> <a href="https://shop.example/1">链接</a><img src="cid:a@b" onload="x()"></p>'
    expect(cleanHtml(html)).toContain('href="https://shop.example/1"')
    expect(cleanHtml(html)).toContain('src="cid:a@b"')
    expect(wordsOfHtml(cleanHtml(html)).fresh).toBe('看这里 链接 <https://shop.example/1>')
  })

  it('notes where pictures elsewhere lie, and believes no note of the sender’s', () => {
    expect(cleanHtml('<img src="https://a.example/x.png?a=1&b=2">')).toBe(
      '<img data-remote="https://a.example/x.png?a=1&amp;b=2" />',
    )
    for (const src of ['javascript:alert(1)', 'data:image/svg+xml,x', '//a.example/x', 'file:///etc/passwd'])
      expect(cleanHtml(`<img src="${src}" data-remote="https://forged.example/">`)).toBe('<img />')
  })

  it('counts pictures elsewhere, and what only looks like one not', async () => {
    const page = async (html: string) =>
      (await parse(`Subject: x\nContent-Type: text/html\n\n${html}`)).remotePictures
    const picture = '<img alt="a > b" src="https://a.example/x.png">'
    expect(await page(`${picture}<p title="&lt;img data-remote=&quot;">${picture}<img src="cid:a">`)).toBe(2)
    expect(await page('&lt;img data-remote="x" <img alt=" data-remote=&quot;"> <b>data-remote="</b>')).toBe(0)
  })

  it('shows the new words alone, and all of them when asked', () => {
    const html =
      '<div>收到</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>发件人:</b> x</div><div>旧的</div>'
    const { fresh, full } = wordsOfHtml(cleanHtml(html))
    expect(fresh).toBe('收到')
    expect(full).toContain('旧的')
  })
})

describe('new words of a plain mail', () => {
  it.each([
    ['QQ', '好的\n\n\n------------------&nbsp;\n', '好的\n\n\n------------------&nbsp;'],
    [
      'QQ, English',
      '好的\n\n------------------ Original ------------------\nFrom: "a"<a@b.example>;\nDate: x\n\n旧',
      '好的',
    ],
    ['Foxmail', '好的\n \n发件人： 客服\n发送时间： 2026-11-20 09:12\n收件人： 陶\n主题： 发票\n旧', '好的'],
    ['163, English', 'ok\n\nAt 2026-11-20 09:30:11, "客服" <s@shop.example> wrote:\n>旧', 'ok'],
    [
      'Gmail, wrapped',
      '好的\n\n小店客服 <support@shop.example>\n于2026年11月20日周五 10:02写道：\n\n> 旧\n',
      '好的',
    ],
    [
      'Gmail, English, wrapped',
      'ok\n\nOn Fri, Nov 20, 2026 at 10:02 AM Shop\n<support@shop.example> wrote:\n\n> old',
      'ok',
    ],
    ['Yahoo', '好的\n\nShop 在 2026年11月20日星期五 下午05:48:53 [GMT+8] 寫道：\n\n> 旧', '好的'],
    [
      'Outlook, traditional',
      '好的\n________________________________\n寄件者: a\n寄件日期: b\n收件者: c\n主旨: d\n\n旧',
      '好的',
    ],
    [
      'Outlook, English',
      'ok\n\n-----Original Message-----\nFrom: a\nSent: b\nTo: c\nSubject: d\n\nold',
      'ok',
    ],
    [
      'iPhone',
      '好的\n\n发自我的iPhone\n\n> 在 2026年11月20日，上午10:02，客服 <s@shop.example> 写道：\n> \n> 旧',
      '好的',
    ],
    ['QQ on a phone', '好的\n\n来自QQ邮箱', '好的'],
    ['signature', '好的\n-- \n王磊\n销售部', '好的'],
    [
      'a sentence that only sounds like it',
      '他在 2026 年写道：\n我很好\n发件人：不是我',
      '他在 2026 年写道：\n我很好\n发件人：不是我',
    ],
    ['bottom post', '> 旧的问题\n\n新的回答', '> 旧的问题\n\n新的回答'],
    [
      'forward',
      '---------- Forwarded message ---------\nFrom: a\nDate: b\nSubject: c\n\n内容',
      '---------- Forwarded message ---------\nFrom: a\nDate: b\nSubject: c\n\n内容',
    ],
  ])('%s', (_client, text, expected) => {
    expect(freshWords(text)).toBe(expected)
  })

  it('gets through hostile text', () => {
    const hostile = [
      '写道'.repeat(50_000),
      '>'.repeat(200_000),
      '发件人：'.repeat(50_000),
      `${' '.repeat(100_000)}写道：`,
      '-'.repeat(200_000),
      'On '.repeat(60_000),
    ]
    // Quadratic work on these would outlast the test's limit by far.
    for (const text of hostile) expect(typeof freshWords(text)).toBe('string')
  })
})

describe('character sets', () => {
  const bytes = (label: string, body: Buffer, headers: readonly (string | Buffer)[] = []): Buffer =>
    Buffer.concat([
      ...headers.map((header) => Buffer.concat([Buffer.from(header), Buffer.from('\r\n')])),
      Buffer.from(
        `From: a@b.example\r\nContent-Type: text/plain${label === '' ? '' : `; charset=${label}`}\r\n\r\n`,
      ),
      body,
    ])
  // 㐂 needs four bytes in GB18030.
  const gb = Buffer.from([0xcd, 0xcb, 0xbf, 0xee, 0x81, 0x39, 0xef, 0x36])
  it.each([
    'gb2312',
    'GBK',
    '"gb18030"',
    'x-gbk',
    'cp936',
    '',
    'us-ascii',
    'utf-8',
    'no-such-set',
    'DEFAULT',
    '8bit',
  ])('labelled %j, GB18030 is read', async (label) => {
    const { text } = await parse(bytes(label, gb))
    expect(text.slice(0, 2)).toBe('退款')
    expect(text).not.toContain('\uFFFD')
  })

  it('reads UTF-8 without a label, Big5 with one, and raw header bytes of both kinds', async () => {
    expect((await parse(bytes('', Buffer.from('退款')))).text).toBe('退款')
    expect((await parse(bytes('big5', Buffer.from([0xb0, 0x68, 0xb4, 0xda])))).text).toBe('退款')
    const subject = (raw: Buffer) => Buffer.concat([Buffer.from('Subject: '), raw])
    expect((await parse(bytes('', Buffer.from('x'), [subject(Buffer.from('退款'))]))).subject).toBe('退款')
    expect((await parse(bytes('', Buffer.from('x'), [subject(gb.subarray(0, 4))]))).subject).toBe('退款')
  })
})

describe('mail that is long and nothing else', () => {
  it.each([
    ['signatures of phones', '', 'text/plain', '发自我的 iPhone\n'],
    ['elements in elements', '<p>好</p>', 'text/html', '<b>'],
    ['quotes in quotes', '<p>好</p>', 'text/html', '<blockquote type="cite">\n'],
  ])('is read in its time: %s', async (_name, first, type, unit) => {
    const parser = createMailParser()
    const body = first + unit.repeat(1_000_000 / Buffer.byteLength(unit))
    const raw = `From: a@b.example\nContent-Type: ${type}; charset=utf-8\n\n${body}`
    const mail = await parser.parse(new Uint8Array(Buffer.from(raw)))
    expect(mail.fullText.startsWith(first === '' ? '发自我的' : '好')).toBe(true)
    await parser.close()
  })
})
