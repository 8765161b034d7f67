import { polledTelegram, telegram } from './stages/telegram.ts'
import { itConforms } from './suite.ts'

itConforms('telegram', telegram)
itConforms('telegram', polledTelegram, {
  name: 'polling',
  cases: ['question', 'out-of-order', 'api-500', 'lost-connection'],
})
