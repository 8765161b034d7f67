import type { ChannelModule } from '../../src/core/channel.ts'
import { createApi } from './channel.ts'
import { checkCredentials } from './check-credentials.ts'
import { apiConfig } from './manifest.ts'
import type { ApiConfig } from './manifest.ts'

export { inboundBody } from './message-schema.ts'
export { outboundBody } from './encode.ts'

/** A signed HTTP channel for whatever else the brand has: forum, hotline, a system of its own. */
export const api: ChannelModule<ApiConfig> = {
  name: 'api',
  config: apiConfig,
  create: createApi,
  checkCredentials,
}
