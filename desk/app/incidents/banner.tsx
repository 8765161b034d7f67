import { AlertOutlined, RiseOutlined } from '@ant-design/icons'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import { lazy, Suspense, useState } from 'react'
import { explain } from '../shell/explain.ts'
import { useLanguage, useWords } from '../words/index.ts'
import type { Asking } from './asked.tsx'
import { useIncidentAct, useIncidents, type Incident, type IncidentAct, type Spike } from './use-incidents.ts'

// Only who judges incidents needs forms.
const Asked = lazy(async () => ({ default: (await import('./asked.tsx')).Asked }))

const useWording = () => {
  const language = useLanguage((state) => state.language)
  return ({ zh, en = zh }: { readonly zh: string; readonly en?: string }): string =>
    language === 'en' ? en : zh
}

interface RowProps {
  readonly judges: boolean
  readonly ask: (asking: Asking) => void
}

const IncidentRow = ({ incident, judges, ask }: RowProps & { readonly incident: Incident }) => {
  const t = useWords()
  const wording = useWording()
  const { number, heard, followers, tickets, openTickets: open, title, notice } = incident
  return (
    <li title={wording(notice)}>
      <AlertOutlined />{' '}
      <bdi>{t('incident.open', { number, heard, followers, tickets, open, title: wording(title) })}</bdi>
      {judges
        ? (['change', 'update', 'close'] as const).map((form) => (
            <Button key={form} size="small" onClick={() => ask({ form, incident })}>
              {t(`incident.${form}`)}
            </Button>
          ))
        : null}
    </li>
  )
}

const SpikeRow = ({ spike, ask }: RowProps & { readonly spike: Spike }) => {
  const t = useWords()
  const { observed, minutes, expected, factor } = spike.evidence
  const what = [spike.topic, spike.channel].filter(Boolean).join(' · ') || t('incident.everything')
  const numbers = { observed, minutes, expected: expected.toFixed(1), factor: factor.toFixed(1) }
  return (
    <li>
      <RiseOutlined /> <bdi>{t('incident.spike', { what, ...numbers })}</bdi>
      {spike.endedAt === undefined ? null : <span className="quiet"> ({t('incident.over')})</span>}
      <Button size="small" onClick={() => ask({ form: 'declare', spike })}>
        {t('incident.declare')}
      </Button>
      <Button size="small" onClick={() => ask({ form: 'dismiss', spike })}>
        {t('incident.dismiss')}
      </Button>
    </li>
  )
}

/** Open incidents over every screen, and for those who judge them the spikes that may be some. */
export const IncidentBanner = () => {
  const t = useWords()
  const { message } = App.useApp()
  const { incidents, spikes, judges } = useIncidents()
  const [asking, setAsking] = useState<Asking>()
  const act = useIncidentAct()
  const close = (): void => {
    setAsking(undefined)
  }
  const run = (wanted: IncidentAct): void => {
    act.mutate(wanted, {
      onSuccess: () => {
        void message.success(t('done.incident'))
        close()
      },
      onError: (error) => void message.error(explain(error, t)),
    })
  }
  return (
    <>
      {incidents.length + spikes.length === 0 ? null : (
        <section className="incidents" aria-label={t('incidents')}>
          <ul>
            {incidents.map((incident) => (
              <IncidentRow key={incident.id} incident={incident} judges={judges} ask={setAsking} />
            ))}
            {spikes.map((spike) => (
              <SpikeRow key={spike.id} spike={spike} judges={judges} ask={setAsking} />
            ))}
          </ul>
        </section>
      )}
      {asking === undefined ? null : (
        <Suspense fallback={null}>
          <Asked asking={asking} act={run} close={close} pending={act.isPending} />
        </Suspense>
      )}
    </>
  )
}
