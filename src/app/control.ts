import { rmSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { actAs, commandLine } from '../core/acting.ts'
import type { AuditLog } from '../core/audit.ts'
import type { HolidayStore } from '../core/calendar.ts'
import type { DeadLetters } from '../core/dead-letters.ts'
import { TongdaError } from '../core/errors.ts'
import type { InboxStatus, InboxTraffic } from '../core/inbox.ts'
import type { JobWatch } from '../core/jobs.ts'
import type { Logger } from '../core/log.ts'
import { sameSecret } from '../core/same-secret.ts'
import { readBody } from '../http/body.ts'
import { createToken } from '../http/sign-in/tokens.ts'
import {
  controlFile,
  ControlRefusal,
  ControlRequest,
  maxControlBytes,
  type ControlAddress,
} from './control-protocol.ts'
import { performLetters } from './control-letters.ts'
import { performPrivacy, type PrivacyTool } from './control-privacy.ts'
import type { KeyRing } from './key-ring.ts'
import type { KnowledgeTerminal } from './knowledge-lines.ts'
import type { People } from './people.ts'

/** What a running product lets its own command line do. */
export interface ControlOptions {
  readonly folder: string
  readonly people: People
  readonly keys: KeyRing
  readonly status: () => Promise<{ readonly url: string; readonly ready: boolean }>
  readonly inboxes: () => Promise<readonly InboxStatus[]>
  readonly traffic: (inboxId: string) => Promise<InboxTraffic>
  readonly jobs: JobWatch
  readonly letters: DeadLetters
  /** Copies the database of this moment to where a backup is made of it. */
  readonly copyDatabase: () => Promise<void>
  readonly holidays: HolidayStore
  readonly audit: Pick<AuditLog, 'verify'>
  readonly privacy: PrivacyTool
  readonly knowledge: KnowledgeTerminal
  readonly log: Logger
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

const refuse = (status: number, code: ControlRefusal['code'], message: string): Answer => ({
  status,
  body: { code, message } satisfies ControlRefusal,
})

const perform = (request: ControlRequest, options: ControlOptions): Promise<unknown> => {
  const { people, keys, jobs, knowledge, holidays } = options
  switch (request.act) {
    case 'status':
      return options.status()
    case 'add-person':
      return people.add(request)
    case 'link-person':
      return people.link(request.email)
    case 'list-people':
      return people.list()
    case 'invite-person':
      return people.invite(request)
    case 'reset-totp':
      return people.resetTotp(request.email)
    case 'create-key':
      return keys.create(request)
    case 'list-keys':
      return keys.list()
    case 'revoke-key':
      return keys.revoke(request.id)
    case 'verify-audit':
      return options.audit.verify(request.noted)
    case 'copy-database':
      return options.copyDatabase().then(() => null)
    case 'list-inboxes':
      return options.inboxes()
    case 'inbox-traffic':
      return options.traffic(request.inboxId)
    case 'job-depth':
      return jobs.depth()
    case 'dead-jobs':
      return jobs.dead(request.limit)
    case 'replay-job':
      return jobs.replay(request.id)
    case 'letters':
      return performLetters(request.ask, options.letters)
    case 'privacy':
      return performPrivacy(request.ask, options.privacy)
    case 'list-versions':
      return knowledge.versions(request.limit)
    case 'roll-back':
      return knowledge.rollBack(request.number, request.reason)
    case 'export-knowledge':
      return knowledge.write(request.format).then((bytes) => Buffer.from(bytes).toString('base64'))
    case 'import-knowledge':
      return knowledge.read({ ...request, bytes: Buffer.from(request.base64, 'base64') })
    case 'apply-import':
      return knowledge.apply(request.importId, request.reason)
    case 'undo-import':
      return knowledge.undo(request.importId)
    case 'list-holidays':
      return holidays.list()
    case 'import-holidays':
      // The answer is JSON, which knows no undefined.
      return holidays.apply(request.change).then(() => null)
    default:
      return request satisfies never
  }
}

const parse = (bytes: Buffer): ControlRequest | undefined => {
  try {
    return ControlRequest.parse(JSON.parse(bytes.toString('utf8')))
  } catch {
    return undefined
  }
}

const refusalOf = (error: unknown, log: Logger): Answer => {
  const code = error instanceof TongdaError ? ControlRefusal.shape.code.safeParse(error.code) : undefined
  if (error instanceof TongdaError && code?.success === true) return refuse(409, code.data, error.message)
  log.error({ error }, 'a request of the command line failed')
  return refuse(500, 'failed', '正在运行的产品没能完成，见它的日志 the running product failed; see its log')
}

const answer = async (incoming: IncomingMessage, key: string, options: ControlOptions): Promise<Answer> => {
  // Before anything is read: who cannot read the data folder learns nothing, not even what a fault looks like.
  if (!sameSecret(incoming.headers.authorization ?? '', `Bearer ${key}`))
    return refuse(401, 'unauthenticated', 'unauthenticated')
  const body = await readBody(incoming, maxControlBytes)
  const request = body.kind === 'read' ? parse(body.bytes) : undefined
  if (request === undefined) {
    return refuse(
      400,
      'bad_input',
      '正在运行的产品看不懂这个请求，版本可能不同；请重启它 the running product does not understand this, it may be of another version; restart it',
    )
  }
  options.log.info({ act: request.act }, 'asked by the command line')
  try {
    return { status: 200, body: await actAs(commandLine, () => perform(request, options)) }
  } catch (error) {
    return refusalOf(error, options.log)
  }
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('the control server has no port'))
      else resolve(address.port)
    })
  })

/** Renamed when whole, and for this user only: the key lets whoever holds it in. */
const writeAddress = async (folder: string, address: ControlAddress): Promise<void> => {
  const path = controlFile(folder)
  rmSync(`${path}.part`, { force: true })
  await writeFile(`${path}.part`, JSON.stringify(address), { mode: 0o600, flag: 'wx' })
  await rename(`${path}.part`, path)
}

/**
 * Listens on loopback for the product's own command line, which cannot open the embedded database while the product
 * holds it. The key is new at each start. Returns the end of it.
 */
export const startControl = async (options: ControlOptions): Promise<() => void> => {
  const key = createToken()
  const server = createServer((incoming, outgoing) => {
    void answer(incoming, key, options).then(({ status, body }) => {
      outgoing.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
      outgoing.end(JSON.stringify(body))
    })
  })
  server.requestTimeout = 10_000
  const port = await listen(server)
  await writeAddress(options.folder, { pid: process.pid, port, key })
  return () => {
    rmSync(controlFile(options.folder), { force: true })
    server.close()
    server.closeAllConnections()
  }
}
