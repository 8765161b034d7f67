import { describe } from 'vitest'
import { itKeepsWebhooks } from '../contract/webhook-store.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('webhooks on the embedded database', () => itKeepsWebhooks(openTestEmbedded))
describeWith('postgres', 'webhooks on PostgreSQL', (url) => itKeepsWebhooks(() => openTestPostgres(url)))
