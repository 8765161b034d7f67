import { z } from 'zod'

/** Marks a value that is never printed, in any form. */
const secret = { writeOnly: true } as const

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

const isEndpoint = (value: string): boolean => {
  if (!URL.canParse(value)) return false
  const { protocol, hostname, origin } = new URL(value)
  return (protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname))) && origin === value
}

const s3 = z
  .strictObject({
    endpoint: z
      .string()
      .refine(isEndpoint, 'must be https://host[:port] without a path (http for loopback only)')
      .optional()
      .meta({ examples: ['https://s3.cn-north-1.amazonaws.com.cn'] })
      .describe('Address of the S3-compatible storage. Required with store: s3.'),
    region: z
      .string()
      .regex(/^[\w-]{1,64}$/, 'must be letters, digits and hyphens')
      .default('us-east-1')
      .describe(
        'Region that requests are signed for. Default us-east-1, which MinIO takes; a wrong one is refused.',
      ),
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be 3–63 lower-case letters, digits, dots, hyphens')
      .optional()
      .describe('Bucket of the files; it must exist and be private. Required with store: s3.'),
    accessKeyId: z
      .string()
      .min(1)
      .optional()
      .meta(secret)
      .describe('Access key that may put, get and delete objects. Required with store: s3.'),
    secretAccessKey: z
      .string()
      .min(1)
      .optional()
      .meta(secret)
      .describe('Secret of the access key. Required with store: s3.'),
    pathStyle: z
      .boolean()
      .default(true)
      .describe(
        'true: the bucket stands in the path (MinIO, AWS). false: before the host name (Aliyun OSS, Tencent COS). Default true.',
      ),
  })
  .prefault({})

/** Where files are kept, how large one may be, how long links to them live. */
export const mediaConfig = z
  .strictObject({
    maxBytes: z.coerce
      .number()
      .int()
      .min(1)
      .max(104_857_600)
      .default(20_971_520)
      .describe(
        'Largest file taken from a contact or an agent, in bytes. Default 20971520 (20 MB); larger ones of contacts are named, not stored.',
      ),
    linkDays: z.coerce
      .number()
      .int()
      .min(1)
      .max(365)
      .default(7)
      .describe(
        'Days a link to a file works, where a channel cannot send the file itself. Default 7. Who has the link has the file until then.',
      ),
    store: z
      .enum(['folder', 's3'])
      .default('folder')
      .describe(
        'Where the bytes of files lie. Default folder: dataDir/media. s3: a bucket. A change moves nothing: copy the files yourself.',
      ),
    s3,
  })
  .superRefine(({ store, s3: bucket }, context) => {
    if (store !== 's3') return
    for (const key of ['endpoint', 'bucket', 'accessKeyId', 'secretAccessKey'] as const)
      if (bucket[key] === undefined)
        context.addIssue({ code: 'custom', path: ['s3', key], message: 'is needed with store: s3' })
  })
export type MediaConfig = z.infer<typeof mediaConfig>
