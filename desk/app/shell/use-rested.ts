import { type CompositionEvent, type ChangeEvent, useEffect, useState } from 'react'

/** Milliseconds without a key after which what was typed is looked for. */
const restMs = 250

/** What a search field looks for. */
export interface RestedSearch {
  /** Trimmed; what was typed before its writer rested, and never half a syllable that an input method still composes. */
  readonly words: string
  /** What stands in the field is not looked for yet. */
  readonly isTyping: boolean
  /** To be spread over the field. */
  readonly field: {
    readonly value: string
    readonly onChange: (event: ChangeEvent<HTMLInputElement>) => void
    readonly onCompositionStart: () => void
    readonly onCompositionEnd: (event: CompositionEvent<HTMLInputElement>) => void
  }
}

/** A search field that asks once its writer rests, not at each letter. Emptied, it rests at once. */
export const useRestedSearch = (): RestedSearch => {
  const [typed, type] = useState('')
  const [isComposing, compose] = useState(false)
  const [words, lookFor] = useState('')
  const wanted = typed.trim()
  useEffect(() => {
    if (isComposing) return undefined
    const timer = setTimeout(() => lookFor(wanted), wanted === '' ? 0 : restMs)
    return () => clearTimeout(timer)
  }, [wanted, isComposing])
  return {
    words,
    isTyping: wanted !== words,
    field: {
      value: typed,
      onChange: ({ target }) => type(target.value),
      onCompositionStart: () => compose(true),
      onCompositionEnd: ({ currentTarget }) => {
        compose(false)
        type(currentTarget.value)
      },
    },
  }
}
