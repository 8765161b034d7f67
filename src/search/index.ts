export { createMessageFeed, indexLine } from './feed.ts'
export { bucketMs, gramsOf, gramsOfFacts, hashGrams } from './grams.ts'
export { createMessageSearch } from './search.ts'
export { createFindSimilar } from './similar.ts'
