import fc from 'fast-check'
import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { readJson, readXml, Refusal, textField, toPlain } from '../../../channels/kit/index.ts'
import { busyMs, linearMs } from '../../support/busy-time.ts'

const refusalOf = (read: () => unknown): string => {
  try {
    read()
  } catch (error) {
    if (error instanceof Refusal) return `${error.code} ${error.reason}`
    throw error
  }
  return 'taken'
}

const xml = (document: string): Record<string, unknown> => toPlain(readXml(document))
const json = (document: string): Record<string, unknown> => toPlain(readJson(document))

const nest = (depth: number): string => '<a>'.repeat(depth) + 'x' + '</a>'.repeat(depth)
const fields = (count: number): string => Array.from({ length: count }, (_, n) => `<f${n}>1</f${n}>`).join('')

describe('readXml', () => {
  it('keeps every scalar as the text that was sent', () => {
    expect(
      xml(
        '<xml><A><![CDATA[0012.50]]></A><B>4607741009594608123</B><C> true </C><D>&lt;&#128512;&#x41;&amp;</D></xml>',
      ),
    ).toEqual({ A: '0012.50', B: '4607741009594608123', C: ' true ', D: '<😀A&' })
  })

  it('joins split CDATA and drops the layout around it', () => {
    expect(
      xml(
        '<?xml version="1.0" encoding="UTF-8"?>\n<xml>\n<A>\n<![CDATA[a]]]]><![CDATA[>b]]>\n</A>\n</xml>\n',
      ),
    ).toEqual({
      A: 'a]]>b',
    })
  })

  it('reads lists and groups', () => {
    expect(
      xml('<xml><P><item><M>1</M></item><item><M>2</M></item></P><S><List><T>a</T></List></S></xml>'),
    ).toEqual({
      P: { item: [{ M: '1' }, { M: '2' }] },
      S: { List: [{ T: 'a' }] },
    })
  })

  it('takes empty, self-closed and empty CDATA elements for absent', () => {
    const read = readXml('<xml><A/><B></B><C><![CDATA[]]></C></xml>')
    expect(['A', 'B', 'C', 'D'].map((name) => textField(read, name))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('lets contacts write markup, entities and DOCTYPE inside CDATA', () => {
    const text = '<!DOCTYPE html><!ENTITY x "y"><!-- hi --> &amp; <a href="x">'
    expect(xml(`<xml><Content><![CDATA[${text}]]></Content></xml>`)).toEqual({ Content: text })
  })

  it('drops what neither XML nor a database can hold', () => {
    expect(xml('<xml><A>a\u0000b\u0007&#0;&#xD800;\tc</A></xml>')).toEqual({ A: 'ab\uFFFD\tc' })
  })

  it.each([
    ['xml_broken', ''],
    ['xml_broken', 'text'],
    ['xml_broken', '<xml>'],
    ['xml_broken', '<xml><A></xml></A>'],
    ['xml_broken', '<xml><A>1</A></xml>tail'],
    ['xml_no_fields', '<xml/>'],
    ['xml_root', '<html><A>1</A></html>'],
    ['xml_root', '<xml><A>1</A></xml><xml/>'],
    ['xml_field_doubled', '<xml><A>1</A><A>2</A></xml>'],
    ['xml_mixed', '<xml>text<A>1</A></xml>'],
    ['xml_markup_refused', '<xml><A b="c">1</A></xml>'],
    ['xml_markup_refused', '<xml><!-- c --><A>1</A></xml>'],
    ['xml_markup_refused', '<xml><?php x?><A>1</A></xml>'],
    ['xml_markup_refused', '<!DOCTYPE x><xml><A>1</A></xml>'],
    ['xml_markup_refused', '<!doctype x><xml><A>1</A></xml>'],
    ['xml_markup_refused', '<!-- <![CDATA[ --><!DOCTYPE x><!-- ]]> --><xml><A>1</A></xml>'],
    ['xml_cdata_open', '<xml><A><![CDATA[x</A></xml>'],
    ['xml_unknown_entity', '<xml><A>&unknown;</A></xml>'],
    ['xml_broken', '<xml><A>a & b</A></xml>'],
    ['xml_unknown_entity', '<xml><A>&#x110000;</A></xml>'],
    ['xml_name_refused', '<xml><__proto__><polluted>1</polluted></__proto__></xml>'],
    ['xml_name_refused', '<xml><constructor>1</constructor></xml>'],
    ['xml_too_deep', `<xml>${nest(8)}</xml>`],
    ['xml_too_many_fields', `<xml>${fields(65)}</xml>`],
    ['xml_too_many_elements', `<xml>${'<a/>'.repeat(30_000)}</xml>`],
  ])('refuses %s', (reason, document) => {
    expect(refusalOf(() => readXml(document))).toBe(`malformed ${reason}`)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('takes what is just within bounds', () => {
    expect(refusalOf(() => readXml(`<xml>${nest(7)}</xml>`))).toBe('taken')
    expect(refusalOf(() => readXml(`<xml>${fields(64)}</xml>`))).toBe('taken')
  })

  it('refuses bombs and outside entities at once, without a call', async () => {
    let calls = 0
    const listener = createServer((_, response) => {
      calls += 1
      response.end('<secret/>')
    })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    const address = listener.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`
    const laughs = Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join(
      '',
    )
    const evil = [
      `<!DOCTYPE x [<!ENTITY e SYSTEM "${url}">]><xml><A>&e;</A></xml>`,
      `<!DOCTYPE x SYSTEM "${url}"><xml><A>1</A></xml>`,
      `<!DOCTYPE x [<!ENTITY % p SYSTEM "${url}">%p;]><xml><A>1</A></xml>`,
      `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]><xml><A>&l10;</A></xml>`,
      `<xml>${'<a>'.repeat(85_000)}</xml>`,
      `<xml><A>${'&amp;'.repeat(50_000)}</B></xml>`,
      `<xml><A>${'<![CDATA[]]>'.repeat(20_000)}</A>`,
      `<xml>${'<'.repeat(260_000)}`,
      `<xml><${'a'.repeat(260_000)}>`,
      `<xml><a${' '.repeat(260_000)}`,
      `<?xml ${'x'.repeat(260_000)}`,
    ]
    const startedAt = busyMs()
    for (const document of evil) expect(refusalOf(() => readXml(document))).toMatch(/^malformed/)
    expect(busyMs() - startedAt).toBeLessThan(linearMs * evil.length)
    await new Promise((resolve) => listener.close(resolve))
    expect(calls).toBe(0)
  })
})

describe('readJson', () => {
  it('keeps digits, text and nesting as sent', () => {
    expect(json(' {"MsgId":4607741009594608123,"N":0012e0,"T":"a"} '.replace('0012e0', '12.50'))).toEqual({
      MsgId: '4607741009594608123',
      N: '12.50',
      T: 'a',
    })
    expect(json('{"S":"\\u0041\\n\\"{,}","B":true,"E":null,"L":[{"x":1},[]],"O":{}}')).toEqual({
      S: 'A\n"{,}',
      B: 'true',
      E: '',
      L: [{ x: '1' }, []],
      O: {},
    })
  })

  it.each([
    ['json_broken', ''],
    ['json_broken', '{'],
    ['json_broken', '{"a":1,}'],
    ['json_broken', '{"a":01}'],
    ['json_broken', '{"a":"\n"}'],
    ['json_not_an_object', '[]'],
    ['json_not_an_object', '"a"'],
    ['json_field_doubled', '{"a":1,"a":2}'],
    ['json_field_doubled', '{"a":1,"\\u0061":2}'],
    ['json_name_refused', '{"__proto__":{"polluted":1}}'],
    ['json_name_refused', '{"\\u005f_proto__":{"polluted":1}}'],
    ['json_too_deep', `${'{"a":'.repeat(9)}1${'}'.repeat(9)}`],
    ['json_too_deep', `{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}`],
    ['json_too_many_fields', `{${Array.from({ length: 65 }, (_, n) => `"f${n}":1`).join(',')}}`],
    ['json_too_many_fields', `{"a":[${'1,'.repeat(64)}1]}`],
  ])('refuses %s', (reason, document) => {
    expect(refusalOf(() => readJson(document))).toBe(`malformed ${reason}`)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('reads what JSON.parse reads, but for numbers', () => {
    const leaf = fc.string({ unit: fc.constantFrom('a', '"', '\\', '{', '}', ':', ',', '中', '😀', '\n') })
    const names = fc.stringMatching(/^[a-z]{1,6}$/)
    fc.assert(
      fc.property(
        fc.dictionary(names, fc.oneof(leaf, fc.array(leaf, { maxLength: 5 })), { maxKeys: 10 }),
        (value) => {
          expect(json(JSON.stringify(value, null, 1))).toEqual({ ...value })
        },
      ),
    )
  })
})

describe('both readers', () => {
  it('take or refuse anything, and never throw anything else', () => {
    const pieces = fc.constantFrom(
      '<xml>',
      '</xml>',
      '<A>',
      '</A>',
      '<![CDATA[',
      ']]>',
      '&amp;',
      '&',
      '<',
      '{',
      '}',
      '"a"',
      ':',
      ',',
      '[',
      ']',
      '1',
      '<!',
      '?>',
      '\u0000',
      '中',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (list) => {
        const document = list.join('')
        expect(refusalOf(() => readXml(document))).toMatch(/^(taken|malformed)/)
        expect(refusalOf(() => readJson(document))).toMatch(/^(taken|malformed)/)
      }),
      { numRuns: 10_000 },
    )
  })
})
