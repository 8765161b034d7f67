import { expect, it } from 'vitest'
import { findIdentifying } from '../../src/text/index.ts'

const found = (text: string): readonly string[] =>
  findIdentifying(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)

it('finds what identifies a person, each once and in order', () => {
  expect(
    found('手机１３８００１３８０００，邮箱 a@b.cn，订单号 202611290001，卡 6222 0210 0111 2345 678'),
  ).toEqual([
    'PHONE １３８００１３８０００',
    'MAIL a@b.cn',
    expect.stringMatching(/^ORDER .*202611290001$/),
    expect.stringContaining('6222 0210 0111 2345 678'),
  ])
})

it('leaves videos and short numbers alone', () => {
  expect(found('BV1xx411c7mD 扣了 25 元，等了 3 天，10:00-18:00')).toEqual([])
})

it('finds them however many there are and however far on', () => {
  const text = `${'字'.repeat(30_000)} ${'13800138000 '.repeat(60)}`
  expect(found(text)).toHaveLength(60)
})
