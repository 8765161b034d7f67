import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '../src/core/log.ts'
import { openEmbedded, openPostgres, type Database } from '../src/store/index.ts'

// The limit that the database sets: "insert inbound, upsert conversation, insert outbound" as one transaction a message.
const tables = `
create table if not exists bench_in (id uuid primary key, conversation uuid, body jsonb, at timestamptz default now());
create table if not exists bench_conversation (id uuid primary key, n int);
create table if not exists bench_out (id uuid primary key, body jsonb, at timestamptz default now())`

const measure = async (database: Database, workers: number, forMs: number): Promise<number> => {
  for (const statement of tables.split(';')) await database.query(statement)
  const body = JSON.stringify({ parts: [{ kind: 'text', text: '大会员怎么退款，昨天刚买的' }] })
  const conversations = Array.from({ length: 300 }, () => randomUUID())
  const startedAt = performance.now()
  let done = 0
  const work = async (): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      const conversation = conversations[done % conversations.length]
      await database.transaction(async (query) => {
        await query('insert into bench_in (id, conversation, body) values ($1, $2, $3)', [
          randomUUID(),
          conversation,
          body,
        ])
        await query(
          'insert into bench_conversation values ($1, 1) on conflict (id) do update set n = bench_conversation.n + 1',
          [conversation],
        )
        await query('insert into bench_out (id, body) values ($1, $2)', [randomUUID(), body])
      })
      done += 1
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  return done / ((performance.now() - startedAt) / 1_000)
}

/** Raw single-message transactions a second on the embedded database or on the PostgreSQL at `url`. */
export const rawTransactionRate = async (url: string | undefined, forMs: number): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'tongda-bench-'))
  const database = await (url === undefined
    ? openEmbedded({ folder, log: silentLog })
    : openPostgres({ url, maxConnections: 10, timeoutMs: 60_000, log: silentLog }))
  try {
    return await measure(database, url === undefined ? 1 : 10, forMs)
  } finally {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
