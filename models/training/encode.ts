/**
 * Encodes texts as the product does, for export.py: the folder of a model as argument, a JSON list of texts on standard
 * input; the numbers of the vectors go to standard output as little-endian floats.
 */
import { json } from 'node:stream/consumers'
import { z } from 'zod'
import { silentLog } from '../../src/core/log.ts'
import { openEncoder, readModelFolder } from '../../src/encoder/index.ts'

const folder = z.string().parse(process.argv[2])
const texts = z.array(z.string()).parse(await json(process.stdin))
const model = await readModelFolder(folder, 'export it again')
const encoder = await openEncoder({ model, log: silentLog })
for (const vector of await encoder.encode(texts))
  process.stdout.write(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength))
await encoder.stop()
