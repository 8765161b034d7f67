export { createMessageFeed, indexLine } from './feed.ts'
export { bucketMs, bucketOf, gramsOf, gramsOfFacts, hashGrams } from './grams.ts'
export { createMessageSearch } from './search.ts'
export { searchedText } from './words.ts'
