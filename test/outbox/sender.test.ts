import { describe } from 'vitest'
import { itSendsAtAPace } from '../contract/sender.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('the sender on the embedded database', () => itSendsAtAPace(openTestEmbedded))
describeWith('postgres', 'the sender on PostgreSQL', (url) => itSendsAtAPace(() => openTestPostgres(url)))
