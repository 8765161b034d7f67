import { AlertOutlined, RiseOutlined } from '@ant-design/icons'
import Button from 'antd/es/button'
import { useLanguage, useWords } from '../words/index.ts'
import type { Asking } from './asked.tsx'
import type { Incident, Spike } from './use-incidents.ts'

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

const SpikeRow = ({ spike, ask }: Pick<RowProps, 'ask'> & { readonly spike: Spike }) => {
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

interface RowsProps extends RowProps {
  readonly incidents: readonly Incident[]
  readonly spikes: readonly Spike[]
}

/** The incidents that are open, and the spikes that may be some. */
export const Rows = ({ incidents, spikes, ...rest }: RowsProps) => (
  <ul>
    {incidents.map((incident) => (
      <IncidentRow key={incident.id} incident={incident} {...rest} />
    ))}
    {spikes.map((spike) => (
      <SpikeRow key={spike.id} spike={spike} ask={rest.ask} />
    ))}
  </ul>
)
