/** A ticket that waits for somebody: nobody has it, and it is a person's turn. */
export const waits = (ticket: string): string =>
  `${ticket}.assignee_id is null and ${ticket}.state in ('new', 'open')`

/** When something is owed next; a ticket whose clocks stand still counts as it was promised. */
export const dueOf = (ticket: string): string => `coalesce(${ticket}.due_at, ${ticket}.first_reply_due_at)`

/** The order in which waiting tickets are given: by priority, then by when something is owed, then by age. */
export const rankOf = (priority: string): string =>
  `case ${priority} when 'urgent' then 0 when 'high' then 1 else 2 end`
export const queueOrder = (ticket: string): string =>
  `${rankOf(`${ticket}.priority`)}, ${dueOf(ticket)}, ${ticket}.number`

/** What a team's rules read, as SQL expressions. */
export interface RoutedFacts {
  readonly kind: string
  readonly topic: string
  readonly priority: string
  readonly channel: string
}

/** The team that takes such a ticket: the one whose rules name most of it, the older of two; else the default one. */
export const teamFor = ({ kind, topic, priority, channel }: RoutedFacts): string => `(
  select k.id from teams k,
    lateral (select (k.kinds <> '{}')::int + (k.topics <> '{}')::int + (k.priorities <> '{}')::int
      + (k.channels <> '{}')::int as rules) r,
    lateral (select r.rules > 0 and (k.kinds = '{}' or ${kind} = any(k.kinds))
      and (k.topics = '{}' or ${topic} = any(k.topics)) and (k.priorities = '{}' or ${priority} = any(k.priorities))
      and (k.channels = '{}' or ${channel} = any(k.channels)) as fits) f
  where k.retired_at is null and (f.fits or k.is_default)
  order by f.fits desc, r.rules desc, k.created_at, k.id limit 1)`
