import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { answerOf, v1 } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/admin.ts'
import { HealthChannels } from './health-channels.tsx'
import { concernsOf, sizeOf, type Health } from './health-concerns.ts'
import { HealthLanguageModel } from './health-language-model.tsx'
import { HealthQueues, HealthTimers } from './health-work.tsx'
import { adminKey } from './use-admin.ts'

const everyMs = 20_000

/** What needs somebody, above everything else. */
const Concerns = ({ health }: { readonly health: Health }) => {
  const t = useWords()
  const concerns = concernsOf(health, t)
  if (concerns.length === 0)
    return (
      <p role="status" className="chip due-done">
        ✓ {t('health.well')}
      </p>
    )
  return (
    <div role="status">
      <p>
        <strong>{t('health.concerns', { n: concerns.length })}</strong>
      </p>
      <ul className="concerns">
        {concerns.map((concern) => (
          <li key={concern}>{concern}</li>
        ))}
      </ul>
    </div>
  )
}

const Database = ({ database: { kind, reachable, latencyMs, bytes } }: Pick<Health, 'database'>) => {
  const t = useWords()
  return (
    <section aria-label={t('health.database')}>
      <h2>{t('health.database')}</h2>
      <dl className="facts">
        <dt>{t(`health.database.${kind}`)}</dt>
        <dd>
          <span className={`chip ${reachable ? 'due-done' : 'due-over'}`}>
            {t(reachable ? 'health.reachable' : 'health.unreachable')}
          </span>
        </dd>
        {latencyMs === undefined ? null : (
          <>
            <dt>{t('health.latency')}</dt>
            <dd>{latencyMs} ms</dd>
          </>
        )}
        {bytes === undefined ? null : (
          <>
            <dt>{t('health.size')}</dt>
            <dd>{sizeOf(bytes)}</dd>
          </>
        )}
      </dl>
    </section>
  )
}

const useEncoderWords = ({ model, version, problem }: Health['model']['encoder']): string => {
  const t = useWords()
  if (version !== undefined) return t('health.encoder.on', { version })
  return problem === undefined && model === 'none'
    ? t('health.encoder.none')
    : `${t('health.encoder.off')} · ${problem ?? model}`
}

const Model = ({ model }: Pick<Health, 'model'>) => {
  const t = useWords()
  const { encoder, trainedAt, byMeaning, content, thresholds, evaluation } = model
  const { version, published, articles: n } = content
  const loaded = useEncoderWords(encoder)
  return (
    <section aria-label={t('health.model')}>
      <h2>{t('health.model')}</h2>
      <dl className="facts">
        <dt>{t('health.encoder')}</dt>
        <dd>{loaded}</dd>
        <dt>{t('health.trained')}</dt>
        <dd>
          {exactTime(trainedAt)} · {t(byMeaning ? 'health.by-meaning' : 'health.by-words')}
        </dd>
        <dt>{t('health.content')}</dt>
        <dd>
          {published === 0
            ? t('health.content.files', { version, n })
            : t('health.content.value', { version, n, published })}
        </dd>
        <dt>{t('health.thresholds')}</dt>
        <dd>
          {t('health.thresholds.value', {
            answer: thresholds.answer.toFixed(2),
            clarify: thresholds.clarify.toFixed(2),
          })}
        </dd>
        <dt>{t('health.evaluation')}</dt>
        <dd>
          {evaluation === undefined
            ? t('health.evaluation.none')
            : t(evaluation.concerns.length === 0 ? 'health.evaluation.good' : 'health.evaluation.bad', {
                at: exactTime(evaluation.at),
                concerns: evaluation.concerns.join('; '),
              })}
        </dd>
      </dl>
    </section>
  )
}

const Disk = ({ disk }: { readonly disk: NonNullable<Health['disk']> }) => {
  const t = useWords()
  const { freeBytes, totalBytes, folder, isLow } = disk
  return (
    <section aria-label={t('health.disk')}>
      <h2>{t('health.disk')}</h2>
      <p className={isLow ? 'delivery bad' : ''}>
        {t('health.disk.value', { free: sizeOf(freeBytes), total: sizeOf(totalBytes), folder })}
      </p>
    </section>
  )
}

/** How the product itself fares: what needs somebody first, then part by part. */
export const SystemHealth = () => {
  const t = useWords()
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: adminKey('health'),
    queryFn: ({ signal }) => answerOf(v1.GET('/system/health', { signal })),
    refetchInterval: everyMs,
  })
  return (
    <>
      <header className="page-head">
        <h1>{t('admin.system')}</h1>
        {data === undefined ? null : (
          <span className="quiet">{t('health.at', { at: exactTime(data.at) })}</span>
        )}
        <Button size="small" loading={isFetching} onClick={() => void refetch()}>
          {t('health.refresh')}
        </Button>
      </header>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data === undefined ? null : (
        <div className="health">
          <Concerns health={data} />
          <HealthChannels channels={data.channels} />
          <HealthQueues {...data} />
          <HealthTimers {...data} />
          <Database database={data.database} />
          <Model model={data.model} />
          {data.languageModel === undefined ? null : <HealthLanguageModel {...data.languageModel} />}
          {data.disk === undefined ? null : <Disk disk={data.disk} />}
        </div>
      )}
    </>
  )
}
