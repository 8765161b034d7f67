import App from 'antd/es/app'
import Button from 'antd/es/button'
import Table from 'antd/es/table'
import { useState } from 'react'
import { answerOf, ifMatch, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { exactTime } from '../shell/time.ts'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/admin.ts'
import { CampaignForm } from './campaign-form.tsx'
import { CampaignLook } from './campaign-look.tsx'
import { once, useAdmin, useAdminAct } from './use-admin.ts'

type Campaign = Schemas['SurveyCampaign']
type InForce = Schemas['SurveysInForce']

const Settings = ({ surveys }: { readonly surveys: InForce }) => {
  const t = useWords()
  const language = useLanguage((state) => state.language)
  const { isOn, share, everyDays, delayMinutes, answerHours, lowScore, question, from, to } = surveys
  const { exceptKinds, exceptTopics } = surveys
  const kindWords = exceptKinds.map((kind) =>
    kind === 'complaint' || kind === 'appeal' || kind === 'question' || kind === 'feedback'
      ? t(`kind.${kind}`)
      : kind,
  )
  const facts = [
    t('asking.delay', { n: delayMinutes }),
    t('asking.share', { share: `${Math.round(share * 100)} %` }),
    t('asking.every', { n: everyDays }),
    t('asking.answer', { n: answerHours }),
    lowScore === 0 ? t('asking.low.none') : t('asking.low', { n: lowScore }),
    t('asking.except', { names: [...kindWords, ...exceptTopics].join(', ') }),
    t('asking.hours', { from, to }),
  ]
  return (
    <section aria-label={t('asking.question')}>
      <p role="status" className={`chip ${isOn ? 'due-done' : ''}`}>
        {t(isOn ? 'asking.on' : 'asking.off')}
      </p>
      <p>
        {t('asking.question')}: <q>{question[language]}</q>
      </p>
      <ul className="concerns">
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      <p className="quiet">{t('settings.where', { key: 'surveys', doc: 'docs/surveys.md' })}</p>
    </section>
  )
}

/** Starting names how many contacts it reaches; ending cannot be undone. */
const Acts = ({ campaign }: { readonly campaign: Campaign }) => {
  const t = useWords()
  const { modal } = App.useApp()
  const { id, title: name, state, version } = campaign
  const params = { path: { id }, header: { ...ifMatch(version), ...once() } }
  const start = useAdminAct(
    () => answerOf(v1.POST('/surveys/campaigns/{id}/start', { params, body: {} })),
    'done.moved',
  )
  const pause = useAdminAct(
    () => answerOf(v1.POST('/surveys/campaigns/{id}/pause', { params, body: {} })),
    'done.moved',
  )
  const end = useAdminAct(
    () => answerOf(v1.POST('/surveys/campaigns/{id}/end', { params, body: {} })),
    'done.moved',
  )
  const sure = (title: string, okText: string, act: () => void): void => {
    void modal.confirm({ title, okText, cancelText: t('cancel'), onOk: act })
  }
  const askStart = async (): Promise<void> => {
    const path = { id }
    const { reachable: n } = await answerOf(v1.GET('/surveys/campaigns/{id}/preview', { params: { path } }))
    sure(t('campaigns.start.sure', { name, n }), t('campaigns.start'), () => start.mutate())
  }
  return (
    <div className="actions">
      {state === 'draft' || state === 'paused' ? (
        <Button size="small" loading={start.isPending} onClick={() => void askStart()}>
          {t('campaigns.start')}
        </Button>
      ) : null}
      {state === 'running' ? (
        <Button size="small" loading={pause.isPending} onClick={() => pause.mutate()}>
          {t('campaigns.pause')}
        </Button>
      ) : null}
      {state === 'ended' ? null : (
        <Button
          size="small"
          danger
          loading={end.isPending}
          onClick={() => sure(t('campaigns.end.sure', { name }), t('campaigns.end'), () => end.mutate())}
        >
          {t('campaigns.end')}
        </Button>
      )}
    </div>
  )
}

const Campaigns = () => {
  const t = useWords()
  const { may } = useSession()
  const [isNew, setNew] = useState(false)
  const { data, error, isPending } = useAdmin(['campaigns'], (signal) =>
    answerOf(v1.GET('/surveys/campaigns', { params: { query: { limit: 100 } }, signal })),
  )
  return (
    <section aria-label={t('campaigns.title')} className="health">
      <header className="page-head">
        <h2>{t('campaigns.title')}</h2>
        {may('survey.manage') ? <Button onClick={() => setNew(true)}>{t('campaigns.new')}</Button> : null}
      </header>
      <p className="quiet">{t('campaigns.about')}</p>
      <Table<Campaign>
        size="small"
        rowKey="id"
        dataSource={[...(data?.data ?? [])]}
        loading={isPending}
        pagination={false}
        locale={{ emptyText: error === null ? t('campaigns.none') : explain(error, t) }}
        expandable={{ expandedRowRender: ({ id }) => <CampaignLook id={id} /> }}
        columns={[
          {
            title: t('campaigns.name'),
            render: (_, { title, question }) => (
              <>
                <bdi>{title}</bdi>
                <p className="delivery">
                  <bdi>{question.wording.zh}</bdi>
                </p>
              </>
            ),
          },
          {
            title: t('campaigns.state'),
            width: 200,
            render: (_, { state, endsAt }) => (
              <>
                <span className={`chip ${state === 'running' ? 'due-done' : ''}`}>
                  {t(`campaigns.state.${state}`)}
                </span>{' '}
                <span className="quiet">{t('campaigns.until', { at: exactTime(endsAt) })}</span>
              </>
            ),
          },
          {
            title: '',
            width: 150,
            render: (_, campaign) => (may('survey.manage') ? <Acts campaign={campaign} /> : null),
          },
        ]}
      />
      {isNew ? <CampaignForm close={() => setNew(false)} /> : null}
    </section>
  )
}

/** How contacts are asked after their tickets, and the campaigns. */
export const Surveys = () => {
  const t = useWords()
  const { data, error } = useAdmin(['surveys'], (signal) => answerOf(v1.GET('/surveys/settings', { signal })))
  return (
    <>
      <header className="page-head">
        <h1>{t('admin.surveys')}</h1>
      </header>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data === undefined ? null : <Settings surveys={data} />}
      <Campaigns />
    </>
  )
}
