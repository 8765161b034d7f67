import { useQuery } from '@tanstack/react-query'
import Spin from 'antd/es/spin'
import { useState } from 'react'
import { answerOf, v1 } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/reports.ts'
import { Entries } from './entries.tsx'
import { changeOf, Shown } from './number.tsx'
import { Section } from './section.tsx'
import { SpanBar } from './span-bar.tsx'
import type { Opened, ReportName, WorkReport } from './types.ts'
import { useSpan } from './use-span.ts'

interface CardsProps {
  readonly cards: WorkReport['cards']
  readonly open: (opened: Opened) => void
}

const Cards = ({ cards, open }: CardsProps) => {
  const t = useWords()
  return (
    <dl className="cards">
      {cards.map((card) => (
        <div key={card.metric} className="card">
          <dt>{card.name}</dt>
          <dd>
            <button
              type="button"
              className="count"
              aria-label={t('reports.open', { name: card.name })}
              onClick={() => open({ metric: card.metric, name: card.name })}
            >
              <Shown cell={card} unit={card.unit} />
            </button>
          </dd>
          <dd className="quiet">
            {changeOf(card, card.unit, t)}
            {card.unit === 'count' ? null : ` · ${t('reports.n', { n: card.n })}`}
          </dd>
          <dd>
            <details>
              <summary>{t('reports.definition')}</summary>
              <p>{card.means}</p>
            </details>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Reads a report of the days that are looked at. */
const useReport = (name: ReportName) => {
  const { span } = useSpan()
  const language = useLanguage((state) => state.language)
  return useQuery({
    queryKey: ['reports', name, span, language],
    queryFn: async ({ signal }) => {
      const params = { query: span }
      return answerOf(v1.GET(`/reports/${name}`, { params, signal }))
    },
  })
}

/** One report: numbers, what they are made of, and the way to what they count. */
export const ReportPage = ({ name }: { readonly name: ReportName }) => {
  const t = useWords()
  const { data, error, isPending } = useReport(name)
  const [opened, setOpened] = useState<Opened>()
  return (
    <>
      <header className="page-head">
        <h1>{t(`reports.${name}`)}</h1>
      </header>
      <SpanBar name={name} zone={data?.zone} />
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {isPending ? <Spin /> : null}
      {data === undefined ? null : (
        <>
          <p className="quiet">
            {t('reports.span', {
              ...{ from: data.from, to: data.to, zone: data.zone },
              time: t(`reports.time.${data.time}`),
              before: `${data.before.from} – ${data.before.to}`,
            })}
          </p>
          <Cards cards={data.cards} open={setOpened} />
          {data.sections.map((section) => (
            <Section key={section.id} section={section} open={setOpened} />
          ))}
        </>
      )}
      {opened === undefined ? null : (
        <Entries report={name} opened={opened} close={() => setOpened(undefined)} />
      )}
    </>
  )
}
