import { describe } from 'vitest'
import { itIsAnAuditLog } from '../contract/audit-log.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('the audit log on the embedded database', () => itIsAnAuditLog(openTestEmbedded))
describeWith('postgres', 'the audit log on PostgreSQL', (url) => itIsAnAuditLog(() => openTestPostgres(url)))
