import { newerStories } from './newer.ts'
import { olderStories } from './older.ts'
import { owedStories } from './owed.ts'
import type { PastAgent, PastStory } from './story.ts'

export { pastMacros, pastReplies } from './aids.ts'
export { pastQuestions } from './questions.ts'
export type { PastAgent, PastBegin, PastLine, PastQuestions, PastStory } from './story.ts'

/** Thirty tickets of the two weeks before the demo began. */
export const pastStories: readonly PastStory[] = [...olderStories, ...newerStories, ...owedStories]

/** The people who worked them. They have no way to sign in until somebody makes them one. */
export const pastAgents: Readonly<
  Record<PastAgent, { readonly name: string; readonly email: string; readonly role: 'senior' | 'agent' }>
> = {
  liran: { name: '李然', email: 'liran@ciyuan.example', role: 'senior' },
  wangke: { name: '王珂', email: 'wangke@ciyuan.example', role: 'agent' },
}
