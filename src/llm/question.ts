import type { ModelMaterial } from '../core/language-model.ts'
import type { CallFailure } from './failure.ts'
import type { Shape } from './shape.ts'

/** What is asked of one model, masked by now. */
export interface ChatQuestion {
  readonly instructions: string
  readonly material: readonly ModelMaterial[]
  readonly shape: Shape
  /** Hears all that was written so far, again and again, when something in it may have ended. Absent: the answer comes whole. */
  readonly heard?: ((text: string) => void) | undefined
}

/** What came of asking it, and the tokens it took. */
export interface ChatResult {
  readonly said: { readonly value: unknown } | CallFailure
  readonly inputTokens: number
  readonly outputTokens: number
  /** How long it took when it was recorded; absent: it was asked just now. */
  readonly ms?: number
}
