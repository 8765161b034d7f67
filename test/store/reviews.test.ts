import { describe } from 'vitest'
import { isSampling } from '../contract/review-sampling.ts'
import { areReviews } from '../contract/reviews.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('reviews on the embedded database', () => {
  areReviews(openTestEmbedded)
  isSampling(openTestEmbedded)
})
describeWith('postgres', 'reviews on PostgreSQL', (url) => {
  areReviews(() => openTestPostgres(url))
  isSampling(() => openTestPostgres(url))
})
