import { botframework } from './stages/botframework.ts'
import { itConforms } from './suite.ts'

itConforms('botframework', botframework)
