/** Somebody who can be mentioned in notes. */
export interface Colleague {
  readonly id: string
  readonly name: string
}

/** A colleague as they are found: first letters of the name's syllables, and whole syllables. */
export interface FoundColleague extends Colleague {
  readonly sounds: readonly string[]
}

const latin = /[\p{Script=Latin}\p{N}]/u

/** A Latin name ends where its word does; a Chinese one is followed by anything. */
const endsThere = (text: string, name: string, at: number): boolean => {
  const [last = '', next = ''] = [name.at(-1), text.at(at + name.length)]
  return !(latin.test(last) && latin.test(next))
}

/**
 * Who is mentioned in a note, as `@` and their name; of two names of which one begins the other, the longer one is meant.
 * Colleagues of the same name are all mentioned.
 */
export const mentionedIn = (text: string, colleagues: readonly Colleague[]): readonly string[] => {
  const longestFirst = [...colleagues]
    .filter(({ name }) => name !== '')
    .sort((a, b) => b.name.length - a.name.length)
  const ids = new Set<string>()
  for (const { index } of text.matchAll(/[@＠]/gu)) {
    const at = index + 1
    const meant = longestFirst.find(({ name }) => text.startsWith(name, at) && endsThere(text, name, at))
    for (const { id, name } of colleagues) if (meant !== undefined && name === meant.name) ids.add(id)
  }
  return [...ids]
}

/** Who was mentioned on which ticket, and has read it. Notes write them down by themselves. */
export interface MentionStore {
  /** Everybody who works tickets, by name. */
  colleagues(): Promise<readonly Colleague[]>
  /** Agents who were mentioned on a ticket and have not read it. */
  waitingOn(ticketId: string): Promise<readonly string[]>
  /** Notes that an agent has read what they were mentioned in on a ticket. */
  read(agentId: string, ticketId: string, now: Date): Promise<void>
}

/** Mentions as the desk works with them. */
export interface MentionService extends Omit<MentionStore, 'colleagues'> {
  colleagues(): Promise<readonly FoundColleague[]>
}
