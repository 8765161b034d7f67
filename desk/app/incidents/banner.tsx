import App from 'antd/es/app'
import { lazy, Suspense, useState } from 'react'
import { explain } from '../shell/explain.ts'
import { useWords } from '../words/index.ts'
import type { Asking } from './asked.tsx'
import { useIncidentAct, useIncidents, type IncidentAct } from './use-incidents.ts'

// Only who judges incidents needs forms.
const Asked = lazy(async () => ({ default: (await import('./asked.tsx')).Asked }))

// Most days there is none.
const Rows = lazy(async () => ({ default: (await import('./rows.tsx')).Rows }))

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
          <Suspense>
            <Rows {...{ incidents, spikes, judges }} ask={setAsking} />
          </Suspense>
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
