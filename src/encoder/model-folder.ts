import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { TongdaError } from '../core/errors.ts'

/** The quantised network of a model folder. */
export const networkFile = 'onnx/model_quantized.onnx'
/** Our own description of a model, beside the files that the network's makers know. */
export const descriptionFile = 'tongda.json'
const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', networkFile] as const

/** What `tongda.json` says: how texts become vectors with this network. */
export const modelDescription = z.object({
  name: z.string().regex(/^[\w.-]+$/, 'must be letters, digits, dots, hyphens and underscores'),
  version: z.string().min(1),
  dimensions: z.int().min(8).max(8_192),
  /** How a text's states become one vector: the first one, or their mean. Of no meaning to a finished `sentence_embedding`. */
  pooling: z.enum(['cls', 'mean']).default('mean'),
  /** Tokens a text may have; what is beyond is cut off. */
  maxTokens: z.int().min(8).max(8_192),
  /** Set before every text, as some models were trained. */
  prefix: z.string().max(500).default(''),
  /** Texts are made lower-case first: for a vocabulary of lower-case words whose tokenizer does not do so itself. */
  lowercase: z.boolean().default(false),
  /** The network's output to read. */
  output: z.enum(['last_hidden_state', 'sentence_embedding']).default('last_hidden_state'),
  /**
   * Whether texts of one length may go through the network together, which is quicker: only where its rounding never looks
   * at more than one token, so that a text has the same vector in any company.
   */
  together: z.boolean().default(false),
  /** SHA-256 of the network's file. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits, lower-case'),
  /** SHA-256 of `tokenizer.json`: other letters give other vectors. Unchecked where it is left out. */
  tokenizerSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits, lower-case')
    .optional(),
  licence: z.string().optional(),
  /** Where it was fetched from. */
  source: z.object({ repository: z.string(), revision: z.string() }).optional(),
})
export type ModelDescription = z.infer<typeof modelDescription>

/** A model folder that was looked through. */
export interface ModelFolder {
  readonly folder: string
  readonly description: ModelDescription
  /** Names everything that vectors depend on. */
  readonly version: string
}

const fault = (what: string, fix: string): TongdaError =>
  new TongdaError('encoder_unavailable', `${what}; ${fix}`)

/** SHA-256 of a file as hexadecimal digits. */
export const sha256Of = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 })) {
    if (Buffer.isBuffer(chunk)) hash.update(chunk)
  }
  return hash.digest('hex')
}

const readDescription = async (folder: string, fix: string): Promise<ModelDescription> => {
  const path = join(folder, descriptionFile)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) throw fault(`${path} is missing`, fix)
  try {
    return modelDescription.parse(JSON.parse(text))
  } catch (error) {
    throw fault(`${path} ${error instanceof z.ZodError ? z.prettifyError(error) : 'is not JSON'}`, fix)
  }
}

const versionOf = async (folder: string, description: ModelDescription): Promise<string> => {
  const { name, version, dimensions, pooling, maxTokens, prefix, lowercase, output, sha256 } = description
  const tokenizer = await sha256Of(join(folder, 'tokenizer.json'))
  const facts = [sha256, tokenizer, dimensions, pooling, maxTokens, prefix, lowercase, output]
  const hash = createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 12)
  return `${name}@${version}-${hash}`
}

/**
 * Looks a model folder through: all files there, the description right, the bytes of network and tokenizer those that it names.
 * Throws `encoder_unavailable` naming the file and `fix`, a sentence's second half that says what to do.
 */
export const readModelFolder = async (given: string, fix: string): Promise<ModelFolder> => {
  const folder = resolve(given)
  if (!existsSync(folder)) throw fault(`there is no model folder ${folder}`, fix)
  const description = await readDescription(folder, fix)
  for (const name of files) {
    if (!existsSync(join(folder, name))) throw fault(`${join(folder, name)} is missing`, fix)
  }
  const sums = [
    [networkFile, description.sha256],
    ['tokenizer.json', description.tokenizerSha256],
  ] as const
  for (const [name, sum] of sums) {
    const path = join(folder, name)
    if (sum !== undefined && (await sha256Of(path)) !== sum)
      throw fault(`${path} is damaged (its SHA-256 is not the one in ${descriptionFile})`, fix)
  }
  return { folder, description, version: await versionOf(folder, description) }
}
