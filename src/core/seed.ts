/** Who says a line, and where in a conversation it fits. */
export type SeedRole = 'ask' | 'answer' | 'reply' | 'note'

/** Something that is said in made-up conversations. */
export interface SeedLine {
  readonly role: SeedRole
  /** Undefined: fits everywhere. */
  readonly topic?: string
  readonly text: string
  /** What the search finds it by, without the span of time. */
  readonly grams: readonly number[]
}

/** What stands before or after a line. */
export type SeedWords = Pick<SeedLine, 'text' | 'grams'>

/** What made-up data is made of. */
export interface SeedMaterial {
  readonly lines: readonly SeedLine[]
  readonly before: readonly SeedWords[]
  readonly after: readonly SeedWords[]
  /** The topics of tickets, the most frequent first. */
  readonly topics: readonly string[]
  readonly names: readonly string[]
  /** What messages of an inbox, an author and a direction are found by: the keys joined by spaces. */
  readonly facts: ReadonlyMap<string, readonly number[]>
}

/** How much is made. */
export interface SeedSize {
  readonly tickets: number
  readonly messages: number
  readonly days: number
  readonly seed: number
  /** The end of what is made. */
  readonly now: Date
}

/** What lies in a database. */
export interface SeedState {
  readonly seeded: number
  readonly real: number
}

/** Fills a database with made-up data, to see how the product fares with much. */
export interface Seeder {
  /** Conversations. */
  state(): Promise<SeedState>
  /** All or nothing: what breaks off leaves no trace. */
  fill(
    material: SeedMaterial,
    size: SeedSize,
    onStep: (step: string, done: number, of: number) => void,
  ): Promise<void>
  /** Takes all made-up data away; gives how many conversations. */
  remove(): Promise<number>
}

/** The inboxes of made-up data, and how much of the traffic each has, in percent. */
export const seedInboxes = [
  { inboxId: 'seed-wechat', channel: 'wechat', percent: 45 },
  { inboxId: 'seed-web', channel: 'web', percent: 20 },
  { inboxId: 'seed-weibo', channel: 'weibo', percent: 14 },
  { inboxId: 'seed-wecom', channel: 'wecom', percent: 10 },
  { inboxId: 'seed-email', channel: 'email', percent: 7 },
  { inboxId: 'seed-telegram', channel: 'telegram', percent: 3 },
  { inboxId: 'seed-api', channel: 'api', percent: 1 },
] as const
