import { describe } from 'vitest'
import { itKeepsSignIn } from '../contract/sign-in.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('signing in on the embedded database', () => itKeepsSignIn(openTestEmbedded))
describeWith('postgres', 'signing in on PostgreSQL', (url) => itKeepsSignIn(() => openTestPostgres(url)))
