import type { Clock } from '../core/clock.ts'
import type { ReviewForms } from '../core/review-form.ts'
import type { ReviewedArticle, ReviewStore } from '../core/review.ts'
import type { QualityConfig } from './config.ts'

/** What reviewing stands on. */
export interface ReviewDeps {
  readonly store: ReviewStore
  readonly forms: ReviewForms
  readonly clock: Clock
  readonly config: QualityConfig
  /** An article as it is now; undefined: there is none any more. */
  readonly articleOf: (id: string) => ReviewedArticle | undefined
}
