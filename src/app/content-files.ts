import { join } from 'node:path'
import {
  loadIntents,
  loadLexicons,
  loadSuggestionWords,
  type IntentSet,
  type Lexicons,
  type SuggestionWords,
} from '../../intents/index.ts'
import { loadForms, loadKnowledge } from '../../knowledge/index.ts'
import { loadPolicy } from '../complaints/index.ts'
import type { Config } from '../config.ts'
import type { Overlay } from '../core/editing.ts'
import type { Form } from '../core/form.ts'
import type { ContentFault, KnowledgeBase } from '../core/knowledge.ts'
import { toolArticleFaults } from './tool-articles.ts'

/** What the files hold, without what is faulty. */
export interface Files {
  readonly knowledge: KnowledgeBase | undefined
  readonly forms: readonly Form[]
  readonly intents: IntentSet | undefined
  readonly lexicons: Lexicons
  readonly wishes: SuggestionWords
  readonly faults: readonly ContentFault[]
}

/** What beside the files makes up the articles. */
interface Above {
  readonly overlays?: readonly Overlay[]
  readonly today?: string
}

/** Reads all content. What is faulty is named and left out. */
export const readFiles = async ({ content, tools }: Config, above: Above = {}): Promise<Files> => {
  const { intents, faults } = await loadIntents(content.intents)
  const topics = (intents?.topics ?? []).map(({ topic }) => topic)
  const articles = await loadKnowledge(content.articles, topics, above)
  const words = await loadLexicons(join(content.intents, 'lexicon'))
  const wishes = await loadSuggestionWords(join(content.intents, 'lexicon'))
  const forms = await loadForms(content.forms, {
    topics,
    // A form stays what it is on days on which one of its articles is not given.
    articles: [...articles.ids],
    intents: (intents?.intents ?? []).map(({ intent }) => intent),
  })
  return {
    knowledge: articles.knowledge,
    forms: forms.forms,
    intents,
    lexicons: words.lexicons,
    wishes: wishes.words,
    faults: [
      ...[...faults, ...articles.faults, ...words.faults, ...wishes.faults, ...forms.faults],
      // Files alone lack what was written at the desk.
      ...(above.overlays === undefined ? [] : toolArticleFaults(tools, articles.ids)),
    ],
  }
}

/** The articles without fault. */
export const loadArticles = async ({ content }: Config): Promise<KnowledgeBase['articles']> => {
  const { intents } = await loadIntents(content.intents)
  const topics = (intents?.topics ?? []).map(({ topic }) => topic)
  return (await loadKnowledge(content.articles, topics)).knowledge?.articles ?? []
}

/** Looks at all content without using it. */
export const checkContent = async (
  config: Config,
): Promise<{
  readonly faults: readonly ContentFault[]
  readonly articles: number
  readonly intents: number
  readonly forms: number
}> => {
  const { knowledge, intents, forms, faults } = await readFiles(config)
  const reasons = await loadPolicy(config.complaints.policy)
  return {
    faults: [...faults, ...reasons.faults],
    articles: knowledge?.articles.length ?? 0,
    intents: intents?.intents.length ?? 0,
    forms: forms.length,
  }
}

/** What is wrong with all articles as they would be with these overlays. */
export const faultsWith = async (
  config: Config,
  overlays: readonly Overlay[],
): Promise<readonly ContentFault[]> => (await readFiles(config, { overlays })).faults
