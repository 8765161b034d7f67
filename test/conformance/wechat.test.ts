import { wechat } from './stages/wechat.ts'
import { itConforms } from './suite.ts'

itConforms('wechat', wechat)
