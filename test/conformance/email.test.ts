import { email } from './stages/email.ts'
import { itConforms } from './suite.ts'

itConforms('email', email)
