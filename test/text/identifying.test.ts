import { expect, it } from 'vitest'
import { findIdentifying, findIdentifyingLoosely, maskPersonal } from '../../src/text/index.ts'

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

/** Beside what has a form. */
const loose = (text: string): readonly string[] =>
  findIdentifyingLoosely(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)

it.each([
  ['我的电话 1 3 8 0 0 1 3 8 0 0 0，回我', 'NUMBER 1 3 8 0 0 1 3 8 0 0 0'],
  ['电话 1　3　8　2　0　1　2　2　0　1　3', 'NUMBER 1　3　8　2　0　1　2　2　0　1　3'],
  ['座机 020-8765 4321 下午在', 'NUMBER 020-8765 4321'],
  ['座机 020-2018 1999', 'NUMBER 020-2018 1999'],
  ['call (555) 123-4567 please', 'NUMBER (555) 123-4567'],
  ['电话 13 80 01 38 000', 'NUMBER 13 80 01 38 000'],
  ['邮箱 bai @ example.com 收', 'MAIL bai @ example.com'],
  ['mail bai@example . com', 'MAIL bai@example . com'],
  ['看 example.com/u/bai?id=3 这里', 'LINK example.com/u/bai?id=3'],
  ['微信号：bai_2024x', 'ACCOUNT bai_2024x'],
  ['微信号bai_2024x', 'ACCOUNT bai_2024x'],
  ['微信号：wxid_123456abcd', 'ACCOUNT wxid_123456abcd'],
  ['微信号码是bai2024', 'ACCOUNT bai2024'],
  ['微信 bai2024', 'ACCOUNT bai2024'],
  ['加微信bai2024', 'ACCOUNT bai2024'],
  ['加微信，bai2024', 'ACCOUNT bai2024'],
  ['微信号：\nbai2024', 'ACCOUNT bai2024'],
  ['微信号是：\r\nbaixiaoming', 'ACCOUNT baixiaoming'],
  ['我的微信：\n@bai_2024x', 'ACCOUNT bai_2024x'],
  ['微信号：\n  baixiaoming \n谢谢', 'ACCOUNT baixiaoming'],
  ['wechat bai_2024', 'ACCOUNT bai_2024'],
  ['微信号：baixiaoming', 'ACCOUNT baixiaoming'],
  ['抖音号baixiaoming', 'ACCOUNT baixiaoming'],
  ['微信  bai_2024x', 'ACCOUNT bai_2024x'],
  ['wxid_123456abcd 是我', 'ACCOUNT wxid_123456abcd'],
  ['加我vx：bai2024', 'ACCOUNT bai2024'],
  ['QQ号是 12345', 'ACCOUNT 12345'],
  ['订单号：A-1234 没到', 'ORDER A-1234'],
  ['order no. ab123 is late', 'ORDER ab123'],
])('finds what is written as no form has it: %s', (text, expected) => {
  expect(loose(text)).toEqual([expected])
})

it('keeps apart what stands side by side', () => {
  expect(loose('13800138000 13800138001')).toEqual(['PHONE 13800138000', 'PHONE 13800138001'])
})

const harmless = [
  ...['wechat auto-renewal how to stop', 'WeChat top-up failed', 'wechaty-puppet-service', 'WECHATY_TOKEN'],
  ...[
    '微信 e-mail 绑定',
    '微信 wi-fi 下打不开',
    '微信 app-store 下载',
    '微信 cd-key 兑换',
    'WeChat QR-code expired',
  ],
  ...[
    '微信 macOS14 打不开',
    '微信 harmonyos4',
    '微信 s23ultra 闪退',
    '微信 k70pro',
    '微信 wifi6',
    '微信 error-1001',
  ],
  ...[
    '微信 errcode40029',
    '微信 ep12345 看不了',
    '微信号 blocked 了',
    '微信号 is blocked',
    '微信号是 bilibili 绑定的吗',
  ],
  ...['微信号 password 忘了', '抖音号 banned 了', '微信号 android 手机登录'],
  ...[
    '支持微信、alipay_hk',
    '微信，gpt-4o 怎么用',
    '微信，mac_os 打不开',
    '微信，open_id 是什么',
    '微信 wifi6e',
  ],
  ...['微信，iphone15 闪退', '微信号：\nAddress: x', '微信号：\r\nPlease reply'],
  ...['2026-11-01 到 2026-12-31 有效', '2023-2024 年度', '2026-11-01 2026-12-31'],
  ...['9-12 点，14-18 点', '10-12 14-18 点', '3-5 7-10 15-20 天', '2026-11-01 10-12 14-18'],
  ...[
    '充电 1000-3000 元',
    '粉丝 10000-50000',
    '面额 30 50 100 200 元',
    '10 000 000 播放',
    '1280-720 1920-1080',
  ],
  ...['7.12.0 版本，1080 60 帧，4K 120', '3840-2160', '(10) (20) (30) (40)'],
  ...[
    '微信 login 不了',
    '微信 iphone15 闪退',
    '微信 android14 登录不了',
    '微信 iPad2 版',
    'wx h5_page 打不开',
    '微信支付 failed 了',
    '支付宝：failed',
    '添加微信 login 失败',
    'qq 音乐 100 首',
  ],
  ...['telegram is blocked', 'WeChat is broken', 'The second line is missing', 'Subject line: refund'],
  ...['订单 is late', '订单是2026-11-01下的', '订单号是 100-200 的那些', '订单:iphone15pro'],
  ...[
    'hi @tom. please help',
    'thanks @support. it works',
    'I was charged.Why??',
    'Node.js/Express',
    'README.md/x',
  ],
]

it.each(harmless)('leaves days, prices, versions and words alone: %s', (text) => {
  expect(loose(text)).toEqual([])
})

it.each(harmless)('keeps in a record what is not personal: %s', (text) => {
  expect(maskPersonal(text)).toBe(text)
})
