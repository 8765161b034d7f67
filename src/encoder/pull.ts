import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { EnvHttpProxyAgent, type Dispatcher } from 'undici'
import { z } from 'zod'
import { TongdaError } from '../core/errors.ts'
import { download, isSafeAddress } from './download.ts'
import { findKnownModel } from './known-models.ts'
import {
  type ModelDescription,
  type ModelFolder,
  descriptionFile,
  networkFile,
  readModelFolder,
  sha256Of,
} from './model-folder.ts'

/** What to fetch, from where, to where. */
export interface PullOptions {
  /** `owner/name` on the hub, or the name of a known model. */
  readonly model: string
  readonly mirror: string
  /** Folder of pulled models. */
  readonly folder: string
  /** Largest size of the network. */
  readonly maxBytes: number
  /** For a model whose card alone says so. */
  readonly how?: Partial<Pick<ModelDescription, 'pooling' | 'prefix' | 'lowercase'>>
  /** Whether one that is there is replaced. */
  readonly force?: boolean
  readonly onProgress?: (file: string, bytes: number, total: number | undefined) => void
}

const repositoryName = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/
const smallBytes = 64_000_000
/** More is never needed for what people write to a brand, and costs time. */
const mostTokens = 512

const badInput = (message: string): TongdaError => new TongdaError('bad_input', message)

/** What the makers' `config.json` says, as far as we read it. */
const networkConfig = z.looseObject({
  model_type: z.string(),
  hidden_size: z.int(),
  max_position_embeddings: z.int().optional(),
})
const tokenizerConfig = z.looseObject({ model_max_length: z.number().optional() })
/** Where the makers used sentence-transformers, how states become a vector. */
const poolingConfig = z.looseObject({
  pooling_mode_cls_token: z.boolean(),
  pooling_mode_mean_tokens: z.boolean(),
})

const readJson = async <Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> => {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : 'it is not JSON'
    throw new TongdaError('encoder_unavailable', `${path} cannot be used: ${why}; choose another model`)
  }
}

/** Fetches files of one repository into one folder, all of the commit that the first one came from. */
const createFetch = (options: PullOptions, repository: string, draft: string, dispatcher: Dispatcher) => {
  let revision = 'main'
  const fetchFile = async (file: string, maxBytes = smallBytes): Promise<void> => {
    const target = join(draft, file)
    await mkdir(dirname(target), { recursive: true })
    const fetched = await download({
      url: `${options.mirror.replace(/\/+$/, '')}/${repository}/resolve/${revision}/${file}`,
      target,
      maxBytes,
      dispatcher,
      onProgress: (bytes, total) => options.onProgress?.(file, bytes, total),
    })
    if (revision === 'main') revision = fetched.revision ?? revision
  }
  return {
    file: fetchFile,
    /** False when the repository has none. */
    optional: async (file: string): Promise<boolean> => {
      try {
        await fetchFile(file)
        return true
      } catch (error) {
        if (error instanceof TongdaError && error.code === 'not_found') return false
        throw error
      }
    },
    revision: () => revision,
  }
}

const askedPooling = async (
  draft: string,
  fetch: ReturnType<typeof createFetch>,
): Promise<'cls' | 'mean' | undefined> => {
  const file = '1_Pooling/config.json'
  if (!(await fetch.optional(file))) return undefined
  const modes = await readJson(join(draft, file), poolingConfig)
  await rm(join(draft, dirname(file)), { recursive: true, force: true })
  if (modes.pooling_mode_cls_token) return 'cls'
  return modes.pooling_mode_mean_tokens ? 'mean' : undefined
}

/** Tokens a text may have: RoBERTa's kin count positions from two. */
const tokensOf = (
  { model_type, max_position_embeddings = mostTokens }: z.infer<typeof networkConfig>,
  { model_max_length = mostTokens }: z.infer<typeof tokenizerConfig>,
): number => {
  const positions = max_position_embeddings - (model_type.includes('roberta') ? 2 : 0)
  return Math.max(8, Math.min(mostTokens, positions, model_max_length))
}

const fetchNetwork = async (
  fetch: ReturnType<typeof createFetch>,
  repository: string,
  maxBytes: number,
): Promise<void> => {
  try {
    await fetch.file(networkFile, maxBytes)
  } catch (error) {
    if (!(error instanceof TongdaError && error.code === 'not_found')) throw error
    throw new TongdaError(
      'not_found',
      `${repository} has no ${networkFile}; choose a repository with quantised ONNX files, most of those of Xenova and onnx-community: tongda models list`,
    )
  }
}

const describe = async (
  options: PullOptions,
  { repository, draft, fetch }: { repository: string; draft: string; fetch: ReturnType<typeof createFetch> },
): Promise<ModelDescription> => {
  const network = await readJson(join(draft, 'config.json'), networkConfig)
  const tokenizer = await readJson(join(draft, 'tokenizer_config.json'), tokenizerConfig)
  const known = findKnownModel(repository)
  const pooling = options.how?.pooling ?? known?.how.pooling ?? (await askedPooling(draft, fetch))
  if (pooling === undefined)
    throw badInput(
      `${repository} does not say how its states become a vector; look at its card and add --pooling cls or --pooling mean`,
    )
  return {
    name: repository.split('/')[1] ?? repository,
    version: fetch.revision().slice(0, 12),
    dimensions: network.hidden_size,
    pooling,
    maxTokens: tokensOf(network, tokenizer),
    prefix: options.how?.prefix ?? known?.how.prefix ?? '',
    lowercase: options.how?.lowercase ?? known?.how.lowercase ?? false,
    output: 'last_hidden_state',
    together: false,
    sha256: '',
    ...(known === undefined ? {} : { licence: known.licence }),
    source: { repository, revision: fetch.revision() },
  }
}

const fill = async (options: PullOptions, repository: string, draft: string): Promise<void> => {
  const dispatcher = new EnvHttpProxyAgent({ connect: { timeout: 10_000 } })
  try {
    const fetch = createFetch(options, repository, draft, dispatcher)
    for (const file of ['config.json', 'tokenizer_config.json', 'tokenizer.json']) await fetch.file(file)
    const description = await describe(options, { repository, draft, fetch })
    await fetchNetwork(fetch, repository, options.maxBytes)
    const sha256 = await sha256Of(join(draft, networkFile))
    const tokenizerSha256 = await sha256Of(join(draft, 'tokenizer.json'))
    await writeFile(
      join(draft, descriptionFile),
      `${JSON.stringify({ ...description, sha256, tokenizerSha256 }, undefined, 2)}\n`,
    )
  } finally {
    await dispatcher.close()
  }
}

/**
 * Fetches a model of the hub: into a folder beside, which an interrupted pull goes on with, then renamed whole. One that
 * is there and sound is left as it is. Throws `bad_input`, `not_found` and `encoder_unavailable`.
 */
export const pullModel = async (options: PullOptions): Promise<ModelFolder> => {
  const repository = findKnownModel(options.model)?.repository ?? options.model
  if (!repositoryName.test(repository))
    throw badInput(`${options.model} is no repository; write owner/name, e.g. Xenova/bge-small-zh-v1.5`)
  if (!isSafeAddress(options.mirror))
    throw badInput(`${options.mirror} is refused: encoder.mirror must be https`)
  const root = resolve(options.folder)
  const target = join(root, ...repository.split('/'))
  const fix = `run tongda models pull ${repository} --force`
  if (existsSync(target) && options.force !== true) return readModelFolder(target, fix)
  const draft = join(root, '.pulling', ...repository.split('/'))
  await mkdir(draft, { recursive: true })
  await fill(options, repository, draft)
  await readModelFolder(draft, fix)
  await mkdir(dirname(target), { recursive: true })
  await rm(target, { recursive: true, force: true })
  await rename(draft, target)
  return readModelFolder(target, fix)
}
