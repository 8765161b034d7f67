// How rows belong to contacts, as conditions. `$1`: the ids of a contact and of those merged into it. They hold before
// and after erasing: the rows they go by stay, without the person.

export const conversationsOf = 'select id from conversations where contact_id = any($1::uuid[])'
const ticketsOf = `select id from tickets where contact_id = any($1::uuid[]) or conversation_id in (${conversationsOf})`
export const casesOf = `select id from complaint_cases where ticket_id in (${ticketsOf})`
const reviewsOf = `select id from work_reviews where conversation_id in (${conversationsOf})`
const themesOf = `select theme_id from feedback_items where conversation_id in (${conversationsOf}) or contact_id = any($1::uuid[])`
const proposalsOf = `select theme_id from learning_questions where conversation_id in (${conversationsOf})`
const messagesOf = `select id::text from messages where conversation_id in (${conversationsOf})`
const invitationsOf = 'select id from survey_invitations where contact_id = any($1::uuid[])'

const ids = (...selects: readonly string[]): string => selects.join(' union ')
/** Rows whose `column` names one of the contact's things, wherever in its text. */
const names = (column: string, ...selects: readonly string[]): string =>
  `exists (select from (${ids(...selects)}) named where strpos(${column}, named.id::text) > 0)`
const contactsThemselves = 'select unnest($1::uuid[]) as id'

/** An evaluation's result with those of its samples `c` only that are kept. */
export const keepingChanges = (result: string, isKept: string): string => `
case when jsonb_typeof(${result} -> 'conversationChanges') = 'array' then jsonb_set(${result}, '{conversationChanges}', coalesce((
  select jsonb_agg(c order by n) from jsonb_array_elements(${result} -> 'conversationChanges') with ordinality as x(c, n)
  where ${isKept}), '[]')) else ${result} end`

/** Evaluations that show some of these messages, and what their result is without them. `messages`: ids as text. */
export const samplesOf = (messages: string): { readonly of: string; readonly result: string } => ({
  of: `exists (select from jsonb_array_elements(case when jsonb_typeof(result -> 'conversationChanges') = 'array'
    then result -> 'conversationChanges' else '[]' end) c where c ->> 'messageId' in (${messages}))`,
  result: keepingChanges('result', `coalesce(c ->> 'messageId', '') not in (${messages})`),
})
export const samples = samplesOf(messagesOf)

export const paths = {
  self: 'id = any($1::uuid[])',
  contact: 'contact_id = any($1::uuid[])',
  conversation: `conversation_id in (${conversationsOf})`,
  conversationOrContact: `(conversation_id in (${conversationsOf}) or contact_id = any($1::uuid[]))`,
  ticket: `ticket_id in (${ticketsOf})`,
  tickets: `id in (${ticketsOf})`,
  case: `case_id in (${casesOf})`,
  message: `message_id in (select id from messages where conversation_id in (${conversationsOf}))`,
  outbox: `outbox_id in (select id from outbox where message_id in (select id from messages where conversation_id in (${conversationsOf})))`,
  review: `review_id in (${reviewsOf})`,
  reviewOrTicket: `(review_id in (${reviewsOf}) or ticket_id in (${ticketsOf}))`,
  theme: `id in (${themesOf})`,
  proposal: `id in (${proposalsOf})`,
  merge: '(from_contact_id = any($1::uuid[]) or into_contact_id = any($1::uuid[]))',
  held: `object_id in (${ids(contactsThemselves, ticketsOf, casesOf)})`,
  event: `type <> 'contact.erased' and (contact_id = any($1::uuid[]) or conversation_id in (${conversationsOf})
    or ticket_id in (${ticketsOf}))`,
  // Read once a row: that takes longer than everything else.
  delivery: `type <> 'contact.erased' and exists (select from (select payload::jsonb as event offset 0) told
    where event ->> 'contactId' = any($1::uuid[]::text[])
    or event ->> 'conversationId' in (select c.id::text from (${conversationsOf}) c)
    or event ->> 'ticketId' in (select t.id::text from (${ticketsOf}) t))`,
  timer: names('key', contactsThemselves, conversationsOf, ticketsOf, invitationsOf),
} as const
