import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { parseMail } from '../../../channels/email/mime/parse.ts'
import { isTnef, unpackTnef } from '../../../channels/email/mime/tnef.ts'
import { createMailParser } from '../../../channels/email/mime/parser.ts'
import { sample } from './account.ts'
import { createRandom } from '../../support/random.ts'

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const sum = (bytes: Buffer): number => bytes.reduce((total, byte) => total + byte, 0) % 65_536

/** One attribute as MS-OXTNEF 2.1.3 lays it out. */
const attribute = (level: 1 | 2, id: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([level]), u32(id), u32(data.length), data, u16(sum(data))])

const padded = (data: Buffer): Buffer =>
  Buffer.concat([u32(data.length), data, Buffer.alloc((4 - (data.length % 4)) % 4)])
const wide = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le')
const text = (id: number, value: string): Buffer =>
  Buffer.concat([u16(0x001f), u16(id), u32(1), padded(wide(value))])
const binary = (id: number, data: Buffer, type = 0x0102): Buffer =>
  Buffer.concat([u16(type), u16(id), u32(1), padded(data)])
const properties = (...all: readonly Buffer[]): Buffer => Buffer.concat([u32(all.length), ...all])
const packet = (...attributes: readonly Buffer[]): Buffer =>
  Buffer.concat([u32(0x223e9f78), u16(1), ...attributes])

const begins = (): Buffer => attribute(2, 0x00069002, Buffer.alloc(14))
const codepage = (page: number): Buffer => attribute(1, 0x00069007, Buffer.concat([u32(page), u32(0)]))

/** A packet like Outlook's: a message's words, then files of several makes. */
const outlook = (): Buffer =>
  packet(
    attribute(1, 0x00089006, u32(0x10000)),
    codepage(936),
    attribute(
      1,
      0x00069003,
      properties(
        text(0x1000, '正文在包里'),
        // A named property, several values, and fixed ones on the way.
        Buffer.concat([u16(0x0003), u16(0x8001), Buffer.alloc(16), u32(1), padded(wide('name')), u32(7)]),
        Buffer.concat([u16(0x101f), u16(0x1234), u32(2), padded(wide('a')), padded(wide('b'))]),
        Buffer.concat([u16(0x000b), u16(0x0e1f), u32(1)]),
        Buffer.concat([u16(0x0040), u16(0x3007), Buffer.alloc(8)]),
      ),
    ),
    begins(),
    attribute(2, 0x00018010, Buffer.concat([iconv.encode('合同.docx', 'cp936'), Buffer.from([0])])),
    attribute(2, 0x0006800f, Buffer.from('contract')),
    begins(),
    attribute(2, 0x00018010, Buffer.from('LOGO~1.PNG\0')),
    attribute(2, 0x0006800f, Buffer.from('\x89PNG')),
    attribute(
      2,
      0x00069005,
      properties(text(0x3707, '公司徽标.png'), text(0x370e, 'image/png'), text(0x3712, '<logo@x>')),
    ),
  )

const nested = (inner: Buffer): Buffer =>
  packet(
    begins(),
    attribute(2, 0x00069005, properties(binary(0x3701, Buffer.concat([Buffer.alloc(16), inner]), 0x000d))),
  )

const mailWith = (content: Buffer, words = '合同见附件。'): Buffer =>
  Buffer.from(
    [
      'From: qian@corp.example',
      'To: support@shop.example',
      'Message-ID: <tnef@corp.example>',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      ...(words === '' ? [] : ['--b', 'Content-Type: text/plain; charset=utf-8', '', words]),
      '--b',
      'Content-Type: application/ms-tnef; name="winmail.dat"',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment; filename="winmail.dat"',
      '',
      content.toString('base64'),
      '--b--',
      '',
    ].join('\r\n'),
  )

describe('winmail.dat', () => {
  it('gives its files, with the names people gave them, and its words', () => {
    const found = unpackTnef(outlook())
    expect(found?.text).toBe('正文在包里')
    expect(found?.files.map(({ name, declaredType, cid }) => [name, declaredType, cid])).toEqual([
      ['合同.docx', 'application/octet-stream', undefined],
      ['公司徽标.png', 'image/png', 'logo@x'],
    ])
    expect(Buffer.from(found?.files[0]?.bytes ?? []).toString()).toBe('contract')
  })

  it('is unpacked on its way in; its words count where the mail has none', async () => {
    const mail = await parseMail(mailWith(outlook()))
    expect(mail.text).toBe('合同见附件。')
    expect(mail.files.map(({ name }) => name)).toEqual(['合同.docx', '公司徽标.png'])
    expect((await parseMail(mailWith(outlook(), ''))).text).toBe('正文在包里')
  })

  it('makes harmless what its names try', async () => {
    const evil = packet(
      begins(),
      attribute(
        2,
        0x00069005,
        properties(text(0x3707, '..\\..\\evil\u202Egpj.exe'), binary(0x3701, Buffer.from('x'))),
      ),
    )
    expect((await parseMail(mailWith(evil))).files.map(({ name }) => name)).toEqual(['evilgpj.exe'])
  })

  it('cleans HTML that is packed', async () => {
    const page = packet(
      attribute(
        1,
        0x00069003,
        properties(binary(0x1013, Buffer.from('<p>你好</p><script>alert(1)</script>'))),
      ),
    )
    const mail = await parseMail(mailWith(page, ''))
    expect(mail.text).toBe('你好')
    expect(mail.html).not.toContain('script')
  })

  it('opens a mail within the mail, to a depth', () => {
    const names = (bytes: Buffer) => unpackTnef(bytes)?.files.map(({ name }) => name)
    expect(names(nested(outlook()))).toEqual(['合同.docx', '公司徽标.png'])
    expect(names(nested(nested(nested(nested(outlook())))))).toBeUndefined()
  })

  it('stays a file when it is damaged or holds nothing', async () => {
    const whole = outlook()
    const flipped = Buffer.from(whole)
    flipped[whole.length - 5] = (flipped[whole.length - 5] ?? 0) ^ 1
    for (const bytes of [
      whole.subarray(0, -1),
      whole.subarray(0, 100),
      flipped,
      packet(),
      packet(codepage(936)),
    ]) {
      expect(unpackTnef(bytes)).toBeUndefined()
      expect((await parseMail(mailWith(bytes))).files.map(({ name }) => name)).toEqual(['winmail.dat'])
    }
    expect((await parseMail(sample('17-winmail-dat.eml'))).files.map(({ name }) => name)).toEqual([
      'winmail.dat',
    ])
  })

  it('does not believe its numbers', () => {
    const huge = (data: Buffer) => unpackTnef(packet(attribute(1, 0x00069003, data)))
    expect(huge(u32(0xffffffff))).toBeUndefined()
    expect(huge(Buffer.concat([u32(1), u16(0x1003), u16(0x1000), u32(0xffffffff)]))).toBeUndefined()
    expect(huge(Buffer.concat([u32(1), u16(0x001f), u16(0x1000), u32(1), u32(0xfffffff0)]))).toBeUndefined()
    expect(unpackTnef(packet(...Array.from({ length: 6_000 }, () => codepage(936))))).toBeUndefined()
    expect(unpackTnef(packet(...Array.from({ length: 500 }, begins)))).toBeUndefined()
    expect(isTnef(new Uint8Array())).toBe(false)
  })

  it('survives twenty thousand mutations, and gives no more than it was given', () => {
    const next = createRandom(20_261_126)
    let read = 0
    for (let n = 0; n < 20_000; n += 1) {
      const bytes = Buffer.from(n % 2 === 0 ? outlook() : nested(outlook()))
      for (let change = 0; change <= next(4); change += 1) {
        const at = next(bytes.length)
        if (next(2) === 0) bytes[at] = next(256)
        else if (at + 4 <= bytes.length)
          bytes.writeUInt32LE([0, 1, 0xffffffff, 0x7fffffff, 65_536][next(5)] ?? 0, at)
      }
      const found = unpackTnef(bytes.subarray(0, next(8) === 0 ? next(bytes.length) : bytes.length))
      if (found === undefined) continue
      read += 1
      const size = found.files.reduce(
        (total, file) => total + file.bytes.byteLength,
        found.text.length + found.html.length,
      )
      expect(size).toBeLessThanOrEqual(bytes.length)
    }
    expect(read).toBeGreaterThan(100)
  })

  it('survives mutations whose checksums are right', () => {
    const next = createRandom(7)
    for (let n = 0; n < 20_000; n += 1) {
      const data = Buffer.from(
        properties(
          text(0x3707, '公司徽标.png'),
          binary(0x3701, Buffer.from('abcdef')),
          text(0x370e, 'image/png'),
        ),
      )
      for (let change = 0; change <= next(3); change += 1) {
        const at = next(data.length - 4)
        if (next(2) === 0) data[at] = next(256)
        else data.writeUInt32LE(next(0xffffffff), at)
      }
      const found = unpackTnef(packet(codepage(next(70_000)), begins(), attribute(2, 0x00069005, data)))
      for (const file of found?.files ?? []) expect(file.bytes.byteLength).toBeLessThanOrEqual(data.length)
    }
  })

  it('gives a hundred files of all packets of a mail; the next stays packed', async () => {
    const file = attribute(2, 0x0006800f, Buffer.from('x'))
    const many = (count: number) => packet(...Array.from({ length: count }, () => [begins(), file]).flat())
    const raw = mailWith(many(60)).toString()
    const part = raw.slice(raw.indexOf('--b\r\nContent-Type: application'), raw.indexOf('--b--'))
    const mail = await parseMail(Buffer.from(raw.replace('--b--', `${part}--b--`)))
    expect(mail.files).toHaveLength(61)
    expect(mail.files.at(-1)?.name).toBe('winmail.dat')
    const small = mailWith(many(40)).toString()
    const other = small.slice(small.indexOf('--b\r\nContent-Type: application'), small.indexOf('--b--'))
    expect((await parseMail(Buffer.from(raw.replace('--b--', `${other}--b--`)))).files).toHaveLength(100)
  })

  it('is read in the thread where mails are read', async () => {
    const parser = createMailParser()
    const mail = await parser.parse(new Uint8Array(mailWith(outlook())))
    expect(mail.files.map(({ name }) => name)).toEqual(['合同.docx', '公司徽标.png'])
    await parser.close()
  })
})
