import { describe, expect, it } from 'vitest'
import { loginHint } from '../../../channels/email/login-hint.ts'

const password = { user: 'support@shop.example', pass: 'secret' }

describe('what is said about a refused login', () => {
  it.each([
    ['imap.qq.com', /授权码.*设置 → 账号/],
    ['imap.exmail.qq.com', /客户端专用密码.*微信绑定/],
    ['imap.163.com', /授权密码.*POP3\/SMTP\/IMAP/],
    ['imap.126.com', /授权密码/],
    ['imap.gmail.com', /应用专用密码.*apppasswords/],
    ['outlook.office365.com', /oauth.*Entra ID/],
    ['mail.shop.example', /授权码.*Gmail.*oauth/],
    ['qq.com.shop.example', /授权码.*Gmail.*oauth/],
  ])('at %s leads to that provider’s console', (host, expected) => {
    const hint = loginHint('imap', host, password)
    expect(hint).toMatch(expected)
    expect(hint).toMatch(/imap\.user.*imap\.password/)
    expect(hint).not.toContain('secret')
  })

  it('names the token’s settings where a token was refused', () => {
    const hint = loginHint('smtp', 'smtp.office365.com', { user: 'a@b.example', accessToken: 'token-1' })
    expect(hint).toMatch(/smtp\.user.*oauth\.refreshToken/)
    expect(hint).not.toContain('token-1')
  })
})
