/**
 * The one client for addresses that others name: webhooks, links to files. A name is resolved once, every address it
 * has is checked, and the connection goes to a checked address; redirects are answers like any other.
 */
import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { Agent, request } from 'undici'
import type { Fetched, FetchLimits } from './fetch-limited.ts'
import { createDeadline, FetchError } from './fetch-limited.ts'
import type { OutgoingPolicy } from './outgoing-address.ts'
import { AddressRefused, createAddressCheck } from './outgoing-address.ts'

/** One call. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** Calls addresses that others name. */
export interface Outgoing {
  /**
   * Makes one call and reads its answer to the end; default limits 10 s, 1 MB. Redirects are not followed.
   * Throws `AddressRefused`, or `FetchError` when no answer came.
   */
  call(address: string, request: OutgoingRequest, limits?: Partial<FetchLimits>): Promise<Fetched>
  /** Ends idle connections; calls under way fail. */
  close(): Promise<void>
}

export interface OutgoingOptions {
  readonly policy: OutgoingPolicy
  /** All addresses of a host name. Default: this machine's resolver. */
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>
}

const defaultLimits: FetchLimits = { timeoutMs: 10_000, maxBytes: 1_048_576 }

const systemResolve = (hostname: string): Promise<readonly LookupAddress[]> =>
  lookup(hostname, { all: true }).catch(() => [])

const toHeaders = (headers: NodeJS.Dict<string | string[]>): Headers =>
  new Headers(
    Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )

const readAll = async (body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    // Leaving the loop destroys the stream: no more of it is read.
    if (bytes > maxBytes) throw new FetchError('too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes)
}

/** The cause of a failed connection, when it was our own refusal. */
const refusalIn = (error: unknown): AddressRefused | undefined => {
  if (error instanceof AddressRefused) return error
  return error instanceof Error && error.cause !== undefined ? refusalIn(error.cause) : undefined
}

/** Makes the client. */
export const createOutgoing = ({ policy, resolve = systemResolve }: OutgoingOptions): Outgoing => {
  const check = createAddressCheck(policy)
  const checkedLookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        try {
          const addresses = [...found]
          check.resolved(
            hostname,
            addresses.map(({ address }) => address),
          )
          const [first] = addresses
          if (options.all === true) callback(null, addresses)
          else if (first !== undefined) callback(null, first.address, first.family)
        } catch (error) {
          callback(error instanceof Error ? error : new AddressRefused('not_public'), '', 0)
        }
      },
      () => callback(new AddressRefused('not_found'), '', 0),
    )
  }
  const agent = new Agent({ connect: { lookup: checkedLookup, timeout: 5_000 }, keepAliveTimeout: 4_000 })
  return {
    call: async (address, { method, headers = {}, body }, limits = {}) => {
      const url = check.read(address)
      const { timeoutMs, maxBytes, signal } = { ...defaultLimits, ...limits }
      const deadline = createDeadline(timeoutMs, signal)
      try {
        const answer = await request(url, {
          dispatcher: agent,
          method,
          headers: { 'accept-encoding': 'identity', ...headers },
          signal: deadline.signal,
          ...(body === undefined ? {} : { body }),
        })
        const bytes = await readAll(answer.body, maxBytes)
        return { status: answer.statusCode, headers: toHeaders(answer.headers), bytes }
      } catch (error) {
        if (error instanceof FetchError) throw error
        throw refusalIn(error) ?? new FetchError(deadline.timedOut() ? 'timeout' : 'network')
      } finally {
        deadline.clear()
      }
    },
    close: () => agent.destroy(),
  }
}
