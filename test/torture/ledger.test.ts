import { expect, it } from 'vitest'
import {
  countAtDeaths,
  countInexcusable,
  countUnmarked,
  judge,
  type Mark,
} from '../../bench/torture/ledger.ts'
import type { TranscriptEntry } from '../../sandbox/index.ts'

const entry = (text: string, id: number): TranscriptEntry => ({
  ...{ id, openid: 'o1', at: new Date('2026-11-23T04:00:00Z'), source: 'api' },
  content: { kind: 'text', text },
})
const mark = (text: string, times: number): Mark => ({ contact: 'o1', text, times })
const asked = ['甲', '乙'].map((answer) => ({ answer, acknowledged: true }))
const entries = ['甲', '甲', '甲', '乙'].map(entry)

it('counts an answer that came three times as two repeats, each of which needs a mark', () => {
  expect(judge(asked, entries)).toMatchObject({ repeats: 2, lost: 0 })
  expect(countUnmarked(asked, entries, [mark('甲', 2)])).toBe(0)
  expect(countUnmarked(asked, entries, [mark('甲', 1)])).toBe(1)
})

it('does not let marks of another answer stand for the missing ones', () => {
  expect(countUnmarked(asked, entries, [mark('甲', 1), mark('乙', 5)])).toBe(1)
})

it('excuses an answer that comes again by a death within moments of the copy before, and by no other', () => {
  const lines = [0, 9_000, 20_000].map((atMs) => ({ text: '甲', atMs }))
  const deaths = (...atMs: readonly number[]) => ({ atMs, beforeMs: 2_000, afterMs: 1_000 })
  expect(countInexcusable(asked, lines, deaths(1_500, 8_500))).toBe(0)
  expect(countInexcusable(asked, lines, deaths(1_500))).toBe(1)
  expect(countInexcusable(asked, lines, deaths(2_500, 7_500))).toBe(2)
  expect(countAtDeaths(lines, deaths(1_500, 8_500))).toBe(2)
})
