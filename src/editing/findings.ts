import { isDeepStrictEqual } from 'node:util'
import type { ArticleContent } from '../core/article.ts'
import { unwrittenAnswer, type ArticleChange, type Finding } from '../core/editing.ts'
import type { ContentFault } from '../core/knowledge.ts'
import { createAlikeness, type AskedIn } from './alike.ts'
import type { PreviewArticle } from './articles.ts'
import type { LiveArticles } from './live.ts'

/** What is looked at. */
export interface LookedAt {
  readonly changes: readonly ArticleChange[]
  readonly after: LiveArticles
  /** Faults of everything as it is, and as it would be. */
  readonly faults: { readonly before: readonly ContentFault[]; readonly after: readonly ContentFault[] }
  readonly preview: PreviewArticle
  /** YYYY-MM-DD. */
  readonly today: string
}

const soonDays = 14
const dayMs = 86_400_000

/** Faults that were not there before, wherever they show. */
const newFaults = ({ faults }: LookedAt): readonly Finding[] =>
  faults.after
    .filter((fault) => !faults.before.some((known) => isDeepStrictEqual(known, fault)))
    .map(({ file, problem, fix }) => ({
      level: 'error',
      articleId: /^published\/(.+)\.md$/.exec(file)?.[1] ?? '',
      problem: file.startsWith('published/') ? problem : `${file}: ${problem}`,
      fix,
    }))

const questionsOf = ({ id, question, similar }: ArticleContent): readonly AskedIn[] =>
  [question, ...similar].map((one) => ({ articleId: id, question: one }))

const nearlySame = ({ changes, after }: LookedAt): readonly Finding[] => {
  const all = [...after.values()].flatMap(({ content }) =>
    content === undefined ? [] : questionsOf(content),
  )
  const alike = createAlikeness(all)
  const own = changes.flatMap((change) => {
    const known = new Set(
      change.before === undefined ? [] : questionsOf(change.before).map(({ question }) => question),
    )
    // What was there before was looked at before.
    return change.after === undefined
      ? []
      : questionsOf(change.after).filter(({ question }) => !known.has(question))
  })
  return own.flatMap((asked) => {
    const [other] = alike(asked)
    if (other === undefined) return []
    return [
      {
        level: 'warning',
        articleId: asked.articleId,
        problem: `“${asked.question}” 和 is nearly the same as “${other.question}” (${other.articleId})`,
        fix: '改成更能区分的说法，或并入那篇 word it differently, or join the articles',
      },
    ]
  })
}

const validity = ({ changes, today }: LookedAt): readonly Finding[] =>
  changes.flatMap(({ articleId, after }): readonly Finding[] => {
    const { from, until } = after ?? {}
    if (until === undefined) return []
    const finding = (level: Finding['level'], problem: string): readonly Finding[] => [
      { level, articleId, problem, fix: '检查失效日期 check the last day' },
    ]
    if (from !== undefined && from > until)
      return finding('error', `失效早于生效 it ends (${until}) before it begins (${from})`)
    if (until < today) return finding('error', `已经失效 it ended on ${until}`)
    const leftMs = Date.parse(until) - Date.parse(today)
    return leftMs > soonDays * dayMs ? [] : finding('warning', `即将失效 it ends soon, on ${until}`)
  })

const unwritten = ({ changes }: LookedAt): readonly Finding[] =>
  changes
    .filter(({ after }) => after?.answer.includes(unwrittenAnswer) === true)
    .map(({ articleId }) => ({
      ...{ level: 'error', articleId },
      problem: '还没有答案 nobody has written its answer',
      fix: '写好答案 write it',
    }))

const tooLong = async ({ changes, preview }: LookedAt): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  for (const { articleId, after } of changes) {
    if (after === undefined) continue
    for (const { channel, language, messages, limit } of await preview(after)) {
      if (
        messages.length < 2 ||
        findings.some(
          (one) => one.articleId === articleId && one.problem.startsWith(`${channel} ${language}`),
        )
      )
        continue
      findings.push({
        level: 'warning',
        articleId,
        problem: `${channel} ${language}: 要分 ${String(messages.length)} 条发 takes ${String(messages.length)} messages of ${String(limit.max)} ${limit.unit}`,
        fix: '缩短，或写一份该渠道的答案 shorten it, or write an answer of its own for the channel',
      })
    }
  }
  return findings
}

/** Everything that an editor should look at, what keeps it from being published first. */
export const findEverything = async (looked: LookedAt): Promise<readonly Finding[]> => {
  const found = [
    ...[...newFaults(looked), ...unwritten(looked), ...validity(looked), ...nearlySame(looked)],
    ...(await tooLong(looked)),
  ]
  return [
    ...found.filter(({ level }) => level === 'error'),
    ...found.filter(({ level }) => level === 'warning'),
  ]
}
