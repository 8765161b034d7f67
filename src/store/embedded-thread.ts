import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { TongdaError } from '../core/errors.ts'
import type { Database, Query, Row } from './database.ts'
import { openTransaction } from './open-transaction.ts'
import { sqlLiteral } from './sql-literal.ts'

/** A running database thread. */
export interface EmbeddedThread {
  readonly query: Query
  readonly transaction: Database['transaction']
  readonly script: Database['script']
  migrate(folder: string): Promise<void>
  readonly copyTo: (folder: string) => Promise<void>
  close(): Promise<void>
}

type Job =
  | { readonly kind: 'query'; readonly text: string; readonly literals?: string }
  | { readonly kind: 'script'; readonly text: string }
  | { readonly kind: 'migrate'; readonly folder: string }
  | { readonly kind: 'copy'; readonly folder: string }
  | { readonly kind: 'close' }

interface Answer {
  readonly id: number
  readonly rows?: Row[]
  readonly error?: { readonly message: string; readonly code?: string }
}

interface Waiting {
  readonly resolve: (rows: Row[]) => void
  readonly reject: (error: Error) => void
}

const gone = (reason: string): TongdaError =>
  new TongdaError(
    'database_unavailable',
    `the embedded database stopped (${reason}); restart the product, nothing accepted is lost`,
  )

/** Sends jobs and hands out their answers; when the thread ends, whoever waits hears so. */
const createCalls = (worker: Worker) => {
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let ended: TongdaError | undefined

  const end = (reason: string): void => {
    ended ??= gone(reason)
    for (const { reject } of waiting.values()) reject(ended)
    waiting.clear()
  }
  worker.on('message', ({ id, rows = [], error }: Answer) => {
    const call = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) call?.resolve(rows)
    else call?.reject(Object.assign(new Error(error.message), { code: error.code }))
  })
  worker.on('error', (error) => end(error instanceof Error ? error.message : 'unknown'))
  worker.on('exit', (code) => end(`exit ${String(code)}`))

  return (job: Job): Promise<Row[]> =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) {
        reject(ended)
        return
      }
      lastId += 1
      waiting.set(lastId, { resolve, reject })
      worker.postMessage({ id: lastId, ...job })
    })
}

/**
 * Starts the thread on the database in `folder`. Statements may be sent without waiting for each other; those of a
 * transaction stand together, because nothing else is sent meanwhile.
 */
export const startEmbeddedThread = async (
  folder: string,
  startParams: readonly string[],
): Promise<EmbeddedThread> => {
  const worker = new Worker(new URL('./embedded-worker.mjs', import.meta.url), {
    workerData: { dataDir: folder, startParams },
    execArgv: [],
  })
  await once(worker, 'message')
  const call = createCalls(worker)
  let transactions: Promise<void> = Promise.resolve()
  let open = 0

  const send = async <Result extends Row>(
    text: string,
    params: readonly unknown[] = [],
  ): Promise<Result[]> => {
    const literals = params.length === 0 ? {} : { literals: params.map(sqlLiteral).join(',') }
    // What a statement's row looks like is known where the statement stands.
    return (await call({ kind: 'query', text, ...literals })) as Result[]
  }

  const query: Query = async (text, params) => {
    while (open > 0) await transactions
    return send(text, params)
  }

  /** Runs what stands between two transactions, alone. */
  const alone = <Result>(run: () => Promise<Result>): Promise<Result> => {
    open += 1
    const result = transactions.then(run)
    const over = (): void => void (open -= 1)
    transactions = result.then(over, over)
    return result
  }

  const transaction: Database['transaction'] = (work) =>
    alone(async () => {
      await send('begin')
      const { transaction: opened, close, committed } = openTransaction(send)
      try {
        const result = await work(opened).finally(close)
        await send('commit')
        committed()
        return result
      } catch (error) {
        await send('rollback')
        throw error
      }
    })

  return {
    query,
    transaction,
    // Its statements come back without rows, so they need not be told apart.
    script: (text) => transaction(() => call({ kind: 'script', text })).then(() => undefined),
    migrate: async (migrations) => {
      await call({ kind: 'migrate', folder: migrations })
    },
    copyTo: (target) => alone(() => call({ kind: 'copy', folder: target })).then(() => undefined),
    close: async () => {
      await transactions
      await call({ kind: 'close' })
      await worker.terminate()
    },
  }
}
