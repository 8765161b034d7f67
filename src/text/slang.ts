/** One entry of the slang lexicon. */
export interface SlangEntry {
  readonly term: string
  /** What it stands for; empty when it only colours the mood. */
  readonly means: string
  /**
   * `typo` and `abbreviation` are replaced in the text. `slang` keeps its own sense, so its meaning is only added as
   * a hint. `mood` is noted as a signal, and replaced only where it stands alone ("88" → "再见").
   */
  readonly kind: 'typo' | 'abbreviation' | 'slang' | 'mood'
}

const latin = /[a-z0-9]/

/** A Latin word inside a longer one ("tk" in "tkinter") is not that word. */
const cutsWord = (text: string, from: number, to: number): boolean =>
  (latin.test(text.charAt(from)) && latin.test(text.charAt(from - 1))) ||
  (latin.test(text.charAt(to - 1)) && latin.test(text.charAt(to)))

const standsAlone = (text: string, from: number, to: number): boolean =>
  !/[\p{L}\p{N}]/u.test(text.charAt(from - 1)) && !/[\p{L}\p{N}]/u.test(text.charAt(to))

const byFirstUnit = (entries: readonly SlangEntry[]): ReadonlyMap<string, readonly SlangEntry[]> => {
  const groups = new Map<string, SlangEntry[]>()
  for (const entry of entries) {
    const group = groups.get(entry.term.charAt(0)) ?? []
    groups.set(entry.term.charAt(0), [...group, entry])
  }
  for (const group of groups.values()) group.sort((a, b) => b.term.length - a.term.length)
  return groups
}

/** "up" in "up主" already says what it stands for. */
const alreadySaid = (text: string, at: number, { term, means }: SlangEntry): boolean => {
  const inside = means.indexOf(term)
  return inside >= 0 && at >= inside && text.startsWith(means, at - inside)
}

/** What reading slang yields beside the text. */
export interface SlangNotes {
  readonly hints: Set<string>
  readonly moods: Set<string>
}

/** Reads slang in lower-case text, longest term first, left to right; hints and moods are added to `notes`. */
export const createSlangReader = (
  entries: readonly SlangEntry[],
): ((text: string, notes: SlangNotes) => string) => {
  const groups = byFirstUnit(entries.filter((entry) => entry.term !== ''))
  return (text, notes) => {
    let out = ''
    let copied = 0
    let at = 0
    while (at < text.length) {
      const start = at
      const entry = groups
        .get(text.charAt(start))
        ?.find(({ term }) => text.startsWith(term, start) && !cutsWord(text, start, start + term.length))
      if (entry === undefined) {
        at += 1
        continue
      }
      at += entry.term.length
      if (entry.kind === 'mood') notes.moods.add(entry.term)
      if (entry.kind === 'slang') notes.hints.add(entry.means)
      const replaces = entry.kind === 'mood' ? standsAlone(text, start, at) : entry.kind !== 'slang'
      if (!replaces || entry.means === '' || alreadySaid(text, start, entry)) continue
      out += text.slice(copied, start) + entry.means
      copied = at
    }
    return out + text.slice(copied)
  }
}
