import { padTo } from '../report.ts'
import type { LlmChange, LlmMeasures, LlmReport } from './measure.ts'

const rows: readonly (readonly [keyof LlmMeasures, string, string?])[] = [
  ['answered', '已回答 answered'],
  ['wrongByArticle', '答错，按文章 wrong, by the article'],
  ['wrongByJudge', '答错，按评审 wrong, by the judge'],
  ['refused', '未回答 not answered'],
  ['refusedByModel', '  模型说没有答案 the model found none'],
  ['droppedByCheck', '  核对不过，未发出 dropped by the check'],
  ['failed', '  模型没有可用回答 the model failed'],
  ['calls', '调用 calls'],
  ['tokens', 'token 数 tokens'],
  ['cost', '费用 cost'],
  ['p50Ms', '延迟 latency p50', ' ms'],
  ['p95Ms', '延迟 latency p95', ' ms'],
]

const [title, side] = [44, 16] as const
const mostTold = 20

const show = (value: number | null, unit = ''): string => (value === null ? '–' : `${String(value)}${unit}`)

const line = (...cells: readonly string[]): string =>
  cells
    .map((cell, at) => padTo(cell, at === 0 ? title : side))
    .join('')
    .trimEnd()

const tellChange = ({ text, without, with: helped, article, wrong }: LlmChange): string =>
  `  ${wrong.length > 0 ? '✗' : '·'} “${text}”  ${without} → ${helped}${article === null ? '' : ` (${article})`}${
    wrong.length === 0 ? '' : `  答错 wrong: ${wrong.join(', ')}`
  }`

const tellMissing = (missing: readonly string[]): readonly string[] =>
  missing.length === 0
    ? []
    : [
        '',
        `录制里没有这些消息的回答（文章、提示或设置变了） the recording lacks answers for these messages; articles, instructions or settings have changed. 重录 record anew: --record FILE`,
        ...missing.slice(0, mostTold).map((text) => `  ? “${text}”`),
        ...(missing.length > mostTold ? [`  … ${String(missing.length - mostTold)}`] : []),
      ]

/** The report for people. */
export const tellLlm = (report: LlmReport): string => {
  const { models, messages, judge, overBudget, changes } = report
  return [
    `${models.join(', ')} · ${String(messages)} 条消息 messages`,
    '',
    line('', '无模型 without', '有模型 with'),
    ...rows.map(([name, words, unit]) =>
      line(`  ${words}`, show(report.without[name], unit), show(report.with[name], unit)),
    ),
    ...(judge.calls === 0
      ? []
      : [
          '',
          `评审 judge: ${String(judge.calls)} calls, ${String(judge.tokens)} tokens, ${String(judge.cost)}`,
        ]),
    ...judge.failures.map(
      ({ reason, answers }) => `评审没有结论 no verdict: ${String(answers)} 条回答 answers – ${reason}`,
    ),
    ...(overBudget === 0
      ? []
      : [`预算用完，未问 not asked, the budget is used up: ${String(overBudget)} (llm.budget)`]),
    ...(changes.length === 0
      ? []
      : [
          '',
          '有变化或答错的 changed, or wrong (无 without → 有 with)',
          ...changes.slice(0, mostTold).map(tellChange),
          ...(changes.length > mostTold ? [`  … ${String(changes.length - mostTold)}`] : []),
        ]),
    ...tellMissing(report.missing),
  ].join('\n')
}
