import type { Schemas } from '../api/v1.ts'
import { exactTime } from '../shell/time.ts'
import { isAutomationWord, useWords } from '../words/automation.ts'
import { isWord, type Translate } from '../words/index.ts'

/** A fact's value as the desk calls it elsewhere. */
const shown = (name: string, value: unknown, t: Translate): string => {
  if (value === undefined || value === null) return '–'
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.join('、')
  if (typeof value !== 'string') return JSON.stringify(value)
  const word = `${name}.${value}`
  if (isWord(word)) return t(word)
  return name === 'holdUntil' ? exactTime(value) : value
}

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
              <bdi>{shown(name, from, t)}</bdi> → <bdi>{shown(name, to, t)}</bdi>
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
