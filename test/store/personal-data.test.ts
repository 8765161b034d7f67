import { describe } from 'vitest'
import { itKeepsPersonalData } from '../contract/personal-data.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('personal data on the embedded database', () => itKeepsPersonalData(openTestEmbedded))
describeWith('postgres', 'personal data on PostgreSQL', (url) => itKeepsPersonalData(() => openTestPostgres(url)))
