// What `tongda/client` is to compilers.
import type { Client } from 'openapi-fetch'
import type { paths } from './schema.ts'

export type { components, paths } from './schema.ts'

/** Where a Tongda runs, and a key of its API. */
export interface TongdaOptions {
  /** As browsers reach it, e.g. `https://support.example.com`. */
  readonly url: string
  /** `tk_…`; made with `tongda key create`. */
  readonly key: string
}

/** A typed client of the public API. Answers are `{ data, error, response }`; a refusal is a problem in `error`. */
export declare const createTongda: (options: TongdaOptions) => Client<paths>
