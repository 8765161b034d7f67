import { v7 as uuid, validate } from 'uuid'
import type { ConsentStore, SurveyConsent } from '../core/campaign.ts'
import { TongdaError } from '../core/errors.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { isWhollyUntried } from './turn-questions.ts'

const readOf = `
select s.id, s.at, s.way, s.conversation_id as "conversationId", s.proof, s.by, s.withdrawn_at as "withdrawnAt",
  s.withdrawn_by as "withdrawnBy", s.withdrawal
from survey_consents s join conversations c on c.id = s.conversation_id where c.contact_id = $1 order by s.at desc, s.id desc`

/** The one that was written in last stands for the contact; it goes along when contacts are merged. */
const placeOf = `
select c.id, (select max(s.at) from survey_stops s join conversations o on o.id = s.conversation_id
  where o.contact_id = c.contact_id) as stopped,
  (select max(s.withdrawn_at) from survey_consents s join conversations o on o.id = s.conversation_id
  where o.contact_id = c.contact_id) as withdrawn
from conversations c where c.contact_id = $1 order by c.last_inbound_at desc nulls last, c.id limit 1`

const insert = `
insert into survey_consents (id, conversation_id, at, way, proof, by) values ($1, $2, $3, 'elsewhere', $4, $5::jsonb)`

const withdrawAll = `
update survey_consents s set withdrawn_at = $2, withdrawn_by = $3::jsonb, withdrawal = $4
from conversations c where c.id = s.conversation_id and c.contact_id = $1 and s.withdrawn_at is null`

/** Invitations that nobody tried to send yet. Whoever holds one at this moment is waited for, and seen. */
const takeBack = `
with invited as (
  select x.id, x.message_id, x.status, x.attempts, v.id as invitation
  from conversations c join survey_invitations v on v.conversation_id = c.id and v.asked_at is not null and v.state = 'asked'
  join outbox x on x.message_id = v.message_id
  where c.contact_id = $1 and v.campaign_id is not null for no key update of x
)
update outbox x set status = 'withdrawn', settled_at = $2 from invited i
where x.id = i.id and ${isWhollyUntried('invited')}
returning i.invitation as id`
const refuseThose = `
update survey_invitations set state = 'refused', settled_at = $2, version = version + 1
where id = any($1::uuid[]) and state = 'asked'`

/** Held until the end of the transaction. Throws `not_found`. */
const lockContact = async (query: Query, contactId: string): Promise<void> => {
  const rows = validate(contactId)
    ? await query('select id from contacts where id = $1 and merged_into is null for no key update', [
        contactId,
      ])
    : []
  if (rows.length === 0)
    throw new TongdaError('not_found', 'there is no such contact; it may have been merged or erased')
}

const give = async (
  query: Query,
  contactId: string,
  { proof, givenAt, actor }: Parameters<ConsentStore['give']>[1],
): Promise<void> => {
  await lockContact(query, contactId)
  const [place] = await query<{ id: string; stopped: Date | null; withdrawn: Date | null }>(placeOf, [
    contactId,
  ])
  if (place === undefined)
    throw new TongdaError('conflict', 'this contact never wrote: there is no conversation to ask in')
  if (place.stopped !== null)
    throw new TongdaError(
      'conflict',
      'this contact said to be asked no more; only the contact can take that back, by writing 愿意参加调研',
      { stoppedAt: place.stopped },
    )
  if (place.withdrawn !== null && givenAt <= place.withdrawn)
    throw new TongdaError(
      'conflict',
      'this contact withdrew what was given then; only consent given since counts',
      { withdrawnAt: place.withdrawn },
    )
  await query(insert, [uuid(), place.id, givenAt, proof, toJson(actor)])
}

const withdraw = async (
  query: Query,
  contactId: string,
  { reason, actor, now }: Parameters<ConsentStore['withdraw']>[1] & { readonly now: Date },
): Promise<void> => {
  await lockContact(query, contactId)
  await query(withdrawAll, [contactId, now, toJson(actor), reason])
  const unsaid = await query<{ id: string }>(takeBack, [contactId, now])
  if (unsaid.length > 0) await query(refuseThose, [unsaid.map(({ id }) => id), now])
}

/** Who agreed to be asked, on one database. */
export const createConsentStore = (database: Database): ConsentStore => ({
  of: (contactId) =>
    database.transaction(async (query) => {
      await lockContact(query, contactId)
      return (await query(readOf, [contactId])).map(
        (row: Row) =>
          Object.fromEntries(
            Object.entries(row).filter(([, value]) => value !== null),
          ) as unknown as SurveyConsent,
      )
    }),
  give: (contactId, consent) =>
    retryCollisions(() => database.transaction((query) => give(query, contactId, consent))),
  withdraw: (contactId, why, now) =>
    retryCollisions(() => database.transaction((query) => withdraw(query, contactId, { ...why, now }))),
})
