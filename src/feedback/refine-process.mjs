// The process that looks at all themes anew. Its only partner is `refine-process.ts`, which sends it one task. Plain
// JavaScript: it starts under every loader of the parent, and brings the loader that reads the rest along.
import process from 'node:process'
import { register } from 'tsx/esm/api'

register()
const { refineTask } = await import('./refine-task.ts')

process.on('disconnect', () => process.exit(0))
process.once('message', (task) => {
  try {
    process.send({ refined: refineTask(task) })
  } catch (error) {
    process.send({ problem: error instanceof Error ? error.message : String(error) })
  }
})
