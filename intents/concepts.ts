import type { Normalise } from '../src/text/index.ts'
import type { Concept } from './schema.ts'

/** Names the concepts whose words stand in normalised text; each once, in order of the list. */
export type FindConcepts = (text: string) => readonly string[]

interface Term {
  readonly text: string
  readonly concept: number
  /** Latin words may go on after the term (`refund*`). */
  readonly open: boolean
}

const latin = /[a-z0-9]/

const fits = (text: string, at: number, { text: term, open }: Term): boolean => {
  if (!text.startsWith(term, at)) return false
  if (latin.test(term.charAt(0)) && latin.test(text.charAt(at - 1))) return false
  return open || !(latin.test(term.charAt(term.length - 1)) && latin.test(text.charAt(at + term.length)))
}

/** Builds the finder: terms are normalised like the texts they are compared with. */
export const createConceptFinder = (concepts: readonly Concept[], normalise: Normalise): FindConcepts => {
  const byFirst = new Map<string, Term[]>()
  for (const [at, { terms }] of concepts.entries()) {
    for (const written of terms) {
      const open = written.endsWith('*')
      const { text } = normalise(open ? written.slice(0, -1) : written)
      if (text === '') continue
      const group = byFirst.get(text.charAt(0)) ?? []
      byFirst.set(text.charAt(0), group)
      group.push({ text, concept: at, open })
    }
  }
  for (const group of byFirst.values()) group.sort((a, b) => b.text.length - a.text.length)
  return (text) => {
    const found = new Set<number>()
    for (let at = 0; at < text.length; at++) {
      // Only the longest terms at a place count: 会员购 is the shop, not membership.
      let longest = 0
      for (const term of byFirst.get(text.charAt(at)) ?? []) {
        if (term.text.length < longest) break
        if (!fits(text, at, term)) continue
        longest = term.text.length
        found.add(term.concept)
      }
    }
    return [...found].sort((a, b) => a - b).map((at) => concepts[at]?.concept ?? '')
  }
}
