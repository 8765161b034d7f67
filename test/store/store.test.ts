import { describe } from 'vitest'
import { itIsAConversationStore } from '../contract/conversation-store.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('the embedded database', () => itIsAConversationStore(openTestEmbedded))
describeWith('postgres', 'PostgreSQL', (url) => itIsAConversationStore(() => openTestPostgres(url)))
