import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** How each channel fares with 10 000 mutated inputs, in a process of its own that may collect its garbage. */
export const channelParsers = async (): Promise<void> => {
  const child = fork(fileURLToPath(new URL('./parse-mutated.ts', import.meta.url)), [], {
    execArgv: [...process.execArgv, '--expose-gc'],
  })
  await once(child, 'exit')
  if (child.exitCode !== 0) process.exitCode = 1
}
