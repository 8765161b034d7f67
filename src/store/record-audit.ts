import { whoActs } from '../core/acting.ts'
import type { AuditEntry } from '../core/audit.ts'
import { toJson, type Query } from './database.ts'

const insert = `
insert into audit_log (actor_kind, actor_id, act, object_kind, object_id, address, reason, detail)
values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)`

/**
 * Writes down what is done. `query` is the transaction that does it, and this its last statement: the log's chain is
 * written by one transaction at a time.
 */
export const recordAudit = async (query: Query, entry: AuditEntry): Promise<void> => {
  const { act, object, reason, detail = {}, actor = whoActs() } = entry
  await query(insert, [
    actor.kind,
    actor.id,
    act,
    object?.kind,
    object?.id,
    actor.address,
    reason,
    toJson(detail),
  ])
}
