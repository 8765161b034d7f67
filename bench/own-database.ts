import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** Runs `work` with the URL of a fresh database on the PostgreSQL server at `url`, which is dropped afterwards. */
export const withOwnDatabase = async (url: string, work: (own: string) => Promise<void>): Promise<void> => {
  const name = `tongda_bench_${randomUUID().replaceAll('-', '')}`
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(`create database ${name}`)
  const own = new URL(url)
  own.pathname = `/${name}`
  try {
    await work(own.href)
  } finally {
    await admin.query(`drop database ${name} with (force)`)
    await admin.end()
  }
}
