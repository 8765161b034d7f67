import { commonWords } from '../../src/text/index.ts'
import type { CommonWord, WordKind } from '../../src/text/index.ts'
import { createRandom } from './random.ts'

/** Ways to ask about anything; N noun, V verb, A adjective, P place, H human being. */
const frames =
  `什么是N N是什么 N怎么V 怎么VN 如何V N的N N多少钱 哪里有N NN N有哪些 为什么N N为什么V P的N P哪里有N
  N好不好 A的N V的N 我想VN 我的N N可以V吗 N和N的区别 帮我V一下N VN N怎么办 有没有A的N P天气 H是谁 H的N N什么意思
  你V什么N 我要V N能V吗 怎样VN N排行榜 N图片 P到P 他V了N 今天V了N N太A了 VV`.split(/\s+/)

const slots: Readonly<Record<string, WordKind>> = {
  N: 'noun',
  V: 'verb',
  A: 'adjective',
  P: 'place',
  H: 'person',
}

/** Draws words by the square root of their frequency: common ones more often, but not only those. */
const createDraw = (words: readonly CommonWord[], random: () => number): (() => string) => {
  const sums: number[] = []
  let total = 0
  for (const { frequency } of words) {
    total += Math.sqrt(frequency)
    sums.push(total)
  }
  return () => {
    const wanted = random() * total
    let low = 0
    let high = sums.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    return words[low]?.word ?? ''
  }
}

/**
 * Questions about anything under the sun, made of dictionary words: they show the model that one known word among
 * unknown ones is no evidence. Repeatable: same seed, same questions.
 */
export const makeNoise = (count: number, seed: number): readonly string[] => {
  const random = createRandom(seed)
  const words = commonWords()
  const draws = new Map(Object.entries(slots).map(([slot, kind]) => [slot, createDraw(words[kind], random)]))
  return Array.from({ length: count }, () => {
    const frame = frames[Math.floor(random() * frames.length)] ?? 'N'
    return frame.replace(/[A-Z]/g, (slot) => draws.get(slot)?.() ?? '')
  })
}
