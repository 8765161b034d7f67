import type { Decision } from '../core/conversation.ts'
import { decided, text } from './outcome.ts'
import type { Turn } from './turn.ts'

/** The whole message says to hear no more of suggestions: noted, and so confirmed. */
export const noMoreNews = (turn: Turn): Decision | undefined =>
  turn.suggestions.saysStop(turn.said.written)
    ? decided(turn, {
        kind: 'chat',
        rule: 'no-more-news',
        reasons: [{ code: 'no-more-news', values: {} }],
        say: [text(turn.words().noMoreNews)],
      })
    : undefined

/** A suggestion that nothing else answers is thanked for. What may be a question is asked about as any other. */
export const suggestionNoted = (turn: Turn): Decision | undefined => {
  if (turn.said.correction !== undefined) return undefined
  const [first] = turn.suggestions.suggestionsIn(turn.said.written).filter(({ isSure }) => isSure)
  if (first === undefined) return undefined
  return decided(turn, {
    kind: 'chat',
    rule: 'suggestion-noted',
    reasons: [{ code: 'suggestion-noted', values: { cues: first.cues.join(', ') } }],
    say: [text(turn.words().suggestionNoted)],
  })
}
