/** How loudly an agent is told of something: not at all, by a notice of the machine, by that and a tone. */
export const loudness = ['off', 'notice', 'sound'] as const
export type Loudness = (typeof loudness)[number]

/** What an agent can be told of while she looks elsewhere. */
export const occasions = ['waiting', 'message', 'mentioned', 'danger', 'broken'] as const
export type Occasion = (typeof occasions)[number]

/** How an agent wants the desk to behave, at whichever machine she sits. */
export interface Preferences {
  readonly keys: {
    /** False: keys without Ctrl, ⌘ or Alt that write a character do nothing. */
    readonly single: boolean
    /** Commands whose key is not the usual one; an empty one has none. */
    readonly bindings: Readonly<Record<string, string>>
  }
  /** Absent: as usual. */
  readonly notices: Readonly<Partial<Record<Occasion, Loudness | undefined>>>
}

/** Of whoever never said anything. */
export const usualPreferences: Preferences = { keys: { single: true, bindings: {} }, notices: {} }

/** What agents prefer. */
export interface PreferenceStore {
  /** The usual ones for whoever never said. */
  get(agentId: string): Promise<Preferences>
  /** Takes the place of what was there. Throws `not_found` when there is no such agent. */
  set(agentId: string, preferences: Preferences, now: Date): Promise<void>
}
