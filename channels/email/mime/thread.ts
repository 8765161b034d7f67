/** What the reading thread does with each mail it is handed. */
import { parentPort } from 'node:worker_threads'
import { MailFault } from './fault.ts'
import type { MailFaultCode } from './fault.ts'
import type { ParsedMail } from './mail.ts'
import { parseMail } from './parse.ts'

/** A raw mail to read. */
export interface ParseJob {
  readonly id: number
  readonly raw: Uint8Array
}

/** What became of it. */
export type ParseAnswer = { readonly id: number } & (
  { readonly mail: ParsedMail } | { readonly fault: MailFaultCode }
)

const read = async ({ id, raw }: ParseJob): Promise<ParseAnswer> => {
  try {
    return { id, mail: await parseMail(raw) }
  } catch (error) {
    return { id, fault: error instanceof MailFault ? error.code : 'unreadable' }
  }
}

parentPort?.on('message', (job: ParseJob) => {
  void read(job).then((answer) => parentPort?.postMessage(answer))
})
