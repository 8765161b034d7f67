import { describe } from 'vitest'
import { itTellsSendsLeft } from '../contract/sends-left.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('sends left, on the embedded database', () => itTellsSendsLeft(openTestEmbedded))
describeWith('postgres', 'sends left, on PostgreSQL', (url) => itTellsSendsLeft(() => openTestPostgres(url)))
