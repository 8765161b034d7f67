import { web } from './stages/web.ts'
import { itConforms } from './suite.ts'

itConforms('web', web)
