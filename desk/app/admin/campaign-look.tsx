import Button from 'antd/es/button'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { isAdminWord, useWords } from '../words/admin.ts'
import { useAdmin } from './use-admin.ts'

type Preview = Schemas['SurveyCampaignPreview']
type Results = Schemas['SurveyCampaignResults']

const Reach = ({ preview }: { readonly preview: Preview }) => {
  const t = useWords()
  const { audience, consenting, reachable, reasons, quiet } = preview
  return (
    <>
      <p>{t('campaigns.preview.counts', { audience, consenting, reachable })}</p>
      {quiet ? <p>{t('campaigns.preview.quiet')}</p> : null}
      <ul className="concerns">
        {Object.entries(reasons).map(([reason, n]) => {
          const key = `campaigns.reason.${reason}`
          return (
            <li key={reason}>{t('campaigns.reason', { n, reason: isAdminWord(key) ? t(key) : reason })}</li>
          )
        })}
      </ul>
    </>
  )
}

const Answers = ({ results }: { readonly results: Results }) => {
  const t = useWords()
  const { asked, answered, refused, undelivered, answers, mean, nps } = results
  return (
    <>
      <p>{t('campaigns.results.counts', { asked, answered, refused, undelivered })}</p>
      {answered === 0 ? <p className="quiet">{t('campaigns.results.none')}</p> : null}
      {mean === undefined ? null : <p>{t('campaigns.results.mean', { value: mean.value.toFixed(2) })}</p>}
      {nps === undefined ? null : <p>{t('campaigns.results.nps', { value: nps.value.toFixed(0) })}</p>}
      <ul className="concerns">
        {answers
          .filter(({ count }) => count > 0)
          .map(({ value, label = String(value), count: n }) => (
            <li key={value}>{t('campaigns.results.one', { label, n })}</li>
          ))}
      </ul>
    </>
  )
}

/** Whom a campaign would ask now, and what was answered so far. */
export const CampaignLook = ({ id }: { readonly id: string }) => {
  const t = useWords()
  const path = { id }
  const preview = useAdmin(['campaigns', id, 'preview'], (signal) =>
    answerOf(v1.GET('/surveys/campaigns/{id}/preview', { params: { path }, signal })),
  )
  const results = useAdmin(['campaigns', id, 'results'], (signal) =>
    answerOf(
      v1.GET('/surveys/campaigns/{id}/results', { params: { path, query: { format: 'json' } }, signal }),
    ),
  )
  const error = preview.error ?? results.error
  return (
    <>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      <h3>{t('campaigns.preview')}</h3>
      {preview.data === undefined ? null : <Reach preview={preview.data} />}
      <h3>{t('campaigns.results')}</h3>
      {typeof results.data === 'object' && 'asked' in results.data ? (
        <Answers results={results.data} />
      ) : null}
      <Button size="small" href={`/api/v1/surveys/campaigns/${id}/results?format=csv`}>
        {t('campaigns.export')}
      </Button>
    </>
  )
}
