// What belongs to tickets and can wait a moment: fetched together, when the first of it is shown.
export { CannedList } from '../canned/canned-list.tsx'
export { Missing } from '../canned/missing.tsx'
export { Verdict } from '../ticket/verdict.tsx'
export { MentionList } from './mention-list.tsx'
export { OtherDraft } from './other-draft.tsx'
