import type { ModelMaterial } from '../../core/language-model.ts'
import { estimateTokens } from '../tokens.ts'

/** Words of one side, in order. `note`: between colleagues. */
export interface Said {
  readonly by: 'contact' | 'bot' | 'agent' | 'note'
  readonly text: string
}

/** Tokens of a conversation that go to a model; older words are left out first. */
const most = 3_000
/** What the marks around one piece take. */
const perPiece = 40
/** Of a single message, in UTF-16 units. */
const longest = 2_000

/**
 * A conversation as material, a piece for each turn: what is said within one cannot pass for another's. The newest words
 * that fit.
 */
export const conversationMaterial = (said: readonly Said[]): readonly ModelMaterial[] => {
  const pieces: { readonly by: Said['by']; text: string }[] = []
  let left = most
  for (const { by, text } of said.toReversed()) {
    const words = text.trim().slice(0, longest)
    if (words === '') continue
    const first = pieces[0]
    const joins = first?.by === by
    left -= estimateTokens(words) + (joins ? 0 : perPiece)
    if (left < 0 && pieces.length > 0) break
    if (first !== undefined && joins) first.text = `${words}\n${first.text}`
    else pieces.unshift({ by, text: words })
  }
  return pieces.map(({ by, text }) => ({ name: by, text }))
}
