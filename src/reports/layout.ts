import type { ReportName, ReportSection } from '../core/report.ts'
import type { Dimension } from './fact.ts'
import type { MetricId } from './metrics.ts'

/** A table of a report: one row for each value of a dimension, or one for each number. */
export interface SectionLayout {
  readonly id: SectionId
  readonly chart: ReportSection['chart']
  /** Absent: one row for each of `metrics`, with a single column. */
  readonly by?: Dimension
  readonly metrics: readonly MetricId[]
  /** Rows in which the first number has clearly grown are marked. */
  readonly surges?: true
}

export type SectionId =
  | 'hours'
  | 'funnel'
  | 'intents'
  | 'channels'
  | 'failures'
  | 'agents'
  | 'case-kinds'
  | 'verdicts'
  | 'themes'
  | 'suggestion-channels'

/** What a report shows. */
export interface ReportLayout {
  readonly cards: readonly MetricId[]
  readonly sections: readonly SectionLayout[]
}

/** What each report shows, in this order. */
export const layouts: Readonly<Record<ReportName, ReportLayout>> = {
  overview: {
    cards: [
      'sessions',
      'bot-solved',
      'strict',
      'handed-off',
      'first-reply-median',
      'first-reply-p90',
      'within-day',
      'satisfied',
      'response-rate',
    ],
    sections: [
      {
        id: 'funnel',
        chart: 'funnel',
        metrics: ['sessions', 'asked', 'answered', 'bot-solved-count', 'strict-count'],
      },
      { id: 'hours', chart: 'heat', by: 'hour', metrics: ['sessions'] },
    ],
  },
  intents: {
    cards: ['asked', 'bot-solved', 'strict', 'handed-off', 'unhelpful'],
    sections: [
      {
        id: 'intents',
        chart: 'bars',
        by: 'topic',
        metrics: ['asked', 'bot-solved', 'strict', 'handed-off', 'unhelpful'],
        surges: true,
      },
    ],
  },
  channels: {
    cards: ['sessions', 'failed', 'windows-missed'],
    sections: [
      {
        id: 'channels',
        chart: 'bars',
        by: 'channel',
        metrics: ['sessions', 'bot-solved', 'handed-off', 'tickets', 'failed', 'windows-missed', 'satisfied'],
      },
      { id: 'failures', chart: 'bars', by: 'code', metrics: ['failed', 'windows-missed'], surges: true },
    ],
  },
  agents: {
    cards: ['tickets', 'replied', 'solved', 'first-reply-median', 'within-day', 'satisfied'],
    sections: [
      {
        id: 'agents',
        chart: 'none',
        by: 'agent',
        metrics: [
          'tickets',
          'replied',
          'solved',
          'first-reply-median',
          'first-reply-p90',
          'within-day',
          'satisfied',
        ],
      },
    ],
  },
  complaints: {
    cards: [
      'complaints',
      'complaints-open',
      'complaints-decided',
      'complaints-in-time',
      'complaints-median',
      'appealed',
    ],
    sections: [
      {
        id: 'case-kinds',
        chart: 'bars',
        by: 'case-kind',
        metrics: [
          'complaints',
          'complaints-open',
          'complaints-decided',
          'complaints-in-time',
          'complaints-median',
        ],
        surges: true,
      },
      { id: 'verdicts', chart: 'bars', by: 'verdict', metrics: ['complaints-decided', 'appealed'] },
    ],
  },
  suggestions: {
    cards: ['suggestions'],
    sections: [
      { id: 'themes', chart: 'bars', by: 'theme', metrics: ['suggestions'], surges: true },
      { id: 'suggestion-channels', chart: 'none', by: 'channel', metrics: ['suggestions'] },
    ],
  },
}
