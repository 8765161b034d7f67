export {
  hashArticle,
  readArticleFiles,
  readArticleSource,
  readShown,
  writeArticle,
} from './article-source.ts'
export { loadKnowledge } from './load.ts'
export type { LoadedKnowledge, LoadOptions } from './load.ts'
export { pictureFolderOf } from './picture-shelf.ts'
export { loadForms } from './load-forms.ts'
export { createSearch, createSearchInTurns } from './search.ts'
export type { SearchOptions } from './search.ts'
export { watchContent } from './watch.ts'
export type { Built, ContentWatch, WatchOptions } from './watch.ts'
