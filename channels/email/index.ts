import type { ChannelModule } from '../../src/core/channel.ts'
import { createEmail } from './channel.ts'
import { checkCredentials } from './check-credentials.ts'
import type { EmailConfig } from './manifest.ts'
import { emailConfig } from './manifest.ts'

export type { EmailConfig } from './manifest.ts'
export { cleanPage } from './clean-page.ts'

/** Mail: IMAP or LMTP in, SMTP out. */
export const email: ChannelModule<EmailConfig> = {
  name: 'email',
  config: emailConfig,
  create: createEmail,
  checkCredentials,
}
