import { describe, expect, it } from 'vitest'
import { child, node, readXml, writeXml } from '../../../sandbox/wechat/xml.ts'

const textOf = (xml: string): string | undefined => {
  const read = readXml(xml)
  return read.ok ? child(read.root, 'Content')?.text : undefined
}

describe('simulator xml', () => {
  it('writes strings as CDATA and numbers bare', () => {
    const xml = writeXml([node('MsgType', 'text'), node('MsgId', 24500000000000001n), node('CreateTime', 5)])
    expect(xml).toBe(
      '<xml><MsgType><![CDATA[text]]></MsgType><MsgId>24500000000000001</MsgId><CreateTime>5</CreateTime></xml>',
    )
  })

  it('reads back what it wrote, whatever the text', () => {
    for (const text of ['a]]>b', ']]]]>>', '<xml>&amp;</xml>', '😀\n第二行', '0012.50', ' ']) {
      expect(textOf(writeXml([node('Content', text)]))).toBe(text)
    }
  })

  it('drops what XML 1.0 forbids', () => {
    expect(textOf(writeXml([node('Content', 'a\u0000b\u000bc\ud800d\ufffee')]))).toBe('abcde')
  })

  it('decodes character references outside CDATA only', () => {
    expect(textOf('<xml><Content>&lt;&#20320;&#x597D;&amp;</Content></xml>')).toBe('<你好&')
    expect(textOf('<xml><Content><![CDATA[&lt;]]></Content></xml>')).toBe('&lt;')
  })

  it('takes a doubled element for none', () => {
    expect(textOf('<xml><Content>1</Content><Content>2</Content></xml>')).toBeUndefined()
  })

  it.each([
    ['a DOCTYPE', '<!DOCTYPE x><xml></xml>'],
    ['a declaration', '<?xml version="1.0"?><xml></xml>'],
    ['an attribute', '<xml a="1"></xml>'],
    ['a comment', '<xml><!-- x --></xml>'],
    ['an unclosed element', '<xml><Content>1</xml>'],
    ['an unclosed CDATA', '<xml><Content><![CDATA[1</Content></xml>'],
    ['two roots', '<xml></xml><xml></xml>'],
    ['text around elements', '<xml>x<Content>1</Content></xml>'],
    ['an unknown entity', '<xml><Content>&nbsp;</Content></xml>'],
    ['a bare ampersand', '<xml><Content>a & b</Content></xml>'],
    ['a forbidden reference', '<xml><Content>&#0;</Content></xml>'],
    ['JSON', '{"a":1}'],
    ['depth', `${'<a>'.repeat(9)}${'</a>'.repeat(9)}`],
    ['size', `<xml><Content>${'x'.repeat(262_145)}</Content></xml>`],
  ])('refuses %s', (_name, xml) => {
    expect(readXml(xml).ok).toBe(false)
  })
})
