import { createHash } from 'node:crypto'
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import type { CaseEvidence, ComplaintCase } from '../core/complaint.ts'
import type { Message } from '../core/conversation.ts'
import type { MediaStore } from '../core/media.ts'

/** What the archive is filled from. */
export interface ArchiveGround {
  readonly media: Pick<MediaStore, 'find'>
  /** What was said in the ticket's conversation, oldest first, page by page. */
  readonly messages: (conversationId: string) => AsyncIterable<readonly Message[]>
}

/** A file of the archive. */
interface Entry {
  readonly name: string
  readonly bytes: Uint8Array
}

/** A line of the manifest. */
interface Listed {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

const endings: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
  'audio/mpeg': 'mp3',
  'video/mp4': 'mp4',
}

/** A name of ours: what a stranger called the file stands in the manifest only. */
const nameOf = ({ id, contentType }: CaseEvidence): string =>
  `evidence/${id}.${endings[contentType] ?? 'bin'}`

const listed = ({ name, bytes }: Entry): Listed => ({
  name,
  bytes: bytes.byteLength,
  sha256: createHash('sha256').update(bytes).digest('hex'),
})

const json = (name: string, value: unknown): Entry => ({
  name,
  bytes: new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`),
})

const said = async (ground: ArchiveGround, conversationId: string): Promise<readonly Message[]> => {
  const all: Message[] = []
  for await (const page of ground.messages(conversationId)) all.push(...page)
  return all
}

/** The files in order. The manifest comes last, because it holds the hashes of all others. */
async function* entriesOf(found: ComplaintCase, ground: ArchiveGround, now: Date): AsyncGenerator<Entry> {
  const { timeline, evidence, ...rest } = found
  const files: Listed[] = []
  const missing: string[] = []
  for (const one of evidence) {
    const kept = await ground.media.find(one.mediaId)
    if (kept === undefined) {
      missing.push(one.id)
      continue
    }
    const entry = { name: nameOf(one), bytes: kept.bytes }
    files.push(listed(entry))
    yield entry
  }
  const texts = [
    json('case.json', { ...rest, evidence: evidence.map((one) => ({ ...one, file: nameOf(one) })) }),
    json('timeline.json', timeline),
    json('messages.json', await said(ground, found.conversationId)),
  ]
  for (const entry of texts) {
    files.push(listed(entry))
    yield entry
  }
  const { id: caseId, ticketNumber, version } = found
  yield json('manifest.json', { caseId, ticketNumber, version, madeAt: now, files, missing })
}

/** One file at a time is in memory. What comes compressed is not compressed again. */
const addEntry = (zip: Zip, { name, bytes }: Entry): void => {
  const file = name.endsWith('.json') ? new ZipDeflate(name) : new ZipPassThrough(name)
  zip.add(file)
  file.push(bytes, true)
}

/** The whole case as a ZIP that is made while it is read. */
export const archiveOf = (
  found: ComplaintCase,
  ground: ArchiveGround,
  now: Date,
): ReadableStream<Uint8Array> => {
  const entries = entriesOf(found, ground, now)
  let zip: Zip | undefined
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      zip = new Zip((error, chunk, final) => {
        if (error !== null) {
          controller.error(error)
          return
        }
        controller.enqueue(chunk)
        if (final) controller.close()
      })
    },
    pull: async () => {
      const next = await entries.next()
      if (zip === undefined) return
      if (next.done === true) zip.end()
      else addEntry(zip, next.value)
    },
    cancel: async () => {
      zip?.terminate()
      await entries.return(undefined)
    },
  })
}
