import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** Runs one statement as the owner of the PostgreSQL server at `server`. */
export const asOwner = async (server: string, statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

/** The address of the database `name` on the same server. */
export const databaseOn = (server: string, name: string): string => {
  const address = new URL(server)
  address.pathname = `/${name}`
  return address.href
}

/** Runs `work` with the URL of a fresh database on the PostgreSQL server at `url`, which is dropped afterwards. */
export const withOwnDatabase = async (url: string, work: (own: string) => Promise<void>): Promise<void> => {
  const name = `tongda_bench_${randomUUID().replaceAll('-', '')}`
  await asOwner(url, `create database ${name}`)
  try {
    await work(databaseOn(url, name))
  } finally {
    await asOwner(url, `drop database ${name} with (force)`)
  }
}
