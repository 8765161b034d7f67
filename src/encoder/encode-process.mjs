// The process that holds the network and turns texts into vectors. Its only partner is `encode-process.ts`, which starts
// it with the model's description as its argument. Plain JavaScript: it starts under every loader of the parent.
import process from 'node:process'
import { AutoModel, AutoTokenizer, env } from '@huggingface/transformers'

const { folder, threads, dimensions, pooling, maxTokens, prefix, lowercase, output } = JSON.parse(
  process.argv[2],
)

// Nothing but the folder is ever read: no hub, no cache.
env.allowRemoteModels = false
env.useFSCache = false

const open = async () => {
  const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true })
  const network = await AutoModel.from_pretrained(folder, {
    local_files_only: true,
    device: 'cpu',
    dtype: 'q8',
    session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
  })
  return { tokenizer, network }
}

/** One vector of the states of a text's tokens. */
const pool = (states, into) => {
  const rows = pooling === 'cls' ? 1 : states.length / dimensions
  for (let row = 0; row < rows; row++)
    for (let at = 0; at < dimensions; at++) into[at] += states[row * dimensions + at]
}

const normalise = (vector) => {
  const length = Math.hypot(...vector)
  if (!(length > 0 && Number.isFinite(length))) throw new Error('the network gave no usable numbers')
  for (let at = 0; at < vector.length; at++) vector[at] /= length
}

// Texts go through the network one by one. Measured: int8 on a CPU gains nothing from several at once, and its rounding
// depends on the whole batch, so that a text's vector would change with its neighbours (cosine 0.99 instead of 1).
const encode = async ({ tokenizer, network }, text, into) => {
  const words = prefix + (lowercase ? text.toLowerCase() : text)
  const outputs = await network(tokenizer([words], { truncation: true, max_length: maxTokens }))
  const tensor = outputs[output]
  if (tensor === undefined)
    throw new Error(`the network has no output ${output} but ${Object.keys(outputs).join(', ')}`)
  const width = tensor.dims.at(-1)
  if (width !== dimensions) throw new Error(`the network gives ${width} numbers, not ${dimensions}`)
  pool(tensor.data, into)
  normalise(into)
}

const encodeAll = async (model, texts) => {
  const vectors = new Float32Array(texts.length * dimensions)
  for (const [place, text] of texts.entries())
    await encode(model, text, vectors.subarray(place * dimensions, (place + 1) * dimensions))
  return vectors
}

const model = open()
process.on('message', async ({ id, texts }) => {
  try {
    process.send({ id, vectors: await encodeAll(await model, texts) })
  } catch (error) {
    process.send({ id, problem: String(error?.message ?? error) })
  }
})
// A parent that went away needs no vectors.
process.once('disconnect', () => process.exit(0))
