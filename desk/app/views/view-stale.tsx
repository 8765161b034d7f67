import Alert from 'antd/es/alert'
import type { SavedView } from '../api/desk.ts'
import { useWords } from '../words/views.ts'
import { fieldsOf, type ViewFields } from './fields.ts'
import { useChoices, useShares, type Choice } from './use-choices.ts'

interface Row {
  readonly name: string
  readonly mine: string
  readonly theirs: string
}

/** Tells both versions of a view in full, part by part. */
const useRows = (mine: ViewFields, theirs: ViewFields): readonly Row[] => {
  const t = useWords()
  const both = useChoices({
    teams: [...mine.teams, ...theirs.teams],
    inboxes: [...mine.inboxes, ...theirs.inboxes],
    holder: mine.holder,
  })
  const { holders } = useChoices({ teams: [], inboxes: [], holder: theirs.holder })
  const shares = [...useShares(mine.share), ...useShares(theirs.share)]
  const named = (choices: readonly Choice[], value: string): string =>
    choices.find((choice) => choice.value === value)?.label ?? value
  const listed = (names: readonly string[]): string =>
    names.length === 0
      ? t('views.any')
      : [...names].sort((a, b) => a.localeCompare(b, 'zh-CN')).join(t('list'))
  const minutes = (n: number | null): string => (n === null ? t('views.any') : String(n))
  const row = (name: string, tell: (fields: ViewFields) => string): Row => ({
    ...{ name, mine: tell(mine), theirs: tell(theirs) },
  })
  return [
    row(t('views.name'), ({ name }) => name),
    row(t('views.holder'), ({ holder }) => named([...both.holders, ...holders], holder)),
    row(t('views.states'), ({ states }) =>
      states.length === 0 ? t('views.states.none') : listed(states.map((one) => t(`state.${one}`))),
    ),
    row(t('views.kinds'), ({ kinds }) => listed(kinds.map((one) => t(`kind.${one}`)))),
    row(t('views.priorities'), ({ priorities }) => listed(priorities.map((one) => t(`priority.${one}`)))),
    row(t('views.inboxes'), ({ inboxes }) => listed(inboxes.map((one) => named(both.inboxes, one)))),
    row(t('views.teams'), ({ teams }) => listed(teams.map((one) => named(both.teams, one)))),
    row(t('views.tags'), ({ tags }) => listed(tags)),
    row(t('views.topic'), ({ topic }) => topic.trim() || t('views.any')),
    row(t('views.waiting'), ({ waitingMinutes }) => minutes(waitingMinutes)),
    row(t('views.due'), ({ dueMinutes }) => minutes(dueMinutes)),
    row(t('views.order'), ({ order }) => t(`views.order.${order}`)),
    row(t('views.share'), ({ share }) => named(shares, share)),
  ]
}

interface StaleProps {
  readonly current: SavedView
  /** What stands in the form. */
  readonly mine: ViewFields
}

/** Changed in another window: both versions in full, and what differs between them. */
export const Stale = ({ current, mine }: StaleProps) => {
  const t = useWords()
  const rows = useRows(mine, fieldsOf(current))
  return (
    <Alert
      type="warning"
      role="alert"
      title={t('views.stale', { name: current.name })}
      description={
        <table className="versions">
          <thead>
            <tr>
              <th scope="col">{t('views.stale.part')}</th>
              <th scope="col">{t('views.stale.of-mine')}</th>
              <th scope="col">{t('views.stale.of-theirs')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, mine: ours, theirs }) => (
              <tr key={name} className={ours === theirs ? undefined : 'differs'}>
                <th scope="row">
                  {name}
                  {ours === theirs ? null : <strong> {t('views.stale.differs')}</strong>}
                </th>
                <td dir="auto">{ours}</td>
                <td dir="auto">{theirs}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  )
}
