/** The thread in which a part of a training is done. Its only partner is `learn-thread.ts`. */
import { register } from 'tsx/esm/api'

register()
await import('./learn-job.ts')
