import { csvOf } from '../core/csv.ts'
import type { ReportedTheme, SuggestionReport } from '../core/suggestion-report.ts'

type Language = 'zh' | 'en'

const words = {
  zh: {
    title: '建议月报',
    suggestions: '建议',
    contacts: '提出的人',
    lastMonth: '上月',
    channels: '渠道',
    told: '已告知（当时 / 备用地址 / 下次来信时）',
    waiting: '待告知',
    never: '不再告知',
    mostAsked: '提得最多',
    newThemes: '新主题',
    rising: '上升',
    shipped: '已上线',
    declined: '不采纳',
    theme: '主题',
    status: '状态',
    count: '本月',
    before: '上月',
    people: '人数',
    total: '累计',
    section: '部分',
    none: '无',
  },
  en: {
    title: 'Suggestions',
    suggestions: 'Suggestions',
    contacts: 'People',
    lastMonth: 'month before',
    channels: 'Channels',
    told: 'Told (at once / other address / with the next message)',
    waiting: 'Still to be told',
    never: 'Not to be told',
    mostAsked: 'Asked for most',
    newThemes: 'New themes',
    rising: 'Rising',
    shipped: 'Shipped',
    declined: 'Declined',
    theme: 'Theme',
    status: 'Status',
    count: 'Month',
    before: 'Before',
    people: 'People',
    total: 'In all',
    section: 'Section',
    none: 'none',
  },
} as const

const statuses: Readonly<Record<Language, Readonly<Record<ReportedTheme['status'], string>>>> = {
  zh: {
    collected: '已收集',
    considering: '考虑中',
    planned: '计划中',
    shipped: '已上线',
    declined: '不采纳',
  },
  en: {
    collected: 'collected',
    considering: 'considering',
    planned: 'planned',
    shipped: 'shipped',
    declined: 'declined',
  },
}

const sections = ['mostAsked', 'newThemes', 'rising', 'shipped', 'declined'] as const

/** A cell of Markdown: one line, no bars; what contacts wrote formats nothing. */
const cell = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\|`*_[\]<>#]/g, '\\$&')

const table = (themes: readonly ReportedTheme[], language: Language): readonly string[] => {
  const say = words[language]
  if (themes.length === 0) return [say.none]
  const heads = [say.theme, say.status, say.count, say.before, say.people, say.total]
  return [
    `| ${heads.join(' | ')} |`,
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...themes.map(
      ({ label, status, count, before, contacts, total }) =>
        `| ${[cell(label), statuses[language][status], count, before, contacts, total].join(' | ')} |`,
    ),
  ]
}

/** The report to read. */
export const reportMarkdown = (report: SuggestionReport, language: Language): string => {
  const say = words[language]
  const { told } = report
  const channels = report.channels.map(({ channel, count }) => `${channel} ${String(count)}`).join(', ')
  const facts = [
    `${say.suggestions}: ${String(report.suggestions)} (${say.lastMonth} ${String(report.suggestionsBefore)})`,
    `${say.contacts}: ${String(report.contacts)}`,
    `${say.channels}: ${channels === '' ? say.none : channels}`,
    `${say.told}: ${[told.now, told.fallback, told['next-message']].join(' / ')}`,
    `${say.waiting}: ${String(report.waiting)}`,
    `${say.never}: ${String(report.never)}`,
  ]
  return [
    `# ${say.title} ${report.month}`,
    '',
    ...facts.map((fact) => `- ${fact}`),
    ...sections.flatMap((section) => ['', `## ${say[section]}`, '', ...table(report[section], language)]),
    '',
  ].join('\n')
}

/** The report's themes as a table, with the mark by which spreadsheets know UTF-8. */
export const reportCsv = (report: SuggestionReport, language: Language): string => {
  const say = words[language]
  const heads = [say.section, 'id', say.theme, say.status, say.count, say.before, say.people, say.total]
  const rows = sections.flatMap((section) =>
    report[section].map(({ id, label, status, count, before, contacts, total }) => [
      ...[say[section], id, label, statuses[language][status]],
      ...[count, before, contacts, total],
    ]),
  )
  return csvOf([heads, ...rows])
}
