import type { Schemas } from '../api/v1.ts'
import { exactTime, spanOf } from '../shell/time.ts'
import type { AnyTranslate } from '../words/index.ts'
import { isAdminWord, type WordKey } from '../words/admin.ts'

export type Health = Schemas['SystemHealth']
type T = AnyTranslate<WordKey>

/** The oldest message may wait so long, a job, a timer, before somebody should look. */
const outboxMs = 5 * 60_000
const jobMs = 5 * 60_000
const timerMs = 5_000

/** Bytes in the unit that says enough. */
export const sizeOf = (bytes: number): string => {
  const megabytes = bytes / 1_048_576
  return megabytes < 1_024 ? `${megabytes.toFixed(0)} MB` : `${(megabytes / 1_024).toFixed(1)} GB`
}

/** What a kind of work is called; a newer server knows more kinds than this page. */
export const workName = (kind: string, t: T): string => {
  const key = `job.${kind}`
  return isAdminWord(key) ? t(key) : kind
}

/** What to do about a refusal. */
export const fixOf = (code: string, t: T): string => {
  const key = `health.fix.${code}`
  return t(isAdminWord(key) ? key : 'health.fix.permanent')
}

/** Refusals that somebody can do something about; the others end by themselves. */
const mendable = new Set(['needs_operator', 'no_permission', 'token_expired', 'provider_down', 'permanent'])

const ofChannels = ({ channels }: Health, t: T): readonly string[] =>
  channels.flatMap(({ inboxId: name, state, lastError, pause, refused }) => [
    ...(state === 'failing'
      ? [t('health.concern.failing', { name, message: lastError?.message ?? '' })]
      : []),
    ...(pause === undefined
      ? []
      : [t('health.concern.paused', { name, at: exactTime(pause.until), reason: pause.reason })]),
    ...refused
      .filter(({ code }) => mendable.has(code))
      .map(({ code, count: n }) => t('health.concern.refused', { name, n, code, fix: fixOf(code, t) })),
  ])

const ofWork = ({ at, outbox, jobs, deadJobs, timers, failingTimers }: Health, t: T): readonly string[] => {
  const oldest = outbox?.oldestQueuedAt
  const waited = oldest === undefined ? 0 : Date.parse(at) - Date.parse(oldest)
  return [
    ...(waited > outboxMs ? [t('health.concern.outbox', { time: spanOf(waited, t) })] : []),
    ...(deadJobs.length > 0 ? [t('health.concern.dead', { n: deadJobs.length })] : []),
    ...jobs
      .filter(({ lateMs }) => lateMs > jobMs)
      .map(({ kind, lateMs }) =>
        t('health.concern.jobs-late', { name: workName(kind, t), time: spanOf(lateMs, t) }),
      ),
    ...(failingTimers.length > 0 ? [t('health.concern.timers', { n: failingTimers.length })] : []),
    ...timers
      .filter(({ lateMs, failing }) => lateMs > timerMs && failing === 0)
      .map(({ kind, lateMs }) =>
        t('health.concern.timers-late', { name: workName(kind, t), time: spanOf(lateMs, t) }),
      ),
  ]
}

const ofLanguageModel = ({ languageModel }: Health, t: T): readonly string[] =>
  languageModel?.problem === undefined
    ? []
    : [t('health.concern.language-model', { problem: languageModel.problem })]

const ofModel = ({ model: { encoder, byMeaning, evaluation } }: Health, t: T): readonly string[] => [
  ...(encoder.problem === undefined ? [] : [t('health.concern.encoder', { problem: encoder.problem })]),
  ...(encoder.version !== undefined && !byMeaning ? [t('health.concern.words')] : []),
  ...(evaluation === undefined || evaluation.concerns.length === 0
    ? []
    : [
        t('health.concern.evaluation', {
          at: exactTime(evaluation.at),
          concerns: evaluation.concerns.join('; '),
        }),
      ]),
]

/** Everything that somebody should do something about, each with what. */
export const concernsOf = (health: Health, t: T): readonly string[] => [
  ...(health.database.reachable ? [] : [t('health.concern.database')]),
  ...ofChannels(health, t),
  ...ofWork(health, t),
  ...ofModel(health, t),
  ...ofLanguageModel(health, t),
  ...(health.disk?.isLow === true ? [t('health.concern.disk', { free: sizeOf(health.disk.freeBytes) })] : []),
  ...(health.unread.length > 0 ? [t('health.concern.unread', { names: health.unread.join(', ') })] : []),
]
