import { containerBootstrap } from '@nlpjs/core'
import { LangEn } from '@nlpjs/lang-en'
import { LangZh } from '@nlpjs/lang-zh'
import { NluNeural } from '@nlpjs/nlu'
import { createNormaliser, createQuestionIndex, createTokeniser } from '../../src/text/index.ts'
import { guessLanguage, searchTerms, searchText, searchWeight } from '../../src/text/index.ts'
import { trainLinear } from './linear-baseline.ts'

/** A text and what it stands for: a label, an entry. */
export interface Taught {
  readonly text: string
  readonly name: string
}

/** Names by score, best first; the best one's score is from 0 to 1. */
export type Rank = (text: string) => Promise<readonly { readonly name: string; readonly score: number }[]>

/** A simple system to compare with. */
export interface Baseline {
  readonly title: string
  /** It is left out where there is more to learn from: it would take many minutes. */
  readonly mostTaught: number
  readonly learn: (taught: readonly Taught[]) => Promise<Rank>
}

const mostRanked = 10

const numbered = (taught: readonly Taught[]) => {
  const names = [...new Set(taught.map(({ name }) => name))]
  const places = new Map(names.map((name, at) => [name, at]))
  return { names, placeOf: (name: string): number => places.get(name) ?? 0 }
}

const learnBm25 = (taught: readonly Taught[]): Promise<Rank> => {
  const { names, placeOf } = numbered(taught)
  const normalise = createNormaliser()
  const tokeniser = createTokeniser()
  const termsOf = (text: string): readonly string[] => searchTerms(searchText(text, normalise), tokeniser)
  const index = createQuestionIndex(
    taught.map(({ text, name }) => ({ entry: placeOf(name), terms: termsOf(text) })),
    { weightOf: searchWeight },
  )
  return Promise.resolve((text) => {
    const terms = termsOf(text)
    const ceiling = Math.max(index.ceiling(terms), 1e-6)
    return Promise.resolve(
      [...index.search(terms)]
        .sort((a, b) => b.score - a.score || a.entry - b.entry)
        .slice(0, mostRanked)
        .map(({ entry, score }) => ({ name: names[entry] ?? '', score: Math.min(1, score / ceiling) })),
    )
  })
}

const learnLinear = (taught: readonly Taught[]): Promise<Rank> => {
  const { names, placeOf } = numbered(taught)
  const probabilities = trainLinear(
    taught.map(({ text, name }) => ({ text, label: placeOf(name) })),
    names.length,
  )
  return Promise.resolve((text) => {
    const chances = probabilities(text)
    return Promise.resolve(
      names
        .map((name, at) => ({ name, score: chances[at] ?? 0 }))
        .sort((a, b) => b.score - a.score)
        .slice(0, mostRanked),
    )
  })
}

/** Name of nlp.js for a text that it knows nothing of. */
const none = 'None'

const learnNlpJs = async (taught: readonly Taught[]): Promise<Rank> => {
  const container = containerBootstrap()
  for (const language of [LangEn, LangZh]) container.use(language)
  const chinese = taught.filter(({ text }) => guessLanguage(text) === 'zh').length
  const locale = chinese * 2 > taught.length ? 'zh' : 'en'
  const nlu = new NluNeural({ locale, container, log: false })
  await nlu.train(taught.map(({ text, name }) => ({ utterance: text, intent: name })))
  return async (text) => {
    const { classifications } = await nlu.process(text)
    return classifications
      .filter(({ intent }) => intent !== none)
      .slice(0, mostRanked)
      .map(({ intent, score }) => ({ name: intent, score }))
  }
}

export const baselines: readonly Baseline[] = [
  { title: 'BM25', mostTaught: Infinity, learn: learnBm25 },
  { title: 'TF-IDF + linear', mostTaught: Infinity, learn: learnLinear },
  { title: 'nlp.js', mostTaught: 1000, learn: learnNlpJs },
]
