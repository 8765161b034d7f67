import type { PlacedPicture } from '../core/knowledge.ts'

/** An article in one language, as it is shown. */
export interface Page {
  readonly id: string
  readonly topic: string
  readonly title: string
  /** Markdown. */
  readonly answer: string
  readonly pictures: readonly PlacedPicture[]
  /** A person always handles it. */
  readonly handoff: boolean
}
