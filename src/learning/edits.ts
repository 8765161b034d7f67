import type { ArticleContent } from '../core/article.ts'
import { unwrittenAnswer, type EditFacts } from '../core/editing.ts'
import { TongdaError } from '../core/errors.ts'
import type { AcceptChoice, AssessedQuestion, Proposal, ProposedEdits } from '../core/learning.ts'

export interface EditOptions {
  readonly proposal: Pick<Proposal, 'id' | 'kind' | 'articleId' | 'label' | 'evidence'>
  /** The one most like all of them first. */
  readonly questions: readonly Pick<AssessedQuestion, 'sentence'>[]
  /** The live articles, by id. */
  readonly articles: ReadonlyMap<string, ArticleContent>
  /** What a person replied to one of the questions. */
  readonly reply: string | undefined
  readonly choice: AcceptChoice
}

const mostSimilar = 20
const [leastLetters, mostLetters, mostTitle] = [2, 100, 100]
/** Where something was masked. */
const masked = /\[[^\]]*\]/

const keyOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[\s\p{P}]+/gu, '')
    .trim()

/** Sentences that can stand as wordings, each once, without those that are known. */
const wordingsOf = (sentences: readonly string[], known: readonly string[]): readonly string[] => {
  const seen = new Set(known.map(keyOf))
  return sentences
    .filter((sentence) => {
      const key = keyOf(sentence)
      if (key.length < leastLetters || sentence.length > mostLetters || masked.test(sentence)) return false
      if (seen.has(key)) return false
      seen.add(key)
      return true
    })
    .slice(0, mostSimilar)
}

const questionsOf = ({ question, similar }: ArticleContent): readonly string[] => [question, ...similar]

const reasonOf = ({ kind, evidence }: EditOptions['proposal'], count: number): string => {
  const asked = `${String(count)} 个问题 questions`
  switch (kind) {
    case 'new_article':
      return `没有文章能回答：${asked} without an article`
    case 'new_similar_question':
      return `换了说法就答不上：${asked} in words that the article lacks`
    case 'wrong_threshold':
      return `文章对但分数不够：${String(evidence.threshold?.count ?? count)} right answers scored below the line`
    case 'contradiction':
      return `两篇文章争同一问题：${asked} that two articles answer`
    default:
      return kind satisfies never
  }
}

/** The article with more wordings. */
const widen = (article: ArticleContent, sentences: readonly string[]): ArticleContent => ({
  ...article,
  similar: [...article.similar, ...wordingsOf(sentences, questionsOf(article))],
})

/** Wordings of the article that was wrong and that were asked in these very words. */
const withdraw = (article: ArticleContent, sentences: readonly string[]): ArticleContent => {
  const asked = new Set(sentences.map(keyOf))
  const left = article.similar.filter((one) => !asked.has(keyOf(one)))
  return left.length === 0 ? article : { ...article, similar: left }
}

const topicOf = ({ proposal: { evidence }, articles }: EditOptions): string | undefined => {
  const near = evidence.closest.find(({ articleId }) => articles.has(articleId))
  return (near === undefined ? [...articles.values()][0] : articles.get(near.articleId))?.topic
}

const newArticle = (options: EditOptions, sentences: readonly string[]): ArticleContent => {
  const { proposal, reply } = options
  const topic = topicOf(options)
  if (topic === undefined)
    throw new TongdaError('conflict', 'there is no article whose topic could be taken; give `content`')
  const [title = proposal.label.slice(0, mostTitle)] = wordingsOf([proposal.label, ...sentences], [])
  const similar = wordingsOf(sentences, [title])
  return {
    ...{ id: `${topic}-${proposal.id.slice(-8)}`, topic, question: title },
    similar: similar.length === 0 ? [title] : [...similar],
    answer: reply ?? unwrittenAnswer,
    ...{ negative: [], handoff: false, urgency: 'normal', followups: [], channels: {} },
    tags: ['待编辑'],
  }
}

const save = (content: ArticleContent, reason: string): EditFacts => ({
  ...{ articleId: content.id, action: 'save', content, reason },
})

const widening = (options: EditOptions, articleId: string, sentences: readonly string[]): ProposedEdits => {
  const { proposal, articles } = options
  const article = articles.get(articleId)
  if (article === undefined)
    throw new TongdaError(
      'conflict',
      `there is no live article ${articleId} any more; choose another as \`articleId\`, or give \`content\``,
    )
  const reason = reasonOf(proposal, options.questions.length)
  const wrong = (proposal.evidence.corrections ?? [])
    .filter(({ to, from }) => to === articleId && from !== articleId)
    .flatMap(({ from }) => articles.get(from) ?? [])
  const cleared = wrong
    .map((one) => [one, withdraw(one, sentences)] as const)
    .filter(([before, after]) => before.similar.length !== after.similar.length)
    .map(([, after]) => save(after, reason))
  const wider = widen(article, sentences)
  const added = wider.similar.length > article.similar.length ? [save(wider, reason)] : []
  const needsEditor = proposal.kind === 'contradiction' ? ['similar', 'answer'] : ['similar']
  return { edits: [...added, ...cleared], needsEditor }
}

/** What accepting a proposal would write. The same proposal and articles give the same edits. */
export const proposeEdits = (options: EditOptions): ProposedEdits => {
  const { proposal, questions, choice } = options
  const sentences = choice.similar ?? questions.map(({ sentence }) => sentence)
  const reason = reasonOf(proposal, questions.length)
  if (choice.content !== undefined)
    return { edits: [save(choice.content, choice.reason ?? reason)], needsEditor: [] }
  const articleId = choice.articleId ?? proposal.articleId
  if (articleId !== undefined) return widening(options, articleId, sentences)
  const article = newArticle(options, sentences)
  // An article was made of it before: its answer, which people wrote meanwhile, stays.
  if (options.articles.has(article.id)) return widening(options, article.id, sentences)
  return { edits: [save(article, reason)], needsEditor: ['question', 'answer'] }
}
