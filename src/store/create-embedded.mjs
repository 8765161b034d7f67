// The child process of `openEmbedded`: makes the database files in the folder it is given, with the server settings
// it is given. Plain JavaScript, so that it starts under every loader that the parent may run under.
import process from 'node:process'
import { PGlite } from '@electric-sql/pglite'

const [dataDir, ...startParams] = process.argv.slice(2)
const client = await PGlite.create({ dataDir, startParams })
await client.close()
process.exit(0)
