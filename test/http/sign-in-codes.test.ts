import { describe, expect, it } from 'vitest'
import { nameBrowser } from '../../src/http/sign-in/browser-name.ts'
import {
  appAddress,
  createRecoveryCodes,
  createSecret,
  drawQr,
  hashRecoveryCode,
  readDigits,
  stepOf,
} from '../../src/http/sign-in/codes.ts'

describe('codes of apps', () => {
  // RFC 6238, appendix B, SHA-1: `12345678901234567890`; the last six of its eight digits.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at second %i are those of RFC 6238: %s', (second, code) => {
    const step = Math.floor(second / 30)
    const at = (seconds: number) => stepOf(secret, code, new Date((second + seconds) * 1_000))
    expect([at(0), at(30), at(-30)]).toEqual([step, step, step])
    expect(at(90)).toBeUndefined()
    if (second > 90) expect(at(-90)).toBeUndefined()
  })

  it('come of 160 random bits, in an address that apps read', () => {
    const made = createSecret()
    expect(made).toMatch(/^[A-Z2-7]{32}$/)
    expect(createSecret()).not.toBe(made)
    const address = new URL(appAddress(made, '李 ran+desk@example.com'))
    expect([address.protocol, address.host]).toEqual(['otpauth:', 'totp'])
    expect(decodeURIComponent(address.pathname)).toBe('/Tongda:李 ran+desk@example.com')
    expect(Object.fromEntries(address.searchParams)).toEqual({
      ...{ issuer: 'Tongda', secret: made, algorithm: 'SHA1', digits: '6', period: '30' },
    })
  })

  it('are six digits, however they are grouped; all else is a recovery code', () => {
    expect([' 123 456 ', '123-456'].map(readDigits)).toEqual(['123456', '123456'])
    expect(['12345', '1234567', 'abcdef', '１２３４５６', ''].map(readDigits)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    )
  })
})

describe('recovery codes', () => {
  it('are ten of eighty bits each, in letters that nobody mistakes', () => {
    const codes = createRecoveryCodes()
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) expect(code).toMatch(/^(?:[0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/)
  })

  it('are the same however they are typed, and another’s for another', () => {
    const hash = hashRecoveryCode('li', '01ab-cdef-ghjk-mnpq')
    for (const typed of [
      '01AB-CDEF-GHJK-MNPQ',
      ' 01ab cdef ghjkmnpq',
      'oiab-cdef-ghjk-mnpq',
      'OLab-cdef-ghjk-mnpq',
    ])
      expect(hashRecoveryCode('li', typed)).toBe(hash)
    expect(hashRecoveryCode('chen', '01ab-cdef-ghjk-mnpq')).not.toBe(hash)
  })
})

describe('the QR code', () => {
  it('has its three corners, within the quiet margin', () => {
    const { size, path } = drawQr(appAddress(createSecret(), 'li@example.com'))
    const dark = new Set(path.match(/M\d+ \d+/g))
    const isDark = (x: number, y: number): boolean => dark.has(`M${String(x)} ${String(y)}`)
    // A corner: seven squares of dark, then light.
    for (const [left, top] of [
      [4, 4],
      [size - 11, 4],
      [4, size - 11],
    ] as const) {
      const row = Array.from({ length: 7 }, (_, x) => isDark(left + x, top))
      expect(row).toEqual(Array.from({ length: 7 }, () => true))
      expect([isDark(left + 1, top + 1), isDark(left + 3, top + 3)]).toEqual([false, true])
    }
    for (let place = 0; place < size; place += 1)
      expect([isDark(place, 3), isDark(3, place), isDark(place, size - 4), isDark(size - 4, place)]).toEqual([
        ...[false, false, false, false],
      ])
  })
})

describe('browsers', () => {
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'
  it.each([
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/143.0.0.0 Safari/537.36`,
      'Chrome · Windows',
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0`,
      'Edge · Windows',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox · Linux'],
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Version/18.1 Safari/605.1.15`,
      'Safari · macOS',
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) ${webkit} CriOS/143.0 Mobile Safari/604.1`,
      'Chrome · iPhone',
    ],
    [
      `Mozilla/5.0 (Linux; Android 15; 23013RK75C) ${webkit} Chrome/120.0 MQQBrowser/15.0 Mobile Safari/537.36`,
      'QQ Browser · Android',
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/120.0 Safari/537.36 wxwork/4.1.30 MicroMessenger/7.0.1`,
      'WeCom · Windows',
    ],
    ['curl/8.5.0', ''],
    ['', ''],
  ])('%s are called %s', (userAgent, name) => {
    expect(nameBrowser(userAgent)).toBe(name)
  })
})
