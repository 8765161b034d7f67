import { forum } from './stages/api.ts'
import { itConforms } from './suite.ts'

itConforms('api', forum)
