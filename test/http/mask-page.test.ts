import { describe, expect, it } from 'vitest'
import { maskPage } from '../../src/http/desk/mask-page.ts'
import { masker } from '../support/masker.ts'

describe('a mail’s own page', () => {
  it.each([
    ['<p>打13800138000</p>', '<p>打138****8000</p>'],
    ['<p>打 138<b>0013</b><span>8000</span>。</p>', '<p>打 138****8000<b></b><span></span>。</p>'],
    ['<td>138</td><td>00138000</td>', '<td>138</td><td>00138000</td>'],
    ['<img alt="zhang@qq.com" title="13800138000">', '<img alt="z***@qq.com" title="138****8000">'],
    [
      '<a href="mailto:zhang@qq.com" rel="x">写信</a><a href="tel:13800138000">打</a>',
      '<a rel="x">写信</a><a>打</a>',
    ],
    ['<a href="https://x.com/13800138000">看</a>', '<a href="https://x.com/13800138000">看</a>'],
    [
      '身份证<br>110101199003078515 和 zhang<i>@qq.com</i>',
      '身份证<br>110*************15 和 z***@qq.com<i></i>',
    ],
    ['1 &lt; 2 &amp; 没有什么', '1 &lt; 2 &amp; 没有什么'],
  ])('%s', (html, masked) => {
    expect(maskPage(html, masker)).toBe(masked)
  })
})
