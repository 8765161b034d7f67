// The process that holds the network and turns texts into vectors. Its only partner is `encode-process.ts`, which starts
// it with the model's description as its argument. Plain JavaScript: it starts under every loader of the parent.
import process from 'node:process'
import { AutoModel, AutoTokenizer, Tensor, env } from '@huggingface/transformers'

const { folder, threads, dimensions, pooling, maxTokens, prefix, lowercase, output, together } = JSON.parse(
  process.argv[2],
)
/** Tokens that go through the network together; more gain nothing. */
const mostTokens = 256

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

/** The numbers the network reads of a text: ids, mask and the like, each a list as long as the text has tokens. */
const read = (tokenizer, text) =>
  tokenizer(prefix + (lowercase ? text.toLowerCase() : text), {
    truncation: true,
    max_length: maxTokens,
    return_tensor: false,
  })

// An int8 network usually rounds by the whole batch: a text's vector would change with its neighbours (cosine 0.99
// instead of 1). Then texts go one by one. Where rounding looks at one token alone, those of one length go together;
// nothing is padded.
const groupsOf = (inputs) => {
  const groups = []
  const open = new Map()
  for (const [place, { input_ids }] of inputs.entries()) {
    const group = open.get(input_ids.length)
    if (together && group !== undefined && (group.length + 1) * input_ids.length <= mostTokens)
      group.push(place)
    else {
      const next = [place]
      groups.push(next)
      open.set(input_ids.length, next)
    }
  }
  return groups
}

const tensorsOf = (inputs) =>
  Object.fromEntries(
    Object.keys(inputs[0]).map((name) => {
      const rows = inputs.map((input) => input[name])
      return [
        name,
        new Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0].length]),
      ]
    }),
  )

const runNetwork = async (network, inputs) => {
  const outputs = await network(tensorsOf(inputs))
  const tensor = outputs[output]
  if (tensor === undefined)
    throw new Error(`the network has no output ${output} but ${Object.keys(outputs).join(', ')}`)
  const width = tensor.dims.at(-1)
  if (width !== dimensions) throw new Error(`the network gives ${width} numbers, not ${dimensions}`)
  return tensor.data
}

const encodeAll = async ({ tokenizer, network }, texts) => {
  const vectors = new Float32Array(texts.length * dimensions)
  const inputs = texts.map((text) => read(tokenizer, text))
  for (const places of groupsOf(inputs)) {
    const states = await runNetwork(
      network,
      places.map((place) => inputs[place]),
    )
    const each = states.length / places.length
    for (const [at, place] of places.entries()) {
      const vector = vectors.subarray(place * dimensions, (place + 1) * dimensions)
      pool(states.subarray(at * each, (at + 1) * each), vector)
      normalise(vector)
    }
  }
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
// Signals to the whole group, such as Ctrl-C in a terminal, are the parent's to act on; it ends this process itself.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined)
// A parent that went away needs no vectors.
process.once('disconnect', () => process.exit(0))
