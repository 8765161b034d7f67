import { randomUUID } from 'node:crypto'
import type PgBoss from 'pg-boss'
import type { Database, Transaction } from '../core/database.ts'
import type { EnqueueOptions, JobKind, Jobs } from '../core/jobs.ts'
import { asDriver } from './boss.ts'

/** What enqueuing stands on. */
export interface EnqueueDeps {
  readonly database: Pick<Database, 'transaction'>
  readonly boss: Pick<PgBoss, 'send'>
  /** The kinds that have a queue. */
  readonly kinds: readonly JobKind<unknown>[]
  /** Tells the nodes that there is something to do. */
  readonly wake: () => void
}

/** Enqueues jobs of the given kinds. */
export const createJobs = ({ database, boss, kinds, wake }: EnqueueDeps): Jobs => {
  const names = new Set(kinds.map(({ name }) => name))

  const enqueueIn = async <Data>(
    transaction: Transaction,
    { name, data: schema }: JobKind<Data>,
    data: Data,
    { startAfter, key }: EnqueueOptions = {},
  ): Promise<string | undefined> => {
    // pg-boss would drop it without a word.
    if (!names.has(name))
      throw new Error(`jobs of kind ${name} have no queue; add it to the kinds at the start`)
    schema.parse(data)
    const id = randomUUID()
    // Without a key of its own every job would have the same, the empty one.
    const sent = await boss.send(
      name,
      { data },
      {
        id,
        singletonKey: key ?? id,
        ...(startAfter === undefined ? {} : { startAfter }),
        db: asDriver(transaction),
      },
    )
    if (sent === null) return undefined
    transaction.afterCommit(wake)
    return id
  }

  return {
    enqueueIn,
    enqueue: (kind, data, options) =>
      database.transaction((transaction) => enqueueIn(transaction, kind, data, options)),
  }
}
