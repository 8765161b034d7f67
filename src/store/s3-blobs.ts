/**
 * Bytes in a bucket that speaks Amazon S3's REST protocol (AWS, MinIO, Aliyun OSS, Tencent COS), signed with SigV4.
 * Source: docs.aws.amazon.com Amazon S3 API Reference: PutObject, GetObject, DeleteObject, Error responses.
 */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import type { BlobStore } from '../core/blobs.ts'
import { TongdaError } from '../core/errors.ts'

/** A bucket and the key to it. */
export interface S3Options {
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** The bucket's name stands in the path, else before the host's name. */
  readonly pathStyle: boolean
  /** Milliseconds one try may take. Default 20 000. */
  readonly timeoutMs?: number
  /** Pauses before further tries. Default 0.2 s and 1 s. */
  readonly retryMs?: readonly number[]
}

interface Answer {
  readonly status: number
  readonly bytes: Uint8Array
}

/** No file of ours is larger; what a wrong server sends beyond it is not read. */
const maxBytes = 110_000_000
const passing: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])

const urlOf = ({ endpoint, bucket, pathStyle }: S3Options, key: string): string => {
  const url = new URL(endpoint)
  if (pathStyle) url.pathname = `/${bucket}/${key}`
  else {
    url.hostname = `${bucket}.${url.hostname}`
    url.pathname = `/${key}`
  }
  return url.href
}

const readAll = async (response: Response): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  let size = 0
  const body: AsyncIterable<Uint8Array> | readonly Uint8Array[] = response.body ?? []
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > maxBytes) throw new Error(`the answer is over ${String(maxBytes)} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

const codeOf = ({ bytes }: Answer): string =>
  /<Code>(\w{1,64})<\/Code>/.exec(Buffer.from(bytes.subarray(0, 4_096)).toString('utf8'))?.[1] ?? ''

/** What to do about a refusal, by S3's word for it or the HTTP status. */
const advice = (code: string, status: number): string => {
  if (code === 'NoSuchBucket') return 'create the bucket, or correct media.s3.bucket'
  if (code === 'SignatureDoesNotMatch' || code === 'InvalidAccessKeyId')
    return 'correct media.s3.accessKeyId and media.s3.secretAccessKey'
  if (code === 'RequestTimeTooSkewed') return 'correct the clock of this machine'
  if (status === 403) return 'allow the key to put, get and delete objects of the bucket'
  if (status >= 300 && status < 400) return 'correct media.s3.endpoint and media.s3.region'
  return status >= 500 || passing.has(status)
    ? 'the storage is not well; look at it'
    : 'compare media.s3 with the settings of the bucket'
}

const refusal = (act: string, bucket: string, answer: Answer): TongdaError => {
  const code = codeOf(answer)
  const { status } = answer
  return new TongdaError(
    'media_unavailable',
    `bucket ${bucket}: a file could not be ${act} (HTTP ${String(status)}${code === '' ? '' : ` ${code}`}); ${advice(code, status)}`,
    { bucket, status, ...(code === '' ? {} : { providerCode: code }) },
  )
}

const createCall = (options: S3Options) => {
  const { region, accessKeyId, secretAccessKey, timeoutMs = 20_000, retryMs = [200, 1_000] } = options
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 })
  const once = async (method: string, key: string, body: Uint8Array<ArrayBuffer>): Promise<Answer> => {
    const response = await client.fetch(urlOf(options, key), {
      method,
      // Signed with the content, so that bytes changed on the way are refused by the storage.
      headers: { 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') },
      ...(method === 'PUT' ? { body } : {}),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    return { status: response.status, bytes: await readAll(response) }
  }
  /** Every act may be repeated: the same bytes under the same key. */
  return async (method: string, key: string, body = new Uint8Array(0)): Promise<Answer> => {
    for (const pauseMs of retryMs) {
      const answer = await once(method, key, body).catch(() => undefined)
      if (answer !== undefined && !passing.has(answer.status)) return answer
      await sleep(pauseMs)
    }
    return once(method, key, body).catch((error: unknown) => {
      throw new TongdaError(
        'media_unavailable',
        `the storage at ${new URL(options.endpoint).host} does not answer; look at it, or correct media.s3.endpoint`,
        { endpoint: options.endpoint },
        error,
      )
    })
  }
}

/** Bytes in a bucket, one object a key. */
export const createS3Blobs = (options: S3Options): BlobStore => {
  const call = createCall(options)
  const { bucket } = options
  return {
    put: async (key, bytes) => {
      const answer = await call('PUT', key, new Uint8Array(bytes))
      if (answer.status !== 200) throw refusal('written', bucket, answer)
    },
    get: async (key) => {
      const answer = await call('GET', key)
      if (answer.status === 200) return answer.bytes
      if (answer.status === 404 && codeOf(answer) !== 'NoSuchBucket') return undefined
      throw refusal('read', bucket, answer)
    },
    delete: async (key) => {
      const answer = await call('DELETE', key)
      const isGone = answer.status === 404 && codeOf(answer) !== 'NoSuchBucket'
      if (answer.status !== 204 && answer.status !== 200 && !isGone) throw refusal('deleted', bucket, answer)
    },
  }
}
