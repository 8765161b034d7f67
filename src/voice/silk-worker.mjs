// Decodes one SILK recording in a thread of its own: a minute takes a fifth of a second, and what is damaged may take as
// long as it likes until the parent ends it. Plain JavaScript: it starts under every loader of the parent.
import { parentPort, workerData } from 'node:worker_threads'
import { decode } from 'silk-wasm'

const { bytes, sampleRate } = workerData
// What cannot be decoded fails in many ways, all of them the same to who asked.
const data = await decode(bytes, sampleRate).then(
  (decoded) => decoded.data,
  () => undefined,
)
parentPort.postMessage(data)
