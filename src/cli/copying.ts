import type { Progress } from '../backup/index.ts'
import type { WaitingWork } from '../core/copying.ts'

/** Tells on a terminal how far copying is, on one line that moves; says nothing elsewhere. */
export const createCopyProgress = (): { readonly tell: Progress; readonly end: () => void } => {
  const { stderr } = process
  let saidAt = 0
  const clear = (): void => {
    if (stderr.isTTY && saidAt > 0) stderr.write('\r\u001B[K')
  }
  return {
    tell: (step) => {
      if (!stderr.isTTY || performance.now() - saidAt < 200) return
      saidAt = performance.now()
      const text = 'files' in step ? `文件 files ${String(step.files)}` : `${step.table} ${String(step.rows)}`
      stderr.write(`\r\u001B[K  ${text}`)
    },
    end: clear,
  }
}

/** What the copy will do by itself once the product runs on it. */
export const waitingLine = ({ messages, webhooks, jobs }: WaitingWork): string =>
  `未发出的消息 messages not sent yet: ${String(messages)}; webhooks ${String(webhooks)}; 后台任务 background jobs ${String(jobs)}`
