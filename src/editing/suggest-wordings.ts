import type { ArticleContent } from '../core/article.ts'
import type { ByModel, EditorModel, SuggestedWording } from '../core/editing-help.ts'
import type { Understand } from '../core/understanding.ts'
import { createAlikeness, type AskedIn } from './alike.ts'

export interface WordingOptions {
  readonly model: Pick<EditorModel, 'wordings'>
  /** The live articles. */
  readonly articles: () => Promise<readonly ArticleContent[]>
  readonly understand: Understand
  /** From which probability an article is given, and asked about. */
  readonly thresholds: () => { readonly answer: number; readonly clarify: number }
}

const questionsOf = ({ question, similar }: ArticleContent): readonly string[] => [question, ...similar]

/** Wordings that the article does not have, each once. */
const freshOf = (texts: readonly string[], content: ArticleContent): readonly string[] => {
  const kept: string[] = []
  for (const text of texts) {
    const known = [...questionsOf(content), ...kept].map((question) => ({ articleId: content.id, question }))
    if (createAlikeness(known)({ articleId: '', question: text }).length === 0) kept.push(text)
  }
  return kept
}

/** What the classifier makes of a wording, where no other article has it already. */
const understoodAs = async (
  text: string,
  { id }: ArticleContent,
  { understand, thresholds }: WordingOptions,
): Promise<SuggestedWording> => {
  const { candidates } = await understand(text, {})
  const { answer, clarify } = thresholds()
  const [best] = candidates
  if (best === undefined || best.score < clarify) return { text, standing: 'new' }
  if (best.articleId === id) return { text, standing: best.score >= answer ? 'known' : 'new' }
  return { text, standing: 'other', of: { articleId: best.articleId, question: best.question } }
}

/** Similar questions that an article lacks, each with what would become of it. */
export const createSuggestWordings =
  (options: WordingOptions) =>
  async (content: ArticleContent): Promise<ByModel<readonly SuggestedWording[]>> => {
    const { found, model } = await options.model.wordings(content)
    const others = (await options.articles())
      .filter(({ id }) => id !== content.id)
      .flatMap((one) => questionsOf(one).map((question): AskedIn => ({ articleId: one.id, question })))
    const alike = createAlikeness(others)
    const wordings = await Promise.all(
      freshOf(found, content).map((text): Promise<SuggestedWording> => {
        const [of] = alike({ articleId: content.id, question: text })
        return of === undefined
          ? understoodAs(text, content, options)
          : Promise.resolve({ text, standing: 'other', of })
      }),
    )
    return { found: wordings, model }
  }
