import { describe, expect, it } from 'vitest'
import { parseCreatedAt } from '../../../channels/weibo/created-at.ts'

describe('dates of pushes', () => {
  it.each([
    ['Mon Jul 16 18:09:20 +0800 2012', '2012-07-16T10:09:20.000Z'],
    ['Sat Jan 01 00:00:00 +0000 2000', '2000-01-01T00:00:00.000Z'],
    ['Thu Dec 31 23:59:59 -0330 2026', '2027-01-01T03:29:59.000Z'],
    ['Wed Feb 29 00:30:00 +0800 2028', '2028-02-28T16:30:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseCreatedAt(text)?.toISOString()).toBe(iso)
  })

  it.each([
    '',
    '2012-07-16T10:09:20Z',
    'Mon Foo 16 18:09:20 +0800 2012',
    'Mon Jul 16 18:09:20 2012',
    '1342433360',
  ])('takes %j for no date', (text) => {
    expect(parseCreatedAt(text)).toBeUndefined()
  })
})
