import type { Emotion } from '../src/core/understanding.ts'
import type { Normalise, Normalised } from '../src/text/index.ts'
import { createPhraseFinder } from './phrases.ts'
import type { EmotionLexicon } from './schema.ts'

/** What a text feels like. */
export interface EmotionReading {
  readonly emotion: Emotion
  /** 0 (calm) to 3 (furious). */
  readonly strength: number
  /** The words, faces or emoji that said so. */
  readonly words: readonly string[]
}

export type ReadEmotion = (read: Normalised) => EmotionReading

type Feeling = Exclude<Emotion, 'neutral'>
const feelings: readonly Feeling[] = ['angry', 'sad', 'anxious', 'happy']

/** Faces that chat apps draw from text, by what they show. Ambiguous ones (微笑, 捂脸) are left out. */
const faces: Readonly<Record<Feeling, string>> = {
  angry: '发怒 咒骂 抓狂 怒 怒骂 生气 敲打 炸弹 菜刀 鄙视 拳头 怄火 左哼哼 右哼哼 差劲 弱',
  sad: '流泪 大哭 难过 委屈 快哭了 心碎 凋谢 泪 悲伤 伤心 失望 可怜',
  anxious: '惊恐 冷汗 流汗 晕 吓 发抖 恐惧 汗',
  happy:
    '呲牙 偷笑 愉快 憨笑 鼓掌 玫瑰 爱心 拥抱 强 胜利 爱你 抱拳 ok 好的 加油 耶 哈哈 嘻嘻 赞 鲜花 示爱 亲亲 点赞',
}
const faceStrength = 2

interface Mark {
  readonly text: string
  readonly feeling: Feeling
  readonly strength: number
}

const denied = /(?:不|没|没有|别|不要|不用) ?$/

/** Loud writing: many marks, drawn-out characters, capitals. */
const loudness = ({ marks }: Normalised): number =>
  Number(marks.exclamations >= 2) +
  Number(marks.exclamations + marks.questions >= 4) +
  Number(marks.longestRun >= 4) +
  Number(marks.capitals > 0.7)

const listMarks = (lexicon: EmotionLexicon, normalise: Normalise) => {
  const words: Mark[] = []
  const signals = new Map<string, Mark>()
  for (const feeling of feelings) {
    for (const { term, strength } of lexicon[feeling]) {
      const { text, signals: signs } = normalise(term)
      for (const sign of signs.filter((one) => /^(?:emoji|face|mood):/.test(one)))
        signals.set(sign, { text: term, feeling, strength })
      // Punctuation is counted as loudness, not looked up.
      if (/[\p{L}\p{N}]/u.test(text)) words.push({ text, feeling, strength })
    }
    for (const face of faces[feeling].split(' '))
      signals.set(`face:${face}`, { text: face, feeling, strength: faceStrength })
  }
  return { words, signals }
}

/** Builds the reader: the longest words count, faces and emoji too; faint ones alone decide nothing; loudness adds one. */
export const createEmotionReader = (lexicon: EmotionLexicon, normalise: Normalise): ReadEmotion => {
  const { words, signals } = listMarks(lexicon, normalise)
  const find = createPhraseFinder(words, ({ text }) => text)
  return (read) => {
    const said = find(read.text).filter(({ at }) => !denied.test(read.text.slice(Math.max(0, at - 3), at)))
    const found = [
      ...said.map(({ entry }) => entry),
      ...read.signals.flatMap((sign) => signals.get(sign) ?? []),
    ]
    const weight = (feeling: Feeling): number =>
      found.reduce((sum, mark) => (mark.feeling === feeling ? sum + mark.strength : sum), 0)
    const strongest = feelings.reduce(
      (best, feeling) => (weight(feeling) > weight(best) ? feeling : best),
      'angry',
    )
    const marks = found.filter(({ feeling }) => feeling === strongest)
    const loud = loudness(read)
    const peak = marks.reduce((most, { strength }) => Math.max(most, strength), 0)
    const decided = peak >= 2 || (peak === 1 && (marks.length >= 2 || loud >= 1))
    if (!decided) return { emotion: 'neutral', strength: 0, words: [] }
    const strength = Math.min(3, peak + Number(loud >= 1) + Number(marks.length >= 3))
    return { emotion: strongest, strength, words: [...new Set(marks.map(({ text }) => text))] }
  }
}
