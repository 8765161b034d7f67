import { telegram } from './stages/telegram.ts'
import { itConforms } from './suite.ts'

itConforms('telegram', telegram)
