import type { CollectedFailures } from '../core/learning.ts'
import type { Query, Row } from './database.ts'
import { lockGroups, questionTables, recountGroups } from './meaning-tables.ts'

const discard = `
update learning_questions set discarded_at = $2, version = version + 1
where message_id = any($1::uuid[]) and discarded_at is null and ($3::boolean or kind = 'reviewed-wrong')
returning theme_id`

const bringBack = `
update learning_questions set discarded_at = null, version = version + 1
where message_id = any($1::uuid[]) and discarded_at is not null
returning theme_id`

interface ThemeRow extends Row {
  readonly theme_id: string | null
}

/** What people found of answers: questions that count no more, and such as count again. */
export const settleVerdicts = async (
  query: Query,
  { cleared, failures }: Pick<CollectedFailures, 'cleared' | 'failures'>,
  now: Date,
): Promise<void> => {
  const idsOf = (why: 'right' | 'withdrawn'): readonly string[] =>
    cleared.filter((one) => one.why === why).map(({ messageId }) => messageId)
  const wrong = failures.filter(({ kind }) => kind === 'reviewed-wrong').map(({ messageId }) => messageId)
  if (cleared.length + wrong.length === 0) return
  await lockGroups(query, questionTables)
  const changed = [
    ...(await query<ThemeRow>(discard, [idsOf('right'), now, true])),
    ...(await query<ThemeRow>(discard, [idsOf('withdrawn'), now, false])),
    ...(await query<ThemeRow>(bringBack, [wrong])),
  ]
  const themes = [...new Set(changed.flatMap(({ theme_id: id }) => id ?? []))]
  if (themes.length > 0) await recountGroups(query, questionTables, themes, now)
}
