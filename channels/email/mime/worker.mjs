/** The thread in which mails are read. Its only partner is `parser.ts`. */
import { register } from 'tsx/esm/api'

register()
await import('./thread.ts')
