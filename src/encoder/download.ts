/**
 * Fetches one file of a hub, going on where an earlier try broke off. The hub's headers are those of
 * https://huggingface.co/docs/hub and its client: a redirect to the store names size and SHA-256 of a large file.
 */
import { createWriteStream, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { type Dispatcher, request } from 'undici'
import { TongdaError } from '../core/errors.ts'
import { sha256Of } from './model-folder.ts'

/** One file to fetch. */
export interface Download {
  readonly url: string
  /** Where it goes; what came so far lies beside it, under `.part`. */
  readonly target: string
  /** Largest size that is taken. */
  readonly maxBytes: number
  readonly dispatcher: Dispatcher
  readonly onProgress: (bytes: number, total: number | undefined) => void
}

/** What is known of a fetched file. */
export interface Downloaded {
  readonly bytes: number
  /** The commit it is of, where the hub says so. */
  readonly revision: string | undefined
}

type Answer = Dispatcher.ResponseData

interface Source {
  readonly answer: Answer
  readonly revision: string | undefined
  readonly sha256: string | undefined
  readonly size: number | undefined
}

const tries = 5
const firstPauseMs = 500
const mostRedirects = 5
/** What undici says of a line that broke, and the statuses that another try may mend. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504])

const failure = (message: string): TongdaError => new TongdaError('encoder_unavailable', message)

/** A line that broke or a server that is busy: worth another try. */
class Interrupted extends Error {}

const isLoopback = ({ hostname }: URL): boolean => /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)

/** Whether an address may be asked: https, and http on this machine alone. */
export const isSafeAddress = (address: string): boolean => {
  if (!URL.canParse(address)) return false
  const url = new URL(address)
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))
}

const headerOf = ({ headers }: Answer, name: string): string | undefined => {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

const sizeIn = (text: string | undefined): number | undefined => {
  const size = Number(text ?? Number.NaN)
  return Number.isSafeInteger(size) && size >= 0 ? size : undefined
}

const shaIn = (etag: string | undefined): string | undefined =>
  /^(?:W\/)?"?([0-9a-f]{64})"?$/.exec(etag ?? '')?.[1]

const ask = async (
  { dispatcher }: Download,
  url: string,
  headers: Record<string, string>,
): Promise<Answer> => {
  try {
    return await request(url, { dispatcher, headers, headersTimeout: 30_000, bodyTimeout: 60_000 })
  } catch (error) {
    throw new Interrupted(error instanceof Error ? error.message : String(error))
  }
}

/** Follows redirects to the file itself, keeping what the hub said on the way. */
const open = async (download: Download, headers: Record<string, string>): Promise<Source> => {
  let url = download.url
  let facts: Omit<Source, 'answer'> = { revision: undefined, sha256: undefined, size: undefined }
  for (let hop = 0; hop <= mostRedirects; hop++) {
    if (!isSafeAddress(url)) throw failure(`${url} is refused: only https is fetched`)
    const answer = await ask(download, url, headers)
    facts = {
      revision: facts.revision ?? headerOf(answer, 'x-repo-commit'),
      sha256: facts.sha256 ?? shaIn(headerOf(answer, 'x-linked-etag')),
      size: facts.size ?? sizeIn(headerOf(answer, 'x-linked-size')),
    }
    const location = headerOf(answer, 'location')
    if (answer.statusCode < 300 || answer.statusCode >= 400 || location === undefined)
      return { answer, ...facts }
    await answer.body.dump()
    url = new URL(location, url).href
  }
  throw failure(`${download.url} redirects too often; try another encoder.mirror`)
}

const partOf = ({ target }: Download): string => `${target}.part`
/** Names the version that a part is of, so that nothing is put together from two. */
const tagOf = (download: Download): string => `${partOf(download)}.tag`

const resumeHeaders = (
  download: Download,
): { readonly from: number; readonly headers: Record<string, string> } => {
  const plain = { 'accept-encoding': 'identity' }
  if (!existsSync(partOf(download)) || !existsSync(tagOf(download))) return { from: 0, headers: plain }
  const from = statSync(partOf(download)).size
  const tag = readFileSync(tagOf(download), 'utf8')
  return from === 0
    ? { from, headers: plain }
    : { from, headers: { ...plain, range: `bytes=${String(from)}-`, 'if-range': tag } }
}

const forget = (download: Download): void => {
  for (const path of [partOf(download), tagOf(download)]) rmSync(path, { force: true })
}

const refuse = (download: Download, { statusCode }: Answer): Error => {
  if (passing.has(statusCode)) return new Interrupted(`HTTP ${String(statusCode)}`)
  if (statusCode === 404) return new TongdaError('not_found', `${download.url} does not exist (404)`)
  if (statusCode === 401 || statusCode === 403)
    return failure(
      `${download.url} may not be fetched (${String(statusCode)}): the repository does not exist, or needs its licence accepted; choose another`,
    )
  return failure(`${download.url} was answered with HTTP ${String(statusCode)}; try another encoder.mirror`)
}

/** Size of the whole file by one answer, on which the hub and its store must agree. */
const totalOf = ({ url }: Download, { answer, size }: Source, from: number): number | undefined => {
  const rest = sizeIn(headerOf(answer, 'content-length'))
  const length = rest === undefined ? undefined : from + rest
  if (size !== undefined && length !== undefined && size !== length)
    throw failure(
      `${url} has the wrong size (${String(length)} bytes, not ${String(size)}); run it again, or try another encoder.mirror`,
    )
  return length ?? size
}

const tooLarge = (download: Download): TongdaError =>
  failure(
    `${download.url} is larger than ${String(Math.round(download.maxBytes / 1_000_000))} MB; allow more with --max-mb`,
  )

const receive = async (download: Download, source: Source, from: number): Promise<number> => {
  const total = totalOf(download, source, from)
  if ((total ?? 0) > download.maxBytes) throw tooLarge(download)
  let bytes = from
  const count = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length
      download.onProgress(bytes, total)
      if (bytes > download.maxBytes) done(tooLarge(download))
      else done(null, chunk)
    },
  })
  try {
    await pipeline(
      source.answer.body,
      count,
      createWriteStream(partOf(download), { flags: from > 0 ? 'a' : 'w' }),
    )
  } catch (error) {
    if (error instanceof TongdaError) throw error
    // A full disk or a folder that cannot be written is no fault of the line.
    if (error instanceof Error && 'syscall' in error && error.syscall === 'write') throw error
    throw new Interrupted(error instanceof Error ? error.message : String(error))
  }
  if (total !== undefined && bytes < total)
    throw new Interrupted(`${String(bytes)} of ${String(total)} bytes came`)
  return bytes
}

/** The byte that a partial answer begins with; 0 when the whole file comes. */
const startOf = (answer: Answer): number =>
  answer.statusCode === 206
    ? Number(/^bytes (\d+)-/.exec(headerOf(answer, 'content-range') ?? '')?.[1] ?? Number.NaN)
    : 0

const attempt = async (download: Download): Promise<Downloaded> => {
  const { from: have, headers } = resumeHeaders(download)
  const source = await open(download, headers)
  const { answer } = source
  const from = startOf(answer)
  if (answer.statusCode === 416 || (from !== 0 && from !== have)) {
    await answer.body.dump()
    forget(download)
    throw new Interrupted('what came before does not fit')
  }
  if (answer.statusCode !== 200 && answer.statusCode !== 206) {
    await answer.body.dump()
    throw refuse(download, answer)
  }
  const tag = headerOf(answer, 'etag')
  if (from === 0) forget(download)
  if (tag !== undefined && !tag.startsWith('W/')) writeFileSync(tagOf(download), tag)
  const bytes = await receive(download, source, from)
  if (source.sha256 !== undefined && (await sha256Of(partOf(download))) !== source.sha256) {
    forget(download)
    throw failure(
      `${download.url} came damaged (SHA-256 is not what the hub says); run it again, or try another encoder.mirror`,
    )
  }
  await rename(partOf(download), download.target)
  forget(download)
  return { bytes, revision: source.revision }
}

/**
 * Fetches a file; a broken line is tried again and goes on where it broke, also at the next call. Throws `not_found`,
 * and `encoder_unavailable` when the file is too large, damaged, refused or out of reach.
 */
export const download = async (wanted: Download): Promise<Downloaded> => {
  for (let count = 1; ; count++) {
    try {
      return await attempt(wanted)
    } catch (error) {
      if (!(error instanceof Interrupted)) {
        if (error instanceof TongdaError) forget(wanted)
        throw error
      }
      if (count === tries)
        throw failure(
          `${wanted.url} could not be fetched: ${error.message}; run it again to go on, or set encoder.mirror (e.g. https://hf-mirror.com) or HTTPS_PROXY`,
        )
      await pause(firstPauseMs * 2 ** (count - 1))
    }
  }
}
