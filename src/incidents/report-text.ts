import type { IncidentActor, IncidentEntry, IncidentReport } from '../core/incident.ts'

type Language = 'zh' | 'en'

const words = {
  zh: {
    report: '故障报告',
    state: { open: '进行中', closed: '已结束' },
    since: '始于',
    declared: '宣布',
    closed: '结束',
    by: '由',
    scope: '范围',
    topics: '话题',
    channels: '渠道',
    all: '全部',
    spike: '依据',
    observed: (observed: number, minutes: number, expected: string, factor: string) =>
      `${String(minutes)} 分钟 ${String(observed)} 条，平时 ${expected} 条（${factor} 倍）`,
    timeline: '经过',
    counts: '每 10 分钟咨询量',
    time: '时间',
    channel: '渠道',
    count: '条数',
    usual: '往周同时',
    sum: '合计',
    tickets: '工单',
    ticketLine: (total: number, solved: number, open: number, replied: number) =>
      `共 ${String(total)}，已解决 ${String(solved)}，未解决 ${String(open)}，已首次回复 ${String(replied)}`,
    median: '首次回复用时中位数（分钟）',
    told: '告知',
    heard: '听到公告的会话',
    followers: '关注的人',
    ways: {
      now: '当时',
      fallback: '备用地址',
      'next-message': '下次来信时',
      planned: '正要告知',
      waits: '待告知',
      never: '不能或不再告知',
    },
    changes: {
      declared: '宣布',
      changed: '修改',
      updated: '通报进展',
      hung: '挂入工单',
      'taken-out': '移出工单',
      closed: '结束',
    },
    system: '系统',
    none: '无',
  },
  en: {
    report: 'Incident report',
    state: { open: 'open', closed: 'closed' },
    since: 'Since',
    declared: 'Declared',
    closed: 'Closed',
    by: 'by',
    scope: 'About',
    topics: 'topics',
    channels: 'channels',
    all: 'all',
    spike: 'Seen by',
    observed: (observed: number, minutes: number, expected: string, factor: string) =>
      `${String(observed)} messages in ${String(minutes)} minutes, usually ${expected} (${factor} times)`,
    timeline: 'What happened',
    counts: 'Messages each 10 minutes',
    time: 'Time',
    channel: 'Channel',
    count: 'Messages',
    usual: 'Same time, weeks before',
    sum: 'In all',
    tickets: 'Tickets',
    ticketLine: (total: number, solved: number, open: number, replied: number) =>
      `${String(total)} in all, ${String(solved)} solved, ${String(open)} open, ${String(replied)} replied to`,
    median: 'Median minutes to the first reply',
    told: 'Telling',
    heard: 'Conversations that heard the notice',
    followers: 'People who follow',
    ways: {
      now: 'at once',
      fallback: 'other address',
      'next-message': 'with the next message',
      planned: 'about to be told',
      waits: 'still to be told',
      never: 'not possible or not wanted',
    },
    changes: {
      declared: 'declared',
      changed: 'changed',
      updated: 'progress told',
      hung: 'ticket hung under it',
      'taken-out': 'ticket taken out',
      closed: 'closed',
    },
    system: 'the product',
    none: 'none',
  },
} as const

/** A cell of Markdown: one line, no bars; what people wrote formats nothing. */
const cell = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\|`*_[\]<>#]/g, '\\$&')

const round = (value: number): string => String(Math.round(value * 10) / 10)

const createTime = (timeZone: string): ((at: Date) => string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return (at) => format.format(at)
}

const saidIn = ({ detail }: IncidentEntry, language: Language): string => {
  const { wording, title } = detail as { wording?: Record<string, string>; title?: Record<string, string> }
  const said = wording ?? title
  return said === undefined ? '' : `: ${cell(said[language] ?? said.zh ?? '')}`
}

const fact = (name: string, value: string): string => `- ${name}: ${value}`

/** Tickets, telling, and messages beside what is usual. */
const numbersOf = (
  { incident, tickets, told, reasons, slots, channels }: IncidentReport,
  language: Language,
  time: (at: Date) => string,
): readonly string[] => {
  const say = words[language]
  return [
    ...['', `## ${say.tickets}`, ''],
    fact(say.tickets, say.ticketLine(tickets.total, tickets.solved, tickets.open, tickets.replied)),
    ...(tickets.medianReplyMinutes === undefined
      ? []
      : [fact(say.median, round(tickets.medianReplyMinutes))]),
    ...['', `## ${say.told}`, ''],
    fact(say.heard, String(incident.heard)),
    fact(say.followers, String(incident.followers)),
    ...(['now', 'fallback', 'next-message', 'planned', 'waits', 'never'] as const).map((way) =>
      fact(say.ways[way], String(told[way])),
    ),
    ...Object.entries(reasons).map(([reason, count]) => `  - ${reason}: ${String(count)}`),
    ...['', `## ${say.counts}`, ''],
    ...(slots.length === 0
      ? [say.none]
      : [`| ${say.time} | ${say.channel} | ${say.count} | ${say.usual} |`, '| --- | --- | ---: | ---: |']),
    ...slots.map(
      ({ at, channel, count, usual }) =>
        `| ${time(at)} | ${cell(channel)} | ${String(count)} | ${usual === undefined ? '–' : round(usual)} |`,
    ),
    ...channels.map(
      ({ channel, count, usual }) =>
        `| ${say.sum} | ${cell(channel)} | ${String(count)} | ${usual === undefined ? '–' : round(usual)} |`,
    ),
    '',
  ]
}

/** The report of an incident as Markdown. */
export const incidentMarkdown = (report: IncidentReport, language: Language): string => {
  const say = words[language]
  const { incident, spike, timeline } = report
  const time = createTime(report.timeZone)
  const who = (actor: IncidentActor): string => (actor.kind === 'system' ? say.system : cell(actor.name))
  const list = (names: readonly string[]): string =>
    names.length === 0 ? say.all : names.map(cell).join(', ')
  const { title, closedAt, closedBy } = incident
  return [
    `# ${say.report} I-${String(incident.number)} ${cell((language === 'en' ? title.en : undefined) ?? title.zh)}`,
    '',
    fact(say.state[incident.state], `${time(report.from)} – ${time(report.to)} (${report.timeZone})`),
    fact(say.since, time(incident.sinceAt)),
    fact(say.declared, `${time(incident.declaredAt)} ${say.by} ${who(incident.declaredBy)}`),
    ...(closedAt === undefined || closedBy === undefined
      ? []
      : [fact(say.closed, `${time(closedAt)} ${say.by} ${who(closedBy)}`)]),
    fact(say.scope, `${say.topics} ${list(incident.topics)}; ${say.channels} ${list(incident.channels)}`),
    ...(spike === undefined
      ? []
      : [
          fact(
            say.spike,
            say.observed(
              spike.evidence.observed,
              spike.evidence.minutes,
              round(spike.evidence.expected),
              round(spike.evidence.factor),
            ),
          ),
        ]),
    ...['', `## ${say.timeline}`, ''],
    ...timeline.map(
      (entry) =>
        `- ${time(entry.at)} ${who(entry.actor)} ${say.changes[entry.change]}${saidIn(entry, language)}`,
    ),
    ...numbersOf(report, language, time),
  ].join('\n')
}
