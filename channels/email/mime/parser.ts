/** Reads mails in a thread of its own, one after another, each within a limit of time and memory. */
import { Worker } from 'node:worker_threads'
import { MailFault } from './fault.ts'
import type { ParsedMail } from './mail.ts'
import type { ParseAnswer, ParseJob } from './thread.ts'
import { mimeLimits } from './tree.ts'

export interface MailParser {
  /** Rejects with `MailFault` when the mail cannot be read; the next one can. */
  parse(raw: Uint8Array): Promise<ParsedMail>
  close(): Promise<void>
}

/** Loading the thread's code is not the mail's time. */
const startMs = 30_000

const startThread = () => {
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  })
  const ready = new Promise<void>((resolve) => {
    // The first job waits in the port until the code is there.
    worker.once('online', resolve)
    worker.once('error', () => resolve())
  })
  return { worker, ready }
}

/** A parser of its own, whose thread starts with the first mail. `timeoutMs`: longest time for one mail. */
export const createMailParser = (timeoutMs = 10_000): MailParser => {
  let thread: ReturnType<typeof startThread> | undefined
  let warm = false
  let lastId = 0
  let queue: Promise<unknown> = Promise.resolve()

  const end = async (): Promise<void> => {
    const ending = thread?.worker
    thread = undefined
    warm = false
    await ending?.terminate()
  }

  const ask = async (raw: Uint8Array): Promise<ParsedMail> => {
    thread ??= startThread()
    const { worker, ready } = thread
    worker.ref()
    await ready
    const id = (lastId += 1)
    const answer = await new Promise<ParseAnswer>((resolve) => {
      const done = (result: ParseAnswer): void => {
        clearTimeout(timer)
        worker.off('message', onMessage)
        worker.off('error', onEnd)
        worker.off('exit', onEnd)
        // An idle thread keeps no process alive.
        worker.unref()
        resolve(result)
      }
      const onMessage = (result: ParseAnswer): void => {
        if (result.id === id) done(result)
      }
      const onEnd = (): void => done({ id, fault: 'unreadable' })
      const timer = setTimeout(() => done({ id, fault: 'timeout' }), warm ? timeoutMs : timeoutMs + startMs)
      worker.on('message', onMessage)
      worker.on('error', onEnd)
      worker.on('exit', onEnd)
      worker.postMessage({ id, raw } satisfies ParseJob)
    })
    if ('mail' in answer) {
      warm = true
      return answer.mail
    }
    // A thread that was too slow or fell over is not asked again.
    if (answer.fault === 'timeout' || answer.fault === 'unreadable') await end()
    throw new MailFault(answer.fault)
  }

  return {
    parse: (raw) => {
      if (raw.byteLength > mimeLimits.bytes) return Promise.reject(new MailFault('too_large'))
      const asked = queue.then(() => ask(raw))
      queue = asked.catch(() => undefined)
      return asked
    },
    close: async () => {
      await queue
      await end()
    },
  }
}

/** The process's own parser: one thread for all inboxes, kept once it runs. */
export const sharedMailParser: MailParser = createMailParser()
