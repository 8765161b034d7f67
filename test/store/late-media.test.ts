import { describe } from 'vitest'
import { itKeepsLateMedia } from '../contract/late-media.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('late files on the embedded database', () => itKeepsLateMedia(openTestEmbedded))
describeWith('postgres', 'late files on PostgreSQL', (url) => itKeepsLateMedia(() => openTestPostgres(url)))
