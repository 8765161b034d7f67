// The thread that holds the embedded database, so that its work does not stop the product's. Statements come as
// messages and are answered in the order they came. Plain JavaScript: it starts under every loader of the parent.
import { constants, cpSync, mkdirSync, renameSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

const { dataDir, startParams } = workerData
const client = await PGlite.create({ dataDir, startParams })

// PGlite plans every statement anew, which costs most of the time of the large ones: measured, accepting a message
// takes 0.7 ms prepared and 3 ms not. There is one session, so a name holds for its whole life.
const names = new Map()
const prepared = async (text) => {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = `tongda_${names.size + 1}`
  await client.query(`prepare ${name} as ${text}`)
  names.set(text, name)
  return name
}

const work = {
  /** A statement with its parameters as SQL literals; without parameters as it stands. */
  query: async ({ text, literals }) =>
    (await client.query(literals === undefined ? text : `execute ${await prepared(text)}(${literals})`)).rows,
  /** Several statements, without parameters. */
  script: async ({ text }) => {
    await client.exec(text)
    return []
  },
  migrate: async ({ folder }) => {
    // Loaded where it is used: most starts have nothing to migrate.
    const { drizzle } = await import('drizzle-orm/pglite')
    const { migrate } = await import('drizzle-orm/pglite/migrator')
    await migrate(drizzle(client), { migrationsFolder: folder })
    return []
  },
  /** Everything is on its pages first, so that the copy has nothing to recover; renamed when whole. */
  copy: async ({ folder }) => {
    await client.exec('checkpoint')
    mkdirSync(`${folder}.part`, { mode: 0o700 })
    cpSync(dataDir, `${folder}.part`, { recursive: true, mode: constants.COPYFILE_FICLONE })
    renameSync(`${folder}.part`, folder)
    return []
  },
  close: async () => {
    await client.close()
    return []
  },
}

let last = Promise.resolve()
parentPort.on('message', ({ id, kind, ...job }) => {
  last = last.then(async () => {
    try {
      parentPort.postMessage({ id, rows: await work[kind](job) })
    } catch (error) {
      parentPort.postMessage({ id, error: { message: error.message, code: error.code } })
    }
  })
})
parentPort.postMessage({ ready: true })
