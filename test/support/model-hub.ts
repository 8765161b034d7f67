import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { networkFile } from '../../src/encoder/model-folder.ts'
import { tinyModel } from './tiny-encoder.ts'

/** One request as the hub saw it. */
export interface HubRequest {
  readonly path: string
  readonly range: string | undefined
}

/** What goes wrong at the hub. */
export interface HubFaults {
  /** Answers for the network that break off after so many bytes, one after the other. */
  breakAfter?: number[]
  /** The file that such bytes go to; the line breaks once they are there. */
  part?: string
  /** Size that the hub claims for the network. */
  claimedSize?: number
  /** Changes the network's bytes after their SHA-256 was told. */
  spoil?: boolean
  /** Answers with this status. */
  status?: number
  /** Where the network's store is said to be. */
  store?: string
  /** The name of the store's version. */
  etag?: string
  /** Files beside the model's. */
  files?: Record<string, string>
}

/** A hub of models on this machine, with the redirects and headers of the real one; it has `tests/tiny`. */
export interface ModelHub {
  readonly url: string
  readonly requests: readonly HubRequest[]
  faults: HubFaults
  close(): Promise<void>
}

export const hubCommit = 'c0ffee0123456789c0ffee0123456789c0ffee01'

const fileOf = (file: string, { files }: HubFaults): Buffer | undefined => {
  const own = files?.[file]
  if (own !== undefined) return Buffer.from(own)
  const path = join(tinyModel, file)
  return file !== 'tongda.json' && existsSync(path) ? readFileSync(path) : undefined
}

const sizeOf = (path: string | undefined): number =>
  path !== undefined && existsSync(path) ? statSync(path).size : 0

const breakOff = async (response: ServerResponse, when: () => boolean): Promise<void> => {
  while (!when()) await pause(5)
  response.destroy()
}

/** Sends a file or the rest of it, as a store does that knows ranges. */
const send = (request: IncomingMessage, response: ServerResponse, bytes: Buffer, faults: HubFaults): void => {
  const etag = `"${faults.etag ?? 'version-1'}"`
  const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]
  const from = asked !== undefined && request.headers['if-range'] === etag ? Number(asked) : 0
  const breakAt = faults.breakAfter?.shift()
  response.writeHead(from > 0 ? 206 : 200, {
    etag,
    'content-length': bytes.length - from,
    ...(from > 0
      ? { 'content-range': `bytes ${String(from)}-${String(bytes.length - 1)}/${String(bytes.length)}` }
      : {}),
  })
  if (breakAt === undefined) {
    response.end(bytes.subarray(from))
    return
  }
  response.flushHeaders()
  if (breakAt > 0) response.write(bytes.subarray(from, from + breakAt))
  void breakOff(response, () => sizeOf(faults.part) >= from + breakAt)
}

const answer = (request: IncomingMessage, response: ServerResponse, faults: HubFaults): void => {
  const path = request.url ?? ''
  const network = fileOf(networkFile, faults) ?? Buffer.alloc(0)
  if (path === '/store/network') {
    send(request, response, faults.spoil === true ? Buffer.from(network).fill(0, 100, 200) : network, faults)
    return
  }
  const file = /^\/tests\/tiny\/resolve\/(?:main|c0ffee\w+)\/(.+)$/.exec(path)?.[1]
  const bytes = file === undefined ? undefined : fileOf(file, faults)
  if (faults.status !== undefined || bytes === undefined) {
    response.writeHead(faults.status ?? 404).end()
    return
  }
  response.setHeader('x-repo-commit', hubCommit)
  if (file !== networkFile) {
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
    return
  }
  response
    .writeHead(302, {
      location: faults.store ?? '/store/network',
      'x-linked-size': faults.claimedSize ?? bytes.length,
      'x-linked-etag': `"${createHash('sha256').update(bytes).digest('hex')}"`,
    })
    .end()
}

/** Starts one. */
export const startModelHub = async (): Promise<ModelHub> => {
  const requests: HubRequest[] = []
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', range: request.headers.range })
    answer(request, response, hub.faults)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Listening on a port: never a pipe's name.
  const { port } = server.address() as AddressInfo
  const hub: ModelHub = {
    url: `http://127.0.0.1:${String(port)}`,
    requests,
    faults: {},
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return hub
}
