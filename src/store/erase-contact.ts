import type { Database, Query, Row } from './database.ts'
import { retryCollisions } from './database.ts'
import { erasedAtOnce, erasureSteps, letErase, rememberMessages, type ErasureStep } from './erasure-steps.ts'
import { recordAudit } from './record-audit.ts'
import { recordEvents } from './record-event.ts'

/** What erasing stands on beside the database. */
export interface EraseDeps {
  readonly database: Database
  /** Deletes the bytes and rows of files that are doomed. */
  readonly clearFiles: () => Promise<void>
  /** Deletes the archives of exports that ended. */
  readonly clearArchives: () => Promise<void>
}

/** How long a provider may send an old message once more. */
const rememberDays = 30

interface ErasureRow extends Row {
  readonly contact_id: string
  readonly contacts: readonly string[]
}

const findConfirmed = `
select contact_id, contacts from contact_erasures where id = $1 and state in ('confirmed', 'done')`

const erasing = <Result>(database: Database, work: (query: Query) => Promise<Result>): Promise<Result> =>
  retryCollisions(() =>
    database.transaction(async (query) => {
      await query(letErase)
      return work(query)
    }),
  )

const runOnce = async (query: Query, statement: string, params: readonly unknown[]) => {
  const [row] = await query<{ gone: number; next?: string | null }>(statement, params)
  return { gone: row?.gone ?? 0, next: row?.next ?? undefined }
}

/** Runs a step to its end; how many rows it took. */
const runStep = async (
  database: Database,
  { statement, isOfAll = false, start }: ErasureStep,
  { contacts, signal }: { readonly contacts: readonly string[]; readonly signal: AbortSignal },
): Promise<number> => {
  let rows = 0
  let after = start
  for (;;) {
    signal.throwIfAborted()
    const params = [...(isOfAll ? [] : [contacts]), ...(after === undefined ? [] : [after])]
    const { gone, next } = await erasing(database, (query) => runOnce(query, statement, params))
    rows += gone
    after = next
    if (start === undefined ? gone < erasedAtOnce : after === undefined) return rows
  }
}

const finish = (
  database: Database,
  erasureId: string,
  { contact_id: id, contacts }: ErasureRow,
  rows: number,
): Promise<void> =>
  database.transaction(async (query) => {
    const done = await query(
      `update contact_erasures set state = 'done', done_at = now(), version = version + 1
       where id = $1 and state = 'confirmed' returning 1`,
      [erasureId],
    )
    // A second look: it was told already.
    if (done.length === 0) return
    // Systems outside may know them by what they were called before they were merged.
    await recordEvents(
      query,
      contacts.map((contactId) => ({
        ...{ type: 'contact.erased', at: new Date(), contactId, data: { erasureId } },
      })),
    )
    await recordAudit(query, {
      act: 'erasure.done',
      object: { kind: 'contact', id },
      detail: { erasureId, rows },
    })
  })

/**
 * Erases a contact whose erasure was confirmed, in many small transactions. Broken off anywhere and begun again, it ends
 * the same. Gives how many rows it deleted or blanked.
 */
export const createEraseContact =
  (deps: EraseDeps) =>
  async (erasureId: string, signal: AbortSignal): Promise<number> => {
    const { database, clearFiles, clearArchives } = deps
    const [row] = await database.query<ErasureRow>(findConfirmed, [erasureId])
    if (row === undefined) return 0
    const { contacts } = row
    await database.query(rememberMessages, [contacts, rememberDays])
    let rows = 0
    for (const step of erasureSteps) rows += await runStep(database, step, { contacts, signal })
    await clearFiles()
    await clearArchives()
    await finish(database, erasureId, row, rows)
    return rows
  }

/** Forgets the hashes of messages that no provider sends any more. */
export const createForgetErased =
  ({ query }: Database) =>
  async (): Promise<void> => {
    await query('delete from erased_messages where until < now()')
  }

/**
 * Erasures that are to be gone through: those that have not come to their end in an hour, because whoever was at it may
 * have died, and those of the last two days: what was under way elsewhere may have been written after all.
 */
export const createListErasures =
  ({ query }: Database) =>
  async (): Promise<readonly string[]> => {
    const list = `
select id from contact_erasures where state = 'confirmed' and confirmed_at < now() - interval '1 hour'
  or state = 'done' and done_at > now() - interval '2 days' order by confirmed_at`
    return (await query<{ id: string }>(list)).map(({ id }) => id)
  }
