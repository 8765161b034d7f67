import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findObjects, readObject } from '../../src/complaints/reported-object.ts'
import { aidOf, bvidOf } from '../../src/complaints/video-number.ts'

const hosts = ['bilibili.com']
const read = (text: string) => readObject(text, hosts)

describe('names of videos', () => {
  // Pairs that the platform itself shows.
  it.each([
    ['BV17x411w7KC', 170_001n],
    ['BV1Q541167Qg', 455_017_605n],
    ['BV1mK4y1C7Bz', 882_584_971n],
    ['BV1L9Uoa9EUx', 111_298_867_365_120n],
  ])('%s is av%s', (bvid, aid) => {
    expect(aidOf(bvid)).toBe(aid)
    expect(bvidOf(aid)).toBe(bvid)
  })

  it('lead to each other for every number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 51n - 1n }), (aid) => aidOf(bvidOf(aid) ?? '') === aid),
    )
  })

  it('have no number when their characters do not belong together', () => {
    for (const name of ['BV17x411w7K', 'BV17x411w7K0', 'BVzzzzzzzzzz', 'BV1zzzzzzzzz', ''])
      expect(aidOf(name), name).toBeUndefined()
    expect(bvidOf(0n)).toBeUndefined()
    expect(bvidOf(2n ** 51n)).toBeUndefined()
  })
})

describe('a reported object', () => {
  it.each([
    ['BV17x411w7KC', 'video:170001'],
    ['bv17x411w7KC', 'video:170001'],
    ['av170001', 'video:170001'],
    ['AV 170001', 'video:170001'],
    ['https://www.bilibili.com/video/BV17x411w7KC/?spm=1', 'video:170001'],
    ['m.bilibili.com/video/av170001', 'video:170001'],
    ['UID:123', 'user:123'],
    ['ＵＩＤ：００１２３', 'user:123'],
    ['https://space.bilibili.com/123/dynamic', 'user:123'],
    ['https://live.bilibili.com/21852?from=x', 'live-room:21852'],
    ['直播间 21852', 'live-room:21852'],
    ['cv123', 'article:123'],
    ['https://www.bilibili.com/read/cv123', 'article:123'],
    ['https://www.bilibili.com/opus/900123', 'post:900123'],
    ['https://t.bilibili.com/900123', 'post:900123'],
    ['https://www.bilibili.com/video/BV17x411w7KC#reply777', 'comment:777'],
    ['https://www.bilibili.com/opus/900123?comment_root_id=777', 'comment:777'],
  ])('%s is %s', (text, key) => {
    expect(read(text).key).toBe(key)
  })

  it('tells what a comment stands under, and both names of a video', () => {
    expect(read('https://www.bilibili.com/video/av170001#reply777')).toEqual({
      kind: 'comment',
      id: '777',
      key: 'comment:777',
      on: { kind: 'video', id: 'BV17x411w7KC', aid: '170001', key: 'video:170001' },
    })
  })

  it.each([
    'BV1zzzzzzzzz',
    'av0',
    'av99999999999999999',
    '他骂我',
    '123456',
    'https://bilibili.com.evil.example/video/BV17x411w7KC',
    'https://bilibili.com@evil.example/video/BV17x411w7KC',
    'https://user@www.bilibili.com/video/BV17x411w7KC',
    'https://b23.tv/abcdefg',
    'https://www.bilibili.com/',
    'javascript:alert(1)',
    'x'.repeat(501),
    '',
  ])('%s is refused with what is accepted', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'bad_input' }))
    expect(() => read(text)).toThrow(/accepted are BV and av numbers, UID:123/)
  })

  it('is never taken from any text that only looks like one', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        try {
          return /^(?:video|article|post|user|live-room|comment):\d+$/.test(read(text).key)
        } catch (error) {
          return error instanceof Error && error.message.includes('accepted are')
        }
      }),
    )
  })

  it('is found within words, each once', () => {
    const text =
      '他搬运了 https://www.bilibili.com/video/BV17x411w7KC 还有av170001，主页 https://space.bilibili.com/42'
    expect(findObjects(text, hosts).map(({ key }) => key)).toEqual(['video:170001', 'user:42'])
    expect(findObjects('没有链接', hosts)).toEqual([])
  })
})
