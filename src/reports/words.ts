import type { DeskLanguage } from '../core/reason.ts'
import type { ReportName } from '../core/report.ts'
import type { SectionId } from './layout.ts'
import type { MetricId } from './metrics.ts'

/** A number's name and what exactly it counts. */
interface Definition {
  readonly name: string
  readonly means: string
}

const session = '一个联系人在一个渠道里连续说的话，停了 24 小时以后再说算下一次'
const asking = '有提问的会话'

const zh: Readonly<Record<MetricId, Definition>> = {
  sessions: { name: '会话', means: `这段时间里开始的会话。会话：${session}；只关注、只打开页面不算` },
  asked: { name: '有提问', means: '联系人提了问题或要求的会话，只打招呼的不算' },
  answered: { name: '机器人答过', means: `${asking}里，机器人至少给过一次答案的` },
  'bot-solved': {
    name: '机器人解决',
    means: `${asking}里，机器人答过、又没有转人工的占比`,
  },
  'bot-solved-count': { name: '机器人解决', means: '机器人答过、又没有转人工的会话' },
  strict: {
    name: '严格解决',
    means: `${asking}里，机器人答过、没有转人工、没说“没帮助”、72 小时内没有再来问的占比；结束不满 72 小时的不算在内`,
  },
  'strict-count': {
    name: '严格解决',
    means: '机器人答过、没有转人工、没说“没帮助”、72 小时内没有再来问的会话；结束不满 72 小时的不算在内',
  },
  'handed-off': {
    name: '转人工',
    means: `${asking}里，要了人工、由人接待或开了工单的占比`,
  },
  unhelpful: { name: '没帮助', means: '联系人说答案没帮助、或纠正了机器人的会话' },
  tickets: { name: '新工单', means: '这段时间里建立的工单；并入别的工单的不算' },
  'first-reply-median': {
    name: '首响中位',
    means: '从工单建立到第一次人工回复，一半的工单不超过这么久；还没回复的不算',
  },
  'first-reply-p90': {
    name: '首响 P90',
    means: '从工单建立到第一次人工回复，九成的工单不超过这么久；还没回复的不算',
  },
  'within-day': {
    name: '24 h 达标',
    means: '这段时间里建立的工单，24 小时内有人工回复的占比；不满 24 小时又还没回复的不算在内',
  },
  solved: { name: '解决工单', means: '这段时间里解决的工单，不论什么时候建立；按现在的负责人算' },
  replied: { name: '回复过的工单', means: '客服在这段时间里回复过的工单，每人每单算一次' },
  satisfied: { name: '满意度', means: '参评的人里打 4 分或 5 分的占比；按邀请时间算' },
  'response-rate': { name: '参评率', means: '这段时间里邀请评价的人，打了分的占比' },
  failed: { name: '发送失败', means: '这段时间里要发的消息，平台拒收或过期没发出的' },
  'windows-missed': {
    name: '错过窗口',
    means: '因为回复窗口已关、条数用完或等到过期而没发出的消息，含还在等用户再来的',
  },
  complaints: { name: '投诉', means: '这段时间里提交的投诉案件' },
  'complaints-open': { name: '未结', means: '提交的案件里，现在还没有决定也没有撤回的' },
  'complaints-decided': { name: '已决定', means: '提交的案件里，这一轮已有生效决定的' },
  'complaints-in-time': {
    name: '按时决定',
    means: '在期限内决定的占比；还没到期又没决定的不算在内',
  },
  'complaints-median': { name: '处理中位', means: '从提交到最近一次决定，一半的案件不超过这么久' },
  appealed: { name: '申诉', means: '已决定的案件里，被申诉过的占比' },
  suggestions: { name: '建议', means: '这段时间里联系人提的建议，一句算一条；判为不是建议的不算' },
}

const sessionEn = 'what a contact says on one channel without a pause of 24 hours'

const en: Readonly<Record<MetricId, Definition>> = {
  sessions: {
    name: 'Sessions',
    means: `Sessions that began in this time. A session is ${sessionEn}; only following or opening the page is none`,
  },
  asked: {
    name: 'With a question',
    means: 'Sessions in which something was asked or wanted, not only greeted',
  },
  answered: {
    name: 'Answered by the bot',
    means: 'Of the sessions with a question, those with at least one answer',
  },
  'bot-solved': {
    name: 'Solved by the bot',
    means: 'Share of the sessions with a question that the bot answered without a person',
  },
  'bot-solved-count': {
    name: 'Solved by the bot',
    means: 'Sessions that the bot answered without a person',
  },
  strict: {
    name: 'Strictly solved',
    means:
      'Share of the sessions with a question that the bot answered: no person, no “did not help”, no other question within 72 hours; those over for less than 72 hours do not count',
  },
  'strict-count': {
    name: 'Strictly solved',
    means:
      'Sessions that the bot answered: no person, no “did not help”, no other question within 72 hours; those over for less than 72 hours do not count',
  },
  'handed-off': {
    name: 'Handed off',
    means:
      'Share of the sessions with a question in which a person was asked for or led, or a ticket was opened',
  },
  unhelpful: { name: 'Did not help', means: 'Sessions in which the contact said so, or corrected the bot' },
  tickets: { name: 'New tickets', means: 'Tickets opened in this time; merged ones do not count' },
  'first-reply-median': {
    name: 'First reply, median',
    means:
      'Half of the tickets had a person’s first reply within this time; those without a reply do not count',
  },
  'first-reply-p90': {
    name: 'First reply, P90',
    means:
      'Nine of ten tickets had a person’s first reply within this time; those without a reply do not count',
  },
  'within-day': {
    name: 'Within 24 h',
    means:
      'Share of the tickets opened in this time that a person replied to within 24 hours; those without a reply and younger than that do not count',
  },
  solved: {
    name: 'Solved tickets',
    means: 'Tickets solved in this time, whenever opened; by who has them now',
  },
  replied: {
    name: 'Tickets replied to',
    means: 'Tickets an agent replied to in this time, each once an agent',
  },
  satisfied: { name: 'Satisfaction', means: 'Share of scores of 4 and 5; by when they were asked for' },
  'response-rate': { name: 'Response rate', means: 'Share of those asked in this time who gave a score' },
  failed: { name: 'Not delivered', means: 'Messages of this time that the platform refused or that expired' },
  'windows-missed': {
    name: 'Windows missed',
    means:
      'Messages that did not go out because the reply window was closed, its messages used up or their time over; also those that still wait for the contact',
  },
  complaints: { name: 'Complaints', means: 'Complaint cases handed in in this time' },
  'complaints-open': { name: 'Open', means: 'Of those, the ones neither decided nor withdrawn by now' },
  'complaints-decided': {
    name: 'Decided',
    means: 'Of those, the ones with a decision of their round in effect',
  },
  'complaints-in-time': {
    name: 'In time',
    means: 'Share decided before their deadline; those not due and not decided do not count',
  },
  'complaints-median': {
    name: 'Decided, median',
    means: 'Half of the cases had their newest decision within this time',
  },
  appealed: { name: 'Appealed', means: 'Share of the decided cases that were appealed' },
  suggestions: {
    name: 'Suggestions',
    means: 'What contacts suggested in this time, sentence by sentence; discarded ones do not count',
  },
}

const byMetric = { zh, en }

/** A number's name and what exactly it counts. */
export const definitionOf = (metric: MetricId, language: DeskLanguage): Definition =>
  byMetric[language][metric]

const reports: Readonly<Record<DeskLanguage, Readonly<Record<ReportName, string>>>> = {
  zh: {
    overview: '总览',
    intents: '意图',
    channels: '渠道',
    agents: '客服',
    complaints: '投诉',
    suggestions: '建议',
  },
  en: {
    overview: 'Overview',
    intents: 'Intents',
    channels: 'Channels',
    agents: 'Agents',
    complaints: 'Complaints',
    suggestions: 'Suggestions',
  },
}

export const reportName = (report: ReportName, language: DeskLanguage): string => reports[language][report]

const sections: Readonly<Record<DeskLanguage, Readonly<Record<SectionId, string>>>> = {
  zh: {
    hours: '一周各时段的会话',
    funnel: '从会话到解决',
    intents: '各意图',
    channels: '各渠道',
    failures: '没发出的原因',
    agents: '各客服',
    'case-kinds': '各类投诉',
    verdicts: '各种决定',
    themes: '各主题',
    'suggestion-channels': '各渠道的建议',
  },
  en: {
    hours: 'Sessions by hour of the week',
    funnel: 'From session to solution',
    intents: 'By intent',
    channels: 'By channel',
    failures: 'Why messages did not go out',
    agents: 'By agent',
    'case-kinds': 'By kind of complaint',
    verdicts: 'By decision',
    themes: 'By theme',
    'suggestion-channels': 'Suggestions by channel',
  },
}

export const sectionName = (section: SectionId, language: DeskLanguage): string => sections[language][section]
