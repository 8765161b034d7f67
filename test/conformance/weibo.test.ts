import { weibo } from './stages/weibo.ts'
import { itConforms } from './suite.ts'

itConforms('weibo', weibo)
