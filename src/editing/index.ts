export { createArticleReading, type PreviewArticle } from './articles.ts'
export { createDraftService } from './drafts.ts'
export { createPublishService } from './publish.ts'
export { createRunEvaluation, type Learn } from './run-evaluation.ts'
