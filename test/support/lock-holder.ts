import { lockDataFolder } from '../../src/store/data-folder-lock.ts'
import { TongdaError } from '../../src/core/errors.ts'

process.on('disconnect', () => process.exit())

// A process that holds the lock of the folder it is given until it is killed.
try {
  await lockDataFolder(process.argv[2] ?? '')
  process.send?.('held')
  setInterval(() => undefined, 1_000)
} catch (error) {
  if (!(error instanceof TongdaError)) throw error
  process.send?.({ code: error.code, pid: error.facts.pid })
}
