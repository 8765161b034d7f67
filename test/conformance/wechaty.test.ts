import { describeWith } from '../support/services.ts'
import { wechaty } from './stages/wechaty.ts'
import { itConforms } from './suite.ts'

describeWith('wechaty-bridge', 'personal WeChat', (bridgeDir) => itConforms('wechaty', wechaty(bridgeDir)))
