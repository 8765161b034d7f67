import { wecom } from './stages/wecom.ts'
import { itConforms } from './suite.ts'

itConforms('wecom', wecom)
