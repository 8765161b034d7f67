import type { HelpLanguage } from '../core/help.ts'
import type { SearchArticles } from '../core/knowledge.ts'
import { loadSounds } from '../text/index.ts'
import type { Page } from './page.ts'

/** Finds pages for what a reader typed, best first. */
export type FindArticles = (typed: string, language: HelpLanguage, limit: number) => Promise<readonly Page[]>

export interface FinderOptions {
  readonly pages: Readonly<Record<HelpLanguage, ReadonlyMap<string, Page>>>
  /** Asked for once. */
  readonly search: () => Promise<SearchArticles>
}

/** More is not read: a question that long is not typed into a search field. */
const maxQueryLength = 100
/** Articles that score below this share of the best one share no more than a syllable with the question. */
const leastShare = 0.3
/** Two letters begin too many titles to mean one. */
const initialsRule = /^[a-z]{3,20}$/

/** What was typed, without what cannot be seen; cut where it is too long. */
export const cleanQuery = (typed: string): string => {
  const seen = typed
    .slice(0, maxQueryLength * 4)
    .normalize('NFKC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
  // By whole characters: half of one cannot stand in an address.
  return Array.from(seen).slice(0, maxQueryLength).join('').trim()
}

/** Pages by the sound of their Chinese title: those that begin with it first. */
const createSoundSearch = async (pages: ReadonlyMap<string, Page>) => {
  // Loaded when it is first needed: its dictionary takes memory.
  const soundsOf = await loadSounds()
  const sounds = [...pages.values()].map((page) => ({ page, sounds: soundsOf(page.title) }))
  return (letters: string): readonly Page[] => {
    const places = sounds.flatMap(({ page, sounds: own }) => {
      const found = own.map((sound) => sound.indexOf(letters)).filter((place) => place >= 0)
      return found.length === 0 ? [] : [{ page, place: Math.min(...found) }]
    })
    return places.sort((a, b) => a.place - b.place).map(({ page }) => page)
  }
}

/** Search by words, and by pinyin initials where only Latin letters were typed. */
export const createFinder = ({ pages, search }: FinderOptions): FindArticles => {
  let words: Promise<SearchArticles> | undefined
  let sounds: ReturnType<typeof createSoundSearch> | undefined
  const byWords: FindArticles = async (query, language, limit) => {
    words ??= search()
    // In English fewer articles are left of the same hits.
    const hits = (await words)(query, limit * 4)
    const least = (hits[0]?.score ?? 0) * leastShare
    return hits
      .filter(({ score }) => score >= least)
      .flatMap(({ articleId }) => pages[language].get(articleId) ?? [])
  }
  const bySound = async (query: string, language: HelpLanguage): Promise<readonly Page[]> => {
    const letters = query.toLowerCase().replaceAll(/[\s']/g, '')
    if (language !== 'zh-CN' || !initialsRule.test(letters)) return []
    sounds ??= createSoundSearch(pages['zh-CN'])
    return (await sounds)(letters)
  }
  return async (typed, language, limit) => {
    const query = cleanQuery(typed)
    if (query === '') return []
    const found = [...(await bySound(query, language)), ...(await byWords(query, language, limit))]
    return [...new Set(found)].slice(0, limit)
  }
}
