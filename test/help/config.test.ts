import { expect, it } from 'vitest'
import { helpConfig } from '../../src/help/config.ts'
import { contrastOf } from '../../src/help/contrast.ts'

it('measures contrast as WCAG does', () => {
  expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrastOf('#ffffff', '#ffffff')).toBe(1)
  expect(contrastOf('#767676', '#ffffff')).toBeCloseTo(4.54, 2)
})

it('refuses colours that cannot be read, and says why', () => {
  const faultOf = (accent: object): string | undefined =>
    helpConfig.safeParse({ accent }).error?.issues[0]?.message
  expect(faultOf({ light: '#00a1d6' })).toMatch(/contrast of 4\.5/)
  expect(faultOf({ dark: '#0b4f8a' })).toMatch(/contrast of 4\.5/)
  expect(faultOf({ light: 'red;}*{display:none' })).toMatch(/colour like/)
  expect(faultOf({ light: '#0b6bcb', dark: '#74b4f5' })).toBeUndefined()
})

it.each([
  [{ links: [{ zh: '社区', en: 'Forum', url: 'javascript:alert(1)' }] }],
  [{ chatUrl: 'javascript:alert(1)' }],
  [{ phone: '400"><script>' }],
  [{ mail: 'nobody' }],
  [{ publicUrl: 'https://help.example.com/path' }],
  [{ topics: ['../x'] }],
  [{ unknown: true }],
])('refuses %j', (section) => {
  expect(helpConfig.safeParse(section).success).toBe(false)
})
