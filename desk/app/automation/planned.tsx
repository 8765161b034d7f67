import type { Schemas } from '../api/v1.ts'
import { isAutomationWord, useWords } from '../words/automation.ts'

const shown = (value: unknown): string =>
  value === undefined || value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value)

/** What would be done to a ticket: each fact as it is and as it would be, and what would be written. */
export const Planned = ({ plan }: { readonly plan: Schemas['Planned'] }) => {
  const t = useWords()
  const facts = Object.entries(plan.facts)
  if (facts.length === 0 && plan.note === undefined && plan.reply === undefined)
    return <p className="quiet">{t('rules.nothing-to-do')}</p>
  return (
    <dl className="facts">
      {facts.map(([name, { from, to }]) => {
        const key = `rules.changes.${name}`
        return (
          <div key={name}>
            <dt>{isAutomationWord(key) ? t(key) : name}</dt>
            <dd>
              <bdi>{shown(from)}</bdi> → <bdi>{shown(to)}</bdi>
            </dd>
          </div>
        )
      })}
      {(['reply', 'note'] as const).map((kind) =>
        plan[kind] === undefined ? null : (
          <div key={kind}>
            <dt>{t(`rules.do.${kind}`)}</dt>
            <dd className="words" dir="auto">
              {plan[kind]}
            </dd>
          </div>
        ),
      )}
    </dl>
  )
}
