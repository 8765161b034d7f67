import { describe, expect, it } from 'vitest'
import { foldQuotes } from '../../../channels/email/mime/fold.ts'
import { cleanHtml } from '../../../channels/email/mime/html.ts'

const fold = (html: string): string => foldQuotes(cleanHtml(html))
/** What is left open: everything outside `<details>`. */
const openPart = (html: string): string => fold(html).replace(/<details>[\s\S]*?<\/details>/g, '…')

describe('quoted history in HTML', () => {
  it.each([
    [
      'Gmail',
      '<div>新的话</div><div class="gmail_quote"><div>旧</div><blockquote type="cite">旧</blockquote></div>',
    ],
    ['Apple Mail', '<p>新的话</p><blockquote type="cite"><p>旧</p></blockquote>'],
    [
      'Outlook web',
      '<div>新的话</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">旧</div><div>旧</div>',
    ],
    [
      'QQ Mail',
      '<div>新的话</div><div><div>------------------&nbsp;原始邮件&nbsp;------------------</div><div>旧</div></div>',
    ],
    [
      'QQ Mail, flat',
      '<div>新的话</div><div>------------------ 原始邮件 ------------------</div><div>旧</div><p>旧</p>',
    ],
  ])('of %s is folded and nothing else', (_name, html) => {
    expect(openPart(html)).toContain('新的话')
    expect(openPart(html)).not.toContain('旧')
    expect(fold(html)).toContain('旧')
  })

  it('stays open where it is all there is, and where somebody answers below it', () => {
    expect(openPart('<blockquote type="cite">旧</blockquote>')).toContain('旧')
    expect(openPart('<p>上</p><blockquote type="cite">旧</blockquote><p>下</p>')).toMatch(/上.*…<p>下/)
  })

  it('leaves markup balanced, whatever comes', () => {
    for (const html of [
      '<p>a</p><div class="gmail_quote"><div class="gmail_quote">b</div></div></div></div>c',
      '<p>a</p><div id="appendonsend"><table><tr><td>',
      '<p>a</p>------- 原始邮件 -------',
      `<p>a</p>${'<div class="gmail_quote">'.repeat(500)}`,
      `<p>a</p>${'<blockquote type="cite">x</blockquote>'.repeat(500)}`,
    ]) {
      const folded = fold(html)
      expect(folded.match(/<details>/g)?.length ?? 0).toBe(folded.match(/<\/details>/g)?.length ?? 0)
      expect(folded.replace(/<\/?(?:details|summary)>|引用的往来邮件 \/ Quoted history/g, '')).toBe(
        cleanHtml(html),
      )
    }
  })
})
