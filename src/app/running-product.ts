import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { AuditLog } from '../core/audit.ts'
import type { HolidayStore } from '../core/calendar.ts'
import type { DeadLetters } from '../core/dead-letters.ts'
import { TongdaError } from '../core/errors.ts'
import type { InboxTraffic } from '../core/inbox.ts'
import type { JobWatch } from '../core/jobs.ts'
import {
  AddedPerson,
  ControlAddress,
  controlFile,
  ControlRefusal,
  ControlStatus,
  CreatedKey,
  DeadJobsAnswer,
  DepthAnswer,
  HolidaysAnswer,
  InboxesAnswer,
  KeysAnswer,
  LinkAnswer,
  PeopleAnswer,
  PersonAnswer,
  RevokedKey,
  TrafficAnswer,
  VerdictAnswer,
  type ControlRequest,
} from './control-protocol.ts'
import { remoteLetters } from './control-letters.ts'
import { remotePrivacy, type PrivacyTool } from './control-privacy.ts'
import type { KeyRing } from './key-ring.ts'
import type { KnowledgeTerminal } from './knowledge-lines.ts'
import {
  AppliedImportAnswer,
  ExportAnswer,
  ReadImportAnswer,
  VersionAnswer,
  VersionsAnswer,
} from './knowledge-protocol.ts'
import type { People } from './people.ts'

/** The product that holds a data folder, as another process may use it. */
export interface RunningProduct {
  readonly pid: number
  readonly people: People
  readonly keys: KeyRing
  status(): Promise<{ readonly url: string; readonly ready: boolean }>
  /** Copies the embedded database to where a backup is made of it; `backup-copy.ts` says where. */
  copyDatabase(): Promise<void>
  inboxes(): Promise<InboxesAnswer>
  traffic(inboxId: string): Promise<InboxTraffic>
  readonly jobs: JobWatch
  readonly letters: DeadLetters
  readonly holidays: HolidayStore
  readonly audit: Pick<AuditLog, 'verify'>
  readonly privacy: PrivacyTool
  readonly knowledge: KnowledgeTerminal
}

const readAddress = (folder: string): ControlAddress | undefined => {
  try {
    return ControlAddress.parse(JSON.parse(readFileSync(controlFile(folder), 'utf8')))
  } catch {
    // No product of ours, one that is only starting, or another user's.
    return undefined
  }
}

/** Longest wait for an answer: a large import is read row by row, a roll-back looks at every article. */
const patienceMs = 60_000

const unreachable = (pid: number, cause: unknown): TongdaError =>
  new TongdaError(
    'data_folder_locked',
    `占用数据目录的进程 ${String(pid)} 没有回应；稍后再试，或先停止它 process ${String(pid)} holds the data folder and does not answer; try again, or stop it first`,
    { pid },
    cause,
  )

const send = async ({ pid, port, key }: ControlAddress, request: ControlRequest): Promise<unknown> => {
  const response = await fetch(`http://127.0.0.1:${String(port)}/`, {
    method: 'POST',
    redirect: 'error',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(patienceMs),
  }).catch((cause: unknown) => {
    throw unreachable(pid, cause)
  })
  const body: unknown = await response.json().catch((cause: unknown) => {
    throw unreachable(pid, cause)
  })
  if (response.ok) return body
  const refusal = ControlRefusal.safeParse(body)
  if (!refusal.success) throw unreachable(pid, refusal.error)
  const { code, message } = refusal.data
  if (code === 'failed') throw new Error(message)
  throw new TongdaError(code, message)
}

/** Finds the product that holds a data folder; undefined when the holder is none or does not listen yet. */
export const findRunningProduct = (folder: string, holder: unknown): RunningProduct | undefined => {
  const address = readAddress(folder)
  if (address === undefined || address.pid !== holder) return undefined
  const ask = async <T>(schema: z.ZodType<T>, request: ControlRequest): Promise<T> => {
    const parsed = schema.safeParse(await send(address, request))
    if (!parsed.success) throw unreachable(address.pid, parsed.error)
    return parsed.data
  }
  return {
    pid: address.pid,
    status: () => ask(ControlStatus, { act: 'status' }),
    copyDatabase: async () => {
      await ask(z.null(), { act: 'copy-database' })
    },
    inboxes: () => ask(InboxesAnswer, { act: 'list-inboxes' }),
    traffic: (inboxId) => ask(TrafficAnswer, { act: 'inbox-traffic', inboxId }),
    jobs: {
      depth: () => ask(DepthAnswer, { act: 'job-depth' }),
      dead: (limit) => ask(DeadJobsAnswer, { act: 'dead-jobs', limit }),
      replay: (id) => ask(z.boolean(), { act: 'replay-job', id }),
    },
    letters: remoteLetters((schema, request) => ask(schema, { act: 'letters', ask: request })),
    privacy: remotePrivacy((schema, request) => ask(schema, { act: 'privacy', ask: request })),
    audit: {
      verify: (noted) =>
        ask(VerdictAnswer, { act: 'verify-audit', ...(noted === undefined ? {} : { noted }) }),
    },
    knowledge: {
      versions: (limit) => ask(VersionsAnswer, { act: 'list-versions', limit }),
      rollBack: (number, reason) => ask(VersionAnswer, { act: 'roll-back', number, reason }),
      write: async (format) =>
        Buffer.from(await ask(ExportAnswer, { act: 'export-knowledge', format }), 'base64'),
      read: ({ format, name, bytes }) =>
        ask(ReadImportAnswer, {
          ...{ act: 'import-knowledge', format, name },
          base64: Buffer.from(bytes).toString('base64'),
        }),
      apply: (importId, reason) => ask(AppliedImportAnswer, { act: 'apply-import', importId, reason }),
      undo: (importId) => ask(AppliedImportAnswer, { act: 'undo-import', importId }),
    },
    holidays: {
      list: () => ask(HolidaysAnswer, { act: 'list-holidays' }),
      apply: async (change) => {
        await ask(z.null(), { act: 'import-holidays', change })
      },
    },
    people: {
      add: (person) => ask(AddedPerson, { act: 'add-person', ...person }),
      link: (email) => ask(LinkAnswer, { act: 'link-person', email }),
      list: () => ask(PeopleAnswer, { act: 'list-people' }),
      invite: (person) => ask(LinkAnswer, { act: 'invite-person', ...person }),
      resetTotp: (email) => ask(PersonAnswer, { act: 'reset-totp', email }),
    },
    keys: {
      create: (key) => ask(CreatedKey, { act: 'create-key', ...key }),
      list: () => ask(KeysAnswer, { act: 'list-keys' }),
      revoke: (id) => ask(RevokedKey, { act: 'revoke-key', id }),
    },
  }
}
