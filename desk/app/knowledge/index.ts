// The pages of the knowledge, fetched when one of them is opened.
export { ArticlePage } from './article-page.tsx'
export { Articles } from './articles.tsx'
export { DraftPage, NewDraftPage } from './draft-page.tsx'
export { Drafts } from './drafts.tsx'
export { Exchange } from './exchange.tsx'
export { KnowledgeLayout } from './layout.tsx'
export { Proposals } from './proposals.tsx'
export { Versions } from './versions.tsx'
