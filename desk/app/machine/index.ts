// What a language model does for editors, fetched where it is switched on.
export { ArticleHelp } from './article-help.tsx'
export { Contradictions } from './contradictions.tsx'
export { ProposalDraft, TicketDraft } from './draft.tsx'
